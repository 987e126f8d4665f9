import assert from "node:assert/strict";
import {
  isAbandoned,
  nextPulse,
  positionOf,
  SILENCE_MS_MAX,
  waitRange,
} from "@/lib/calls/wait.ts";
import { aCall, onDuty } from "../../support/fixtures.ts";
import { NOON } from "../../support/noon.ts";

const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const calls = ["A", "B", "C"].map((id, index) =>
  aCall({ id, createdAt: at(index).toISOString() })
);
const [A, B, C] = calls as [typeof calls[0], typeof calls[0], typeof calls[0]];
const MINUTES = [4, 5, 6, 7, 8, 9, 10, 30].map((minutes) => minutes * 60);

Deno.test("the place in the queue counts from one", () => {
  assert.deepEqual([A, B, C].map((call) => positionOf(call, calls)), [1, 2, 3]);
  assert.equal(positionOf(aCall({ id: "D" }), calls), null);
});

Deno.test("without a doctor, or with too few calls to go by, no number is named", () => {
  assert.equal(waitRange(A, calls, [], MINUTES), null);
  const away = onDuty({ isHere: false });
  assert.equal(waitRange(A, calls, [away], MINUTES), null);
  const busy = onDuty({ isBusy: true });
  assert.equal(waitRange(A, calls, [busy], [300, 300]), null);
});

Deno.test("as many as doctors are free have their turn within a minute", () => {
  const doctors = [onDuty({ id: "d1" }), onDuty({ id: "d2" })];
  assert.deepEqual(waitRange(B, calls, doctors, []), { from: 0, to: 1 });
  assert.deepEqual(waitRange(C, calls, doctors, MINUTES), { from: 0, to: 9 });
});

Deno.test("the range grows with everybody ahead, and shrinks with every doctor", () => {
  const busy = ["d1", "d2"].map((id) => onDuty({ id, isBusy: true }));
  const ranges = [A, B, C].map((call) =>
    waitRange(call, calls, busy.slice(0, 1), MINUTES)
  );
  assert.deepEqual(ranges, [
    { from: 0, to: 9 },
    { from: 6, to: 18 },
    { from: 12, to: 27 },
  ]);
  assert.deepEqual(waitRange(C, calls, busy, MINUTES), { from: 6, to: 18 });
});

Deno.test("who waits for other doctors is not in the way", () => {
  const spanish = { ...A, language: "es" };
  const doctors = [onDuty({ isBusy: true })];
  assert.deepEqual(
    waitRange(B, [spanish, B], doctors, MINUTES),
    { from: 0, to: 9 },
  );
});

Deno.test("a silent page is gone after a while in which somebody listened", () => {
  const pulse = { at: "", since: NOON.toISOString(), serviceSeconds: [] };
  const limit = SILENCE_MS_MAX / 1000;
  assert(!isAbandoned(A, null, pulse, at(limit)));
  assert(isAbandoned(A, null, pulse, at(limit + 1)));
  const seenAt = at(60).toISOString();
  assert(!isAbandoned(A, seenAt, pulse, at(limit + 60)));
  assert(isAbandoned(A, seenAt, pulse, at(limit + 61)));
});

Deno.test("the time in which the app was not there is nobody's silence", () => {
  const before = nextPulse(null, [], NOON);
  const steady = nextPulse(before, [], at(10));
  assert.equal(steady.since, before.since);
  const restarted = nextPulse(steady, [], at(600));
  assert.equal(restarted.since, at(600).toISOString());
  assert(!isAbandoned(A, null, restarted, at(650)));
  assert(isAbandoned(A, null, restarted, at(700)));
});
