import assert from "node:assert/strict";
import { isLeftUndone } from "@/lib/visits/closing.ts";

Deno.test("isLeftUndone() leaves whoever closed a visit a minute to take back what was planned", () => {
  const closing = { visitId: "v1", closedAt: "2026-11-21T12:00:00.000Z" };
  const after = (seconds: number) =>
    new Date(Date.parse(closing.closedAt) + seconds * 1000);
  assert.deepEqual(
    [-5, 0, 60, 61].map((seconds) => isLeftUndone(closing, after(seconds))),
    [false, false, false, true],
  );
});
