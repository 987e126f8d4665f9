import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import type { CallView } from "@/lib/calls/view.ts";
import {
  GONE_MS,
  nextRows,
  type Row,
  rowsOf,
  standing,
} from "@/lib/ui/calls/queue_rows.ts";

const calls = (ids: string) => [...ids].map((id) => ({ id }) as CallView);

/** The rows in short: those that are gone in brackets. */
function told(rows: readonly Row[]): string {
  return rows.map(({ call, gone }) => gone === null ? call.id : `(${call.id})`)
    .join("");
}

const taken = (ids: string) => [...ids].map((id) => ({ id, taken: true }));

Deno.test("a row that is gone says so in its place, and goes after a moment", () => {
  const first = nextRows(rowsOf({ calls: calls("abc") }), {
    calls: calls("ac"),
    gone: taken("b"),
  }, 0);
  deepEqual(told(first), "a(b)c");
  deepEqual(first[1]?.gone, { id: "b", taken: true, untilMs: GONE_MS });
  const second = nextRows(first, { calls: calls("cd"), gone: taken("a") }, 10);
  deepEqual(told(second), "(a)(b)cd");
  deepEqual(told(standing(second, GONE_MS)), "(a)cd");
  deepEqual(
    told(nextRows(second, { calls: calls("cd"), gone: [] }, GONE_MS)),
    "(a)cd",
  );
  deepEqual(told(standing(second, GONE_MS + 10)), "cd");
});

Deno.test("what leaves without a reason just goes: one's own call, or one that left while nobody listened", () => {
  const rows = rowsOf({ calls: calls("ab") });
  deepEqual(told(nextRows(rows, { calls: calls("b"), gone: [] }, 0)), "b");
});

Deno.test("whoever leaves, no other row moves while one looks", () => {
  const queue = fc.uniqueArray(fc.constantFrom(..."abcdefgh"));
  fc.assert(fc.property(queue, fc.array(fc.boolean()), (ids, leaves) => {
    const gone = ids.filter((_, index) => leaves[index]);
    const stays = ids.filter((id) => !gone.includes(id));
    const rows = nextRows(rowsOf({ calls: calls(ids.join("")) }), {
      calls: calls(stays.join("")),
      gone: taken(gone.join("")),
    }, 0);
    deepEqual(rows.map(({ call }) => call.id), ids);
  }));
});
