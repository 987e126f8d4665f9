/** The README of the emulator says what is there, and names tests that exist. */
import { createCore } from "@/lib/twilio_emulator/core.ts";
import { ROUTES } from "@/lib/twilio_emulator/rest/routes.ts";
import { resolveSettings } from "@/lib/twilio_emulator/settings.ts";
import assert from "node:assert/strict";
import { ACCOUNT } from "./harness.ts";

const readme = await Deno.readTextFile(
  new URL("../../../lib/twilio_emulator/README.md", import.meta.url),
);

/** Every row that names a test, with what it quotes of it. */
const NAMED = [...readme.matchAll(/`(\w+_test\.ts)`((?:,? "[^"]+")*)/g)]
  .map(([, file, quotes]) => ({
    file: file!,
    quotes: [...quotes!.matchAll(/"([^"]+)"/g)].map(([, quote]) => quote!),
  }));

Deno.test("README: the tests it names exist", async () => {
  assert.ok(NAMED.length > 50);
  for (const { file, quotes } of NAMED) {
    const text = await Deno.readTextFile(new URL(file, import.meta.url));
    for (const quote of quotes) {
      assert.ok(text.includes(quote), `${file} has no test "${quote}"`);
    }
  }
});

Deno.test("README: no route is missing", () => {
  for (const [path] of ROUTES) {
    assert.ok(readme.includes(`\`${path}\``), `${path} is missing`);
  }
});

Deno.test("README: no option is missing", () => {
  const settings = resolveSettings({ accounts: [ACCOUNT] });
  for (const option of Object.keys(settings)) {
    assert.ok(readme.includes(`\`${option}\``), `${option} is missing`);
  }
});

Deno.test("README: no fault is missing", () => {
  const core = createCore(resolveSettings({ accounts: [ACCOUNT] }));
  const { rest: _rest, ...groups } = core.faults.state;
  for (const [group, value] of Object.entries(groups)) {
    assert.ok(readme.includes(`\`${group}: `), `${group} is missing`);
    for (const name of typeof value === "object" ? Object.keys(value) : []) {
      assert.match(readme, new RegExp(`\`${group}: \\{[^\`]*\\b${name}\\b`));
    }
  }
});
