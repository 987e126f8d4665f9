import assert from "node:assert/strict";
import { measureCommits } from "@/bench/commits.ts";
import type { Row } from "@/bench/row.ts";
import { measureScripts } from "@/bench/scripts.ts";
import { compare, median } from "@/bench/support/compare.ts";
import { formatTable } from "@/bench/support/table.ts";

function assertMeasured(rows: Row[]): void {
  for (const { what, measured, reference, ratio } of rows) {
    for (const value of [measured, reference, ratio]) {
      assert(Number.isFinite(value) && value > 0, `${what}: ${value}`);
    }
  }
}

Deno.test("the commits of sessions can be measured", async () => {
  const rows = await measureCommits({ sessions: 2, rounds: 1, atOnce: [1, 2] });
  assert.equal(rows.length, 2);
  assertMeasured(rows);
});

Deno.test("the scripts of the built pages can be measured", async () => {
  const rows = await measureScripts();
  assertMeasured(rows);
  const [any, patient, call] = rows.map(({ measured }) => measured);
  // Anything less, and no page was followed to its scripts.
  assert(patient! > 3_000 && any! >= patient!, `${patient} and ${any}`);
  assert(call! > 50_000, String(call));
});

Deno.test("two things are measured in turns, and the ratio is that of neighbours", async () => {
  const order: string[] = [];
  const answers = { a: [4, 4, 40, 40], b: [2, 2, 20, 20] };
  const take = (name: "a" | "b") => () => {
    order.push(name);
    return Promise.resolve(answers[name].shift()!);
  };
  const { measured, reference, ratio } = await compare(2, take("a"), take("b"));
  assert.equal(order.join(""), "abbaabba");
  assert.deepEqual([measured, reference, ratio], [22, 11, 2]);
  assert.equal(median([3, 1, 2]), 2);
});

Deno.test("the table says which targets are missed", () => {
  const row: Row = {
    what: "pages",
    unit: "requests/s",
    measured: 1234.5,
    reference: 9,
    ratio: 0.5,
    target: { atLeast: 0.6 },
    note: "hello",
  };
  const table = formatTable([row, {
    ...row,
    target: { atMost: 0.6 },
  }]);
  assert.deepEqual(table.split("\n").map((line) => line.split(/ {2,}/)), [
    ["what", "measured", "reference", "ratio", "target", "ok?"],
    [
      "pages",
      "1,235 requests/s",
      "9 requests/s hello",
      "0.50",
      "≥ 0.6",
      "NO",
    ],
    [
      "pages",
      "1,235 requests/s",
      "9 requests/s hello",
      "0.50",
      "≤ 0.6",
      "yes",
    ],
  ]);
});
