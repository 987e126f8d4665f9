import fc from "fast-check";
import { deepEqual, equal } from "node:assert/strict";
import type { IdempotencyRow } from "@/lib/idempotency/receipt.ts";
import {
  judge,
  KEEP_MS,
  reservation,
  RUN_MS,
} from "@/lib/idempotency/rules.ts";
import { NOON } from "../../support/noon.ts";

const ANSWER = { status: 201, headers: {}, body: new Uint8Array() };

const later = (ms: number) => new Date(NOON.getTime() + ms);

const anyHash = fc.constantFrom("a", "b");
const anyEffect = fc.constantFrom(null, "01JD0000000000000000000000");
const anyTime = fc.oneof(
  fc.constantFrom(0, RUN_MS - 1, RUN_MS, KEEP_MS - 1, KEEP_MS),
  fc.nat({ max: 2 * KEEP_MS }),
);
const anyRow: fc.Arbitrary<IdempotencyRow> = fc.record({
  hash: anyHash,
  effect: anyEffect,
  done: fc.boolean(),
}).map(({ hash, effect, done }) => ({
  ...reservation(hash, effect, NOON),
  answer: done ? ANSWER : null,
}));

Deno.test("a key that nobody has used is free", () => {
  deepEqual(judge(null, "a", NOON), { verdict: "free", effect: null });
});

Deno.test("a key belongs to one request for a day, and then to nobody", () => {
  fc.assert(fc.property(anyRow, anyHash, anyTime, (row, hash, ms) => {
    const { verdict } = judge(row, hash, later(ms));
    if (ms >= KEEP_MS) equal(verdict, "free");
    else equal(verdict === "reused", row.requestHash !== hash);
  }));
});

Deno.test("an answer stays the answer", () => {
  fc.assert(fc.property(anyRow, anyTime, (row, ms) => {
    fc.pre(row.answer !== null && ms < KEEP_MS);
    const judged = judge(row, row.requestHash, later(ms));
    deepEqual(judged, { verdict: "answered", answer: ANSWER });
  }));
});

Deno.test("who runs is left alone until they must have died; what they did is handed on", () => {
  fc.assert(fc.property(anyRow, anyTime, (row, ms) => {
    fc.pre(row.answer === null);
    const judged = judge(row, row.requestHash, later(ms));
    deepEqual(
      judged,
      ms < RUN_MS
        ? { verdict: "running" }
        : { verdict: "free", effect: ms < KEEP_MS ? row.effect : null },
    );
  }));
});
