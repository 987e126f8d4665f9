import assert from "node:assert/strict";
import { type CallRequest, CallStatus } from "@/lib/calls/call_request.ts";
import { type CallEvent, decide, OFFER_MS } from "@/lib/calls/transitions.ts";
import { isGivenUp, isToReturn, RETURNS_MAX } from "@/lib/calls/returning.ts";
import { upgradeCall } from "@/lib/calls/upgrade.ts";
import { AppError } from "@/lib/errors.ts";
import { aCall, aSession } from "../../support/fixtures.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { NOON } from "../../support/noon.ts";

const OFFER = {
  doctorId: "doctor-1",
  at: NOON.toISOString(),
  until: new Date(NOON.getTime() + OFFER_MS).toISOString(),
};
const TAKEN = {
  acceptedBy: { id: "doctor-2", name: "Dr Otto Other" },
  visitId: "visit",
  sessionId: "session",
};

/** What the event makes of a request: its status, "=" for nothing, or the code of the refusal. */
function outcome(call: CallRequest, event: CallEvent, ms = 0): string {
  try {
    return decide(call, event, new Date(NOON.getTime() + ms))?.status ?? "=";
  } catch (error) {
    assert(error instanceof AppError);
    return error.code;
  }
}

/** One row per event, one column per status. */
const TABLE: [CallEvent, ...string[]][] = [
  // WAITING, ACCEPTED, CANCELLED, EXPIRED
  [{ type: "offered", doctorId: "doctor-1" }, "WAITING", "=", "=", "="],
  [{ type: "passed", doctorId: "doctor-1" }, "=", "=", "=", "="],
  [{ type: "withdrawn", doctorId: "doctor-1" }, "=", "=", "=", "="],
  [
    { type: "declined", doctorId: "doctor-1" },
    "WAITING",
    "call_taken",
    "call_over",
    "call_over",
  ],
  [
    {
      type: "accepted",
      doctor: { id: "doctor-1", name: "Dr Ada Day" },
      visitId: "v",
      sessionId: "s",
    },
    "ACCEPTED",
    "call_taken",
    "call_over",
    "call_over",
  ],
  [{ type: "cancelled" }, "CANCELLED", "call_over", "=", "call_over"],
  [
    { type: "widened", keepLanguage: false },
    "=",
    "call_over",
    "call_over",
    "call_over",
  ],
  [
    { type: "given_up", sessionId: "session" },
    "=",
    "CANCELLED",
    "=",
    "=",
  ],
  [
    { type: "returned", doctorId: "doctor-2", sessionId: "session" },
    "=",
    "WAITING",
    "=",
    "=",
  ],
  [{ type: "expired" }, "EXPIRED", "=", "=", "="],
];

for (const [event, ...expected] of TABLE) {
  Deno.test(`${event.type} happens to a request of every status`, () => {
    const actual = CallStatus.options.map((status) =>
      outcome(aCall({ status, ...(status === "ACCEPTED" ? TAKEN : {}) }), event)
    );
    assert.deepEqual(actual, expected);
  });
}

Deno.test("an offer lasts thirty seconds, and then passes", () => {
  const offered = decide(
    aCall(),
    { type: "offered", doctorId: "doctor-1" },
    NOON,
  )!;
  assert.deepEqual(offered.offer, OFFER);
  assert.equal(offered.rev, 2);
  const pass: CallEvent = { type: "passed", doctorId: "doctor-1" };
  assert.equal(decide(offered, pass, new Date(OFFER.at)), null);
  const passed = decide(offered, pass, new Date(OFFER.until))!;
  assert.equal(passed.offer, null);
  assert.deepEqual(passed.refusals, [
    { doctorId: "doctor-1", at: OFFER.until, kind: "passed" },
  ]);
});

Deno.test("a request that is widened asks for any doctor, at the same place", () => {
  const narrow = aCall({
    specialty: "dermatology",
    language: "es",
    offer: OFFER,
  });
  const kept = decide(narrow, { type: "widened", keepLanguage: true }, NOON);
  assert.deepEqual(kept, { ...narrow, specialty: null, rev: 2 });
  assert.equal(
    decide(kept!, { type: "widened", keepLanguage: true }, NOON),
    null,
  );
  const wide = decide(kept!, { type: "widened", keepLanguage: false }, NOON);
  assert.deepEqual(wide, { ...kept!, language: null, rev: 3 });
});

Deno.test("only the doctor at whom it rings ends an offer; a decline of another is noted", () => {
  const ringing = aCall({ offer: OFFER });
  assert.equal(
    decide(ringing, { type: "withdrawn", doctorId: "doctor-2" }, NOON),
    null,
  );
  const noted = decide(
    ringing,
    { type: "declined", doctorId: "doctor-2" },
    NOON,
  )!;
  assert.deepEqual(noted.offer, OFFER);
  const again = decide(noted, { type: "declined", doctorId: "doctor-2" }, NOON);
  assert.equal(again, null, "pressed twice");
  const declined = decide(
    noted,
    { type: "declined", doctorId: "doctor-1" },
    NOON,
  )!;
  assert.equal(declined.offer, null);
  assert.deepEqual(
    declined.refusals.map(({ doctorId }) => doctorId),
    ["doctor-2", "doctor-1"],
  );
});

