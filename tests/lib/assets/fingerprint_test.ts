import { equal, notEqual } from "node:assert/strict";
import { join } from "node:path";
import { fingerprint } from "@/lib/assets/fingerprint.ts";

/** A project of two files in a directory of its own. */
async function project(): Promise<AsyncDisposable & { root: string }> {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(join(root, "routes/a"), { recursive: true });
  await Deno.writeTextFile(join(root, "routes/a/b.ts"), "1");
  await Deno.writeTextFile(join(root, "main.ts"), "2");
  return {
    root,
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

const PATHS = ["routes", "main.ts", "not-there"];

Deno.test("fingerprint() stays the same while nothing changes", async () => {
  await using here = await project();
  await using there = await project();
  equal(
    await fingerprint(here.root, PATHS),
    await fingerprint(there.root, PATHS),
  );
});

const changes: [name: string, change: (root: string) => Promise<void>][] = [
  [
    "another content",
    (root) => Deno.writeTextFile(join(root, "routes/a/b.ts"), "3"),
  ],
  ["a new file", (root) => Deno.writeTextFile(join(root, "routes/a/c.ts"), "")],
  [
    "a new name",
    (root) =>
      Deno.rename(join(root, "routes/a/b.ts"), join(root, "routes/b.ts")),
  ],
  ["a missing file", (root) => Deno.remove(join(root, "main.ts"))],
];
for (const [name, change] of changes) {
  Deno.test(`fingerprint() notices ${name}`, async () => {
    await using here = await project();
    const before = await fingerprint(here.root, PATHS);
    await change(here.root);
    notEqual(await fingerprint(here.root, PATHS), before);
  });
}
