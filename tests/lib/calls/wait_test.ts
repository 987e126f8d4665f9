import assert from "node:assert/strict";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";
import { queueAround } from "@/lib/calls/queue.ts";
import {
  isAbandoned,
  isAway,
  nextPulse,
  PLACE_KEPT_MS,
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

/** In how many minutes it is the turn of `call`, as "from to to". */
function range(
  call: CallRequest,
  doctors: DoctorOnDuty[],
  { queue = calls, samples = MINUTES } = {},
): string | null {
  const wait = waitRange(call, queue, doctors, samples, NOON);
  return wait && `${wait.from} to ${wait.to}`;
}

/** In a call for so many minutes. */
const busy = (id: string, minutes = 0) =>
  onDuty({ id, busySince: NOON.getTime() - minutes * 60_000 });

Deno.test("the place in the queue counts from one, and those ahead who wait for the same doctors", () => {
  const doctor = onDuty({});
  const places = (queue: CallRequest[], doctors: DoctorOnDuty[]) =>
    queue.map((call) => positionOf(call, queue, doctors));
  assert.deepEqual(places(calls, [doctor]), [1, 2, 3]);
  assert.deepEqual(places(calls, []), [1, 2, 3]);
  assert.equal(positionOf(aCall({ id: "D" }), calls, [doctor]), null);
  const skin = { ...A, specialty: "dermatology" };
  assert.deepEqual(places([skin, B], [doctor]), [1, 1]);
  const dermatologist = onDuty({ specialties: ["dermatology"] });
  assert.deepEqual(places([skin, B], [doctor, dermatologist]), [1, 2]);
  // As long as nobody is there, both may turn out to wait for the same one.
  assert.deepEqual(places([skin, B], []), [1, 2]);
  const heart = { ...B, specialty: "cardiology" };
  assert.deepEqual(places([skin, heart, C], []), [1, 1, 3]);
  const [here, there] = ["pt", "pt-BR"].map((language, i) => ({
    ...calls[i]!,
    language,
  }));
  assert.deepEqual(places([here!, there!], []), [1, 2]);
});

Deno.test("without a doctor, or with too few calls to go by, no number is named", () => {
  assert.equal(range(A, []), null);
  assert.equal(range(A, [onDuty({ isHere: false })]), null);
  assert.equal(range(A, [busy("d")], { samples: [300, 300] }), null);
});

Deno.test("as many as doctors are free have their turn within a minute", () => {
  const doctors = [onDuty({ id: "d1" }), onDuty({ id: "d2" })];
  assert.equal(range(B, doctors, { samples: [] }), "0 to 1");
  assert.equal(range(C, doctors), "6 to 9");
});

Deno.test("who has refused the request is not counted on", () => {
  const refusals = [{ doctorId: "d1", at: "", kind: "declined" as const }];
  const refused = { ...A, refusals };
  assert.equal(range(refused, [onDuty({ id: "d1" })]), null);
  const queue = [refused, B];
  assert.equal(range(refused, [onDuty({ id: "d1" }), busy("d2")]), "6 to 9");
  assert.equal(range(B, [onDuty({ id: "d1" })], { queue }), "6 to 9");
});

Deno.test("the range grows with everybody ahead, and shrinks with every doctor", () => {
  assert.deepEqual(
    [A, B, C].map((call) => range(call, [busy("d1")])),
    ["6 to 9", "12 to 18", "18 to 27"],
  );
  assert.equal(range(C, [busy("d1"), busy("d2")]), "12 to 18");
});

Deno.test("a call that goes on for long counts with those that did, too", () => {
  assert.equal(range(A, [busy("d", 3)]), "3 to 6");
  assert.equal(range(A, [busy("d", 8)]), "2 to 22");
  assert.equal(range(A, [busy("d", 31)]), null);
  // Of somebody else the end is known better.
  assert.equal(range(A, [busy("d1", 31), busy("d2")]), "6 to 9");
});

Deno.test("who waits for other doctors is not in the way", () => {
  const queue = [{ ...A, language: "es" }, B];
  assert.equal(range(B, [busy("d")], { queue }), "6 to 9");
});

Deno.test("whoever is away is waited for a while, but by nobody else", () => {
  const queue = { calls, away: new Set(["A", "C"]) };
  assert.deepEqual(queueAround(B, queue), [B]);
  assert.deepEqual(queueAround(C, queue), [B, C]);
});

Deno.test("a silent page is away after a while in which somebody listened, and gives its place up after a longer one", () => {
  const pulse = { at: "", since: NOON.toISOString(), serviceSeconds: [] };
  const seenAt = at(60).toISOString();
  for (
    const [isGone, afterMs] of [
      [isAway, SILENCE_MS_MAX],
      [isAbandoned, PLACE_KEPT_MS],
    ] as const
  ) {
    const limit = afterMs / 1000;
    assert(!isGone(A, null, pulse, at(limit)));
    assert(isGone(A, null, pulse, at(limit + 1)));
    assert(!isGone(A, seenAt, pulse, at(limit + 60)));
    assert(isGone(A, seenAt, pulse, at(limit + 61)));
  }
});

Deno.test("a request that came back to the line is without its patient until a page asks for it, and its place is kept from then on", () => {
  // Nobody waited before: what is listened to begins with it.
  const pulse = { at: "", since: at(600).toISOString(), serviceSeconds: [] };
  const back = { ...A, returnedAt: at(600).toISOString() };
  const before = at(590).toISOString();
  assert(isAway(back, before, pulse, at(601)));
  assert(isAway(back, null, pulse, at(601)));
  assert(!isAway(back, at(602).toISOString(), pulse, at(603)));
  const limit = 600 + PLACE_KEPT_MS / 1000;
  assert(!isAbandoned(back, before, null, at(limit)));
  assert(isAbandoned(back, before, null, at(limit + 1)));
});

Deno.test("the time in which the app was not there is nobody's silence", () => {
  const before = nextPulse(null, [], NOON);
  const steady = nextPulse(before, [], at(10));
  assert.equal(steady.since, before.since);
  const restarted = nextPulse(steady, [], at(600));
  assert.equal(restarted.since, at(600).toISOString());
  assert(!isAway(A, null, restarted, at(650)));
  assert(isAway(A, null, restarted, at(700)));
});