Deno.test("who accepted may accept again; nobody rings any more", () => {
  const accept: CallEvent = {
    type: "accepted",
    doctor: { id: "doctor-1", name: "Dr Ada Day" },
    visitId: "v",
    sessionId: "s",
  };
  const accepted = decide(aCall({ offer: OFFER }), accept, NOON)!;
  assert.equal(accepted.offer, null);
  assert.equal(accepted.decidedAt, NOON.toISOString());
  assert.equal(decide(accepted, { ...accept, visitId: "w" }, NOON), null);
});

Deno.test("a request whose doctor never came goes back to its place, twice at most, and not to the same doctor first", () => {
  const accepted = aCall({
    ...TAKEN,
    status: "ACCEPTED",
    decidedAt: NOON.toISOString(),
    returns: RETURNS_MAX - 1,
  });
  const event: CallEvent = {
    type: "returned",
    doctorId: "doctor-2",
    sessionId: "session",
  };
  const back = decide(accepted, event, NOON)!;
  assert.deepEqual(back, {
    ...aCall(),
    returns: RETURNS_MAX,
    returnedAt: NOON.toISOString(),
    rev: 2,
    refusals: [
      { doctorId: "doctor-2", at: NOON.toISOString(), kind: "passed" },
    ],
  });
  assert.equal(
    decide({ ...back, ...TAKEN, status: "ACCEPTED" }, event, NOON),
    null,
  );
  assert.equal(decide(accepted, { ...event, sessionId: "other" }, NOON), null);
});

Deno.test("isToReturn(), isGivenUp(): over, and the doctor was never there", () => {
  const accepted = aCall({ ...TAKEN, status: "ACCEPTED" });
  const seen = { participantSid: "PA1", joinedAt: "", leftAt: "" };
  const letIn = { admitted: { doctor: true, patient: true } };
  const CASES: [Partial<Session> | null, boolean][] = [
    [null, false],
    [{ status: "SCHEDULED" }, false],
    [{ status: "IN_PROGRESS" }, false],
    [{ status: "FAILED" }, true],
    [{ status: "CANCELLED" }, true],
    [{ status: "COMPLETED", endReason: "no_show" }, true],
    [{ status: "COMPLETED", endReason: "doctor_absent", ...letIn }, true],
    [{ status: "COMPLETED", endReason: "ended_by_doctor", ...letIn }, false],
    [{
      status: "COMPLETED",
      endReason: "doctor_absent",
      attendance: { doctor: [seen], patient: [] },
    }, false],
  ];
  const call = { callId: accepted.id, mayReturn: true, isGivenUp: false };
  const outcome = (session: Session | null) => [
    isToReturn(accepted, session),
    isGivenUp(accepted, session),
  ];
  for (const [about, expected] of CASES) {
    const stored = about === null ? null : aSession({ ...about, call });
    const why = JSON.stringify(about);
    assert.deepEqual(outcome(stored), [expected, false], why);
    if (stored === null) continue;
    const givenUp = { ...call, isGivenUp: true };
    const left = { ...stored, call: givenUp };
    assert.deepEqual(outcome(left), [false, expected], `left: ${why}`);
    const last = { ...stored, call: { ...call, mayReturn: false } };
    assert.deepEqual(outcome(last), [false, false], `the last: ${why}`);
    assert.deepEqual(outcome({ ...stored, call: null }), [false, false]);
  }
});

Deno.test("a request whose patient has left on purpose is cancelled, and was nobody's", () => {
  const accepted = aCall({
    ...TAKEN,
    status: "ACCEPTED",
    decidedAt: "2026-11-21T11:00:00.000Z",
  });
  const event: CallEvent = { type: "given_up", sessionId: "session" };
  const over = decide(accepted, event, NOON)!;
  assert.deepEqual(over, {
    ...aCall(),
    status: "CANCELLED",
    decidedAt: NOON.toISOString(),
    rev: 2,
  });
  assert.equal(decide(over, event, NOON), null);
  assert.equal(decide(accepted, { ...event, sessionId: "other" }, NOON), null);
});

Deno.test("upgradeCall() leaves what was accepted before where it is", () => {
  const { returns: _, returnedAt: _1, ...call } = aCall();
  assert.deepEqual(upgradeCall({ ...call, v: 1 }), aCall());
  assert.deepEqual(upgradeCall({ ...call, v: 2, returns: 0 }), aCall());
  const { returns } = upgradeCall({ ...call, v: 1, status: "ACCEPTED" });
  assert.equal(returns, RETURNS_MAX);
});
