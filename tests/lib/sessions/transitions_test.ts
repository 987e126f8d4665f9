import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError, type ErrorCode } from "@/lib/errors.ts";
import { isOver, type Session, SessionStatus } from "@/lib/sessions/session.ts";
import {
  decide,
  type SessionEvent,
  START_DEADLINE_MS,
  type Surroundings,
} from "@/lib/sessions/transitions.ts";
import { aSession } from "../../support/fixtures.ts";

const NOW = new Date("2026-11-21T12:30:00.000Z");
const AROUND: Surroundings = {
  now: NOW,
  visitStatus: "OPEN",
  activeSessionId: null,
};

/** The status after the event, "=" for no change, or the code of the refusal. */
function outcome(
  session: Session,
  event: SessionEvent,
  around: Partial<Surroundings> = {},
): string {
  try {
    const next = decide(session, event, { ...AROUND, ...around });
    return next === null ? "=" : next.status;
  } catch (error) {
    assert(error instanceof AppError);
    return error.code;
  }
}

const intent = {
  opId: "op",
  at: NOW.toISOString(),
  deadline: new Date(NOW.getTime() + START_DEADLINE_MS).toISOString(),
};
const confirm: SessionEvent = {
  type: "start_confirmed",
  opId: "op",
  roomSid: "RM1",
};

/** The transition table: one row per event, one column per status. */
const STATUSES = SessionStatus.options;
const TABLE: [SessionEvent, ...string[]][] = [
  // event, SCHEDULED, IN_PROGRESS, COMPLETED, CANCELLED, FAILED
  [
    { type: "start_requested", opId: "op" },
    "SCHEDULED",
    "=",
    "invalid_transition",
    "invalid_transition",
    "invalid_transition",
  ],
  [
    confirm,
    "conflict",
    "=",
    "invalid_transition",
    "invalid_transition",
    "invalid_transition",
  ],
  [
    { type: "start_failed", opId: "op", code: "video_rejected" },
    "=",
    "=",
    "=",
    "=",
    "=",
  ],
  [
    { type: "admitted", seat: "patient" },
    "SCHEDULED",
    "IN_PROGRESS",
    "session_over",
    "session_over",
    "session_over",
  ],
  [
    { type: "admitted", seat: "doctor" },
    "not_started",
    "IN_PROGRESS",
    "session_over",
    "session_over",
    "session_over",
  ],
  [
    { type: "connected", seat: "patient", participantSid: "PA1" },
    "=",
    "IN_PROGRESS",
    "=",
    "=",
    "=",
  ],
  [
    { type: "disconnected", seat: "patient", participantSid: "PA1" },
    "=",
    "IN_PROGRESS",
    "=",
    "=",
    "=",
  ],
  [{ type: "left", seat: "patient" }, "=", "=", "=", "=", "="],
  [
    { type: "ended" },
    "not_started",
    "COMPLETED",
    "=",
    "invalid_transition",
    "invalid_transition",
  ],
  [{ type: "room_ended" }, "=", "COMPLETED", "=", "=", "="],
  [{ type: "room_closed" }, "=", "=", "=", "=", "="],
  [
    { type: "room_reopened", roomSid: "RM2" },
    "=",
    "IN_PROGRESS",
    "=",
    "=",
    "=",
  ],
  [
    { type: "cancelled", reason: "cancelled_by_doctor" },
    "CANCELLED",
    "invalid_transition",
    "invalid_transition",
    "=",
    "invalid_transition",
  ],
];

for (const [event, ...expected] of TABLE) {
  const seat = "seat" in event ? ` (${event.seat})` : "";
  Deno.test(`decide() answers ${event.type}${seat} in every status`, () => {
    const actual = STATUSES.map((status) =>
      outcome(aSession({ status }), event)
    );
    assert.deepEqual(actual, expected);
  });
}

Deno.test("decide() starts only with the intent of the same attempt", () => {
  assert.equal(
    outcome(aSession({ startIntent: intent }), confirm),
    "IN_PROGRESS",
  );
  assert.equal(
    outcome(aSession({ startIntent: { ...intent, opId: "other" } }), confirm),
    "conflict",
  );
});

Deno.test("decide() lets a second tab join the start under way, but not a lost one", () => {
  const event: SessionEvent = { type: "start_requested", opId: "second" };
  const under = aSession({ startIntent: intent });
  assert.equal(decide(under, event, AROUND), null);
  const later = new Date(NOW.getTime() + START_DEADLINE_MS);
  const renewed = decide(under, event, { ...AROUND, now: later });
  assert.equal(renewed?.startIntent?.opId, "second");
});

Deno.test("decide() keeps the visit's rules at both steps of a start", () => {
  const request: SessionEvent = { type: "start_requested", opId: "op" };
  for (const event of [request, confirm]) {
    const session = aSession({
      startIntent: event === confirm ? intent : null,
    });
    assert.equal(
      outcome(session, event, { visitStatus: "CLOSED" }),
      "visit_closed",
    );
    assert.equal(
      outcome(session, event, { activeSessionId: "another" }),
      "session_running",
    );
  }
});

Deno.test("decide() fails a session for good only when the video service refuses for good", () => {
  const session = aSession({ startIntent: intent });
  const fail = (code: ErrorCode) =>
    decide(session, { type: "start_failed", opId: "op", code }, AROUND);
  assert.equal(fail("video_rejected")?.status, "FAILED");
  assert.equal(fail("video_rejected")?.endReason, "video_rejected");
  assert.equal(fail("video_unavailable")?.status, "SCHEDULED");
  assert.equal(fail("video_unavailable")?.startIntent, null);
});

