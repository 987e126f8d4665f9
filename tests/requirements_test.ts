import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** How many rows each of the three systems of the mission has. */
const ROWS = { S1: 35, S2: 34, S3: 49 };

const ROW = /\b(S[123])\.(\d+)(?:–\1\.(\d+))?/g;

/** Every row a text names; `S3.4–S3.8` names five. */
function rowsIn(text: string): Set<string> {
  const rows = new Set<string>();
  for (const [, system, first, last] of text.matchAll(ROW)) {
    for (let n = Number(first); n <= Number(last ?? first); n++) {
      rows.add(`${system}.${n}`);
    }
  }
  return rows;
}

/** The names of all tests and steps: the first argument of `Deno.test` and `t.step`. */
async function testNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) names.push(...await testNames(path));
    else if (/_test\.tsx?$/.test(name)) {
      const text = await Deno.readTextFile(path);
      for (
        const [, said] of text.matchAll(
          /(?:Deno\.test|\bstep)\(\s*(["'`][^\n]*)/g,
        )
      ) names.push(said!);
      // Tables of cases keep the row in a constant that the name is made of.
      for (const [, row] of text.matchAll(/^\s*\w+: "(S[123]\.\d+)",$/gm)) {
        names.push(row!);
      }
    }
  }
  return names;
}

Deno.test("every row of the mission has a test named after it, or is listed as not met in the README", async () => {
  const tested = rowsIn((await testNames(join(root, "tests"))).join("\n"));
  const readme = await Deno.readTextFile(join(root, "README.md"));
  const section = readme.split("## Requirement rows not met yet")[1] ?? "";
  const listed = rowsIn(
    section.split("Partly met")[0]!.split("\n| rows")[1] ?? "",
  );
  const all = Object.entries(ROWS).flatMap(([system, count]) =>
    Array.from({ length: count }, (_, i) => `${system}.${i + 1}`)
  );
  assert.deepEqual(
    all.filter((row) => !tested.has(row) && !listed.has(row)),
    [],
    "neither tested nor listed",
  );
  assert.deepEqual(
    all.filter((row) => tested.has(row) && listed.has(row)),
    [],
    "tested, and still listed as not met",
  );
});
