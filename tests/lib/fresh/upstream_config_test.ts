import assert from "node:assert/strict";

async function readConfig(name: string): Promise<Record<string, unknown>> {
  const url = new URL(`../../../${name}`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

Deno.test("deno.upstream.json is deno.json with Fresh from JSR", async () => {
  const { lock: _lock, imports, ...own } = await readConfig("deno.json");
  const upstream = await readConfig("deno.upstream.json");
  const others = Object.entries(imports as Record<string, string>).filter((
    [name],
  ) => !/^fresh(\/|$)/.test(name));
  assert.deepEqual(upstream, {
    ...own,
    // The committed lock file is frozen, and that of an install without JSR.
    lock: false,
    imports: {
      ...Object.fromEntries(others),
      fresh: "jsr:@fresh/core@^2.3.3",
    },
  });
});