Deno.test("S3.18 decide() computes the duration when the session ends", () => {
  const session = aSession({
    status: "IN_PROGRESS",
    startedAt: "2026-11-21T12:00:00.000Z",
    everJoined: true,
  });
  const ended = decide(session, { type: "ended" }, AROUND);
  assert.equal(ended?.status, "COMPLETED");
  assert.equal(ended?.durationSeconds, 1800);
  assert.equal(ended?.endReason, "ended_by_doctor");
  assert.equal(ended?.close, "PENDING");
});

Deno.test("decide() never computes a negative duration, whatever the clock does", () => {
  const session = aSession({
    status: "IN_PROGRESS",
    startedAt: "2026-11-21T13:00:00.000Z",
  });
  const ended = decide(session, { type: "ended" }, AROUND);
  assert.equal(ended?.durationSeconds, 0);
  assert.equal(ended?.endedAt, session.startedAt);
});

Deno.test("decide() calls it a no-show when nobody joined after the start", () => {
  const session = aSession({ status: "IN_PROGRESS" });
  assert.equal(
    decide(session, { type: "ended" }, AROUND)?.endReason,
    "no_show",
  );
});

Deno.test("decide() follows the newest connection of a participant and ignores older ones", () => {
  const connect = (session: Session, participantSid: string) =>
    decide(
      session,
      { type: "connected", seat: "patient", participantSid },
      AROUND,
    )!;
  const leave = (session: Session, participantSid: string) =>
    decide(
      session,
      { type: "disconnected", seat: "patient", participantSid },
      AROUND,
    );
  const first = connect(aSession({ status: "IN_PROGRESS" }), "PA1");
  const second = connect(first, "PA2");
  assert.equal(leave(second, "PA1"), null);
  assert.equal(leave(second, "PA2")?.presence.patient?.state, "disconnected");
});

Deno.test("decide() is not fooled by a connection whose end is told before its beginning", () => {
  const tell = (session: Session, type: "connected" | "disconnected") =>
    decide(session, { type, seat: "patient", participantSid: "PA1" }, AROUND) ??
      session;
  const running = aSession({ status: "IN_PROGRESS" });
  const told = tell(tell(running, "disconnected"), "connected");
  assert.equal(told.presence.patient?.state, "disconnected");
});

const seat = fc.constantFrom("doctor" as const, "patient" as const);
const opId = fc.constantFrom("op1", "op2");
const participantSid = fc.constantFrom("PA1", "PA2", "PA3");
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({ type: fc.constant("start_requested" as const), opId }),
  fc.record({
    type: fc.constant("start_confirmed" as const),
    opId,
    roomSid: fc.constantFrom("RM1", "RM2"),
  }),
  fc.record({
    type: fc.constant("start_failed" as const),
    opId,
    code: fc.constantFrom(
      "video_rejected" as const,
      "video_unavailable" as const,
    ),
  }),
  fc.record({ type: fc.constant("admitted" as const), seat }),
  fc.record({ type: fc.constant("connected" as const), seat, participantSid }),
  fc.record({
    type: fc.constant("disconnected" as const),
    seat,
    participantSid,
  }),
  fc.record({ type: fc.constant("left" as const), seat }),
  fc.constant({ type: "ended" as const }),
  fc.constant({ type: "room_ended" as const }),
  fc.constant({ type: "room_closed" as const }),
  fc.record({
    type: fc.constant("room_reopened" as const),
    roomSid: fc.constantFrom("RM1", "RM2"),
  }),
  fc.record({
    type: fc.constant("cancelled" as const),
    reason: fc.constantFrom(
      "cancelled_by_doctor" as const,
      "visit_closed" as const,
    ),
  }),
);
const anyStep = fc.record({
  event: anyEvent,
  secondsPassed: fc.integer({ min: -60, max: 60 }),
  visitStatus: fc.constantFrom("OPEN" as const, "CLOSED" as const),
});

/** What holds of every session, whatever happened to it. */
function assertLegal(session: Session): void {
  const running = session.status === "IN_PROGRESS";
  const ran = running || session.status === "COMPLETED";
  assert.equal(session.startedAt !== null, ran);
  assert.equal(session.roomSid !== null, ran);
  assert.equal(session.endedAt !== null, isOver(session.status));
  assert.equal(
    session.durationSeconds !== null,
    session.status === "COMPLETED",
  );
  if (session.status === "COMPLETED") {
    const ms = Date.parse(session.endedAt!) - Date.parse(session.startedAt!);
    assert.equal(session.durationSeconds, Math.round(ms / 1000));
    assert(ms >= 0);
  }
  if (isOver(session.status)) {
    assert.equal(session.startIntent, null);
    for (const presence of Object.values(session.presence)) {
      assert(presence === null || presence.state === "disconnected");
    }
  }
}

Deno.test("decide() keeps every random sequence of events legal", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      let session = aSession();
      let now = NOW;
      for (const { event, secondsPassed, visitStatus } of steps) {
        now = new Date(now.getTime() + secondsPassed * 1000);
        const before = session;
        try {
          session = decide(before, event, {
            now,
            visitStatus,
            activeSessionId: null,
          }) ?? before;
        } catch (error) {
          assert(error instanceof AppError, `threw ${error}`);
        }
        assertLegal(session);
        assert.equal(
          session.rev,
          session === before ? before.rev : before.rev + 1,
        );
        if (isOver(before.status)) {
          const { status, startedAt, endedAt } = before;
          assert.deepEqual(
            {
              status: session.status,
              startedAt: session.startedAt,
              endedAt: session.endedAt,
            },
            { status, startedAt, endedAt },
          );
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
