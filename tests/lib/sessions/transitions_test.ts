import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError, type ErrorCode } from "@/lib/errors.ts";
import { isThere } from "@/lib/sessions/attendance.ts";
import { dutiesOf, dutyName } from "@/lib/sessions/duties.ts";
import {
  ABSENCE_MS_MAX,
  EXPIRY_MS,
  SESSION_MS_MAX,
} from "@/lib/sessions/ending.ts";
import type { SessionEvent, Surroundings } from "@/lib/sessions/events.ts";
import { isAllowed } from "@/lib/sessions/recording.ts";
import {
  isOver,
  SEATS,
  type Session,
  SessionStatus,
} from "@/lib/sessions/session.ts";
import {
  EXPIRED_STARTS_MAX,
  START_DEADLINE_MS,
} from "@/lib/sessions/starting.ts";
import { PAST_ROOMS_MAX } from "@/lib/sessions/switching.ts";
import { decide } from "@/lib/sessions/transitions.ts";
import { aSession } from "../../support/fixtures.ts";

const NOW = new Date("2026-11-21T12:30:00.000Z");
const AT = NOW.toISOString();
const AROUND: Surroundings = {
  now: NOW,
  visitStatus: "OPEN",
  activeSessionId: null,
  onDemandId: null,
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

/** The session after the event, which has to change it. */
function after(
  session: Session,
  event: SessionEvent,
  around: Partial<Surroundings> = {},
): Session {
  const next = decide(session, event, { ...AROUND, ...around });
  assert(next !== null, `${event.type} changes nothing`);
  return next;
}

function later(ms: number): Partial<Surroundings> {
  return { now: new Date(NOW.getTime() + ms) };
}

const intent = {
  opId: "op",
  at: AT,
  deadline: new Date(NOW.getTime() + START_DEADLINE_MS).toISOString(),
  endedRoomSid: null,
};
const confirm: SessionEvent = {
  type: "start_confirmed",
  opId: "op",
  roomSid: "RM1",
};
const starting = aSession({ startIntent: intent, roomAsked: true });
const INVALID = "invalid_transition";

/** The transition table: one row per event, one column per status. */
const STATUSES = SessionStatus.options;
const unchanged = STATUSES.map(() => "=");
const TABLE: [SessionEvent, ...string[]][] = [
  // event, SCHEDULED, IN_PROGRESS, COMPLETED, CANCELLED, FAILED
  [
    { type: "start_requested", opId: "op" },
    "SCHEDULED",
    "=",
    INVALID,
    INVALID,
    INVALID,
  ],
  [confirm, "conflict", "=", INVALID, INVALID, INVALID],
  [
    { type: "start_failed", opId: "op", code: "video_rejected" },
    "=",
    "=",
    "=",
    "=",
    "=",
  ],
  [{ type: "start_expired", opId: "op" }, "=", "=", "=", "=", "="],
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
    { type: "connected", seat: "patient", participantSid: "PA1", at: AT },
    "=",
    "IN_PROGRESS",
    "COMPLETED",
    "=",
    "=",
  ],
  [
    { type: "disconnected", seat: "patient", participantSid: "PA1", at: AT },
    "=",
    "IN_PROGRESS",
    "COMPLETED",
    "=",
    "=",
  ],
  [
    { type: "roster", present: [{ seat: "doctor", participantSid: "PA1" }] },
    "=",
    "IN_PROGRESS",
    "=",
    "=",
    "=",
  ],
  [
    { type: "intruded", participantSid: "PA9" },
    "=",
    "IN_PROGRESS",
    "=",
    "=",
    "=",
  ],
  [
    { type: "intruder_removed", participantSid: "PA9" },
    "=",
    "=",
    "=",
    "=",
    "=",
  ],
  [
    { type: "left", seat: "patient", isOnPurpose: true },
    "=",
    "=",
    "=",
    "=",
    "=",
  ],
  [{ type: "ended" }, "not_started", "COMPLETED", "=", INVALID, INVALID],
  [
    { type: "room_ended", roomSid: "RM1", at: AT },
    "=",
    "COMPLETED",
    "=",
    "=",
    "=",
  ],
  [{ type: "room_ended", roomSid: "RM9", at: AT }, "=", "=", "=", "=", "="],
  [{ type: "room_closed" }, "=", "=", "=", "=", "="],
  [{ type: "room_close_given_up" }, "=", "=", "=", "=", "="],
  [{ type: "room_found" }, "=", "=", "COMPLETED", "CANCELLED", "FAILED"],
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
    INVALID,
    INVALID,
    "=",
    INVALID,
  ],
  [{ type: "expired" }, "=", "=", "=", "=", "="],
  [{ type: "overran", reason: "max_duration" }, "=", "=", "=", "=", "="],
  [
    { type: "overran", reason: "doctor_absent" },
    "=",
    "COMPLETED",
    "=",
    "=",
    "=",
  ],
  [
    {
      type: "edited",
      scheduledStart: "2026-11-22T10:00:00.000Z",
      notes: null,
    },
    "SCHEDULED",
    INVALID,
    INVALID,
    INVALID,
    INVALID,
  ],
  [
    { type: "edited", scheduledStart: null, notes: "Better." },
    "SCHEDULED",
    "IN_PROGRESS",
    "COMPLETED",
    INVALID,
    INVALID,
  ],
  [
    { type: "consented", seat: "patient", granted: true, textVersion: "1" },
    "SCHEDULED",
    "IN_PROGRESS",
    "session_over",
    "session_over",
    "session_over",
  ],
  [
    { type: "video_offered", seat: "patient", roomName: "r2" },
    "not_started",
    "=",
    "session_over",
    "session_over",
    "session_over",
  ],
  [
    { type: "video_answered", seat: "doctor", accepted: true, roomName: "r2" },
    "not_started",
    "=",
    "session_over",
    "session_over",
    "session_over",
  ],
  [{ type: "room_moved", roomName: "r2", roomSid: "RM2" }, ...unchanged],
  [{ type: "move_given_up", roomName: "r2", code: null }, ...unchanged],
  [{ type: "past_room_closed", roomName: "r2" }, ...unchanged],
  [{ type: "past_room_given_up", roomName: "r2" }, ...unchanged],
  [
    { type: "recording_switched", on: true, roomSid: "RM1" },
    "=",
    "IN_PROGRESS",
    "=",
    "=",
    "=",
  ],
  [
    { type: "recording_composed", parts: [] },
    "=",
    "=",
    "=",
    "=",
    "=",
  ],
  [
    {
      type: "recording_settled",
      compositionSid: "CJ1",
      status: "ready",
      durationSeconds: 1,
    },
    "=",
    "=",
    "=",
    "=",
    "=",
  ],
  [{ type: "recording_failed" }, "=", "=", "=", "=", "="],
  [
    {
      type: "recording_viewed",
      seat: "doctor",
      signInId: "s1",
      part: "patient",
    },
    "recording_not_found",
    "recording_not_found",
    "recording_not_found",
    "recording_not_found",
    "recording_not_found",
  ],
  [
    { type: "recording_deleted" },
    "recording_not_found",
    "recording_not_found",
    "recording_not_found",
    "recording_not_found",
    "recording_not_found",
  ],
  [{ type: "recording_erased" }, "=", "=", "=", "=", "="],
];

for (const [event, ...expected] of TABLE) {
  const { type, ...about } = event;
  Deno.test(`decide() answers ${type} ${JSON.stringify(about)} in every status`, () => {
    const actual = STATUSES.map((status) =>
      outcome(aSession({ status }), event)
    );
    assert.deepEqual(actual, expected);
  });
}

Deno.test("decide() starts only with the intent of the same attempt", () => {
  assert.equal(outcome(starting, confirm), "IN_PROGRESS");
  const other = aSession({ startIntent: { ...intent, opId: "other" } });
  assert.equal(outcome(other, confirm), "conflict");
});

Deno.test("decide() lets a second tab join the start under way", () => {
  const event: SessionEvent = { type: "start_requested", opId: "second" };
  assert.equal(decide(starting, event, AROUND), null);
});

Deno.test("decide() gives an attempt up at its deadline, and the session with the third", () => {
  const expire: SessionEvent = { type: "start_expired", opId: "op" };
  assert.equal(decide(starting, expire, AROUND), null);
  let session = starting;
  for (let n = 1; n <= EXPIRED_STARTS_MAX; n++) {
    session = after(
      { ...session, startIntent: intent },
      expire,
      later(START_DEADLINE_MS),
    );
    const last = n === EXPIRED_STARTS_MAX;
    assert.equal(session.status, last ? "FAILED" : "SCHEDULED");
    assert.equal(session.startIntent, null);
  }
  assert.equal(session.endReason, "video_unreachable");
  assert.equal(session.close, "PENDING");
});

Deno.test("decide() takes no answer that comes after the attempt's deadline", () => {
  assert.equal(
    outcome(starting, confirm, later(START_DEADLINE_MS - 1)),
    "IN_PROGRESS",
  );
  assert.equal(
    outcome(starting, confirm, later(START_DEADLINE_MS)),
    "video_unavailable",
  );
});

Deno.test("decide() takes no room that ended before the start was confirmed", () => {
  const early = after(starting, { type: "room_ended", roomSid: "RM1", at: AT });
  assert.equal(early.status, "SCHEDULED");
  assert.equal(outcome(early, confirm), "video_unavailable");
  assert.equal(
    outcome(early, { ...confirm, roomSid: "RM2" } as SessionEvent),
    "IN_PROGRESS",
  );
});

Deno.test("decide() keeps the visit's rules at both steps of a start", () => {
  const request: SessionEvent = { type: "start_requested", opId: "op" };
  for (const event of [request, confirm]) {
    const session: Session = event === confirm ? starting : aSession();
    assert.equal(
      outcome(session, event, { visitStatus: "CLOSED" }),
      "visit_closed",
    );
    assert.equal(
      outcome(session, event, { activeSessionId: "another" }),
      "session_running",
    );
    assert.equal(
      outcome(session, event, { onDemandId: "call" }),
      "doctor_busy",
    );
    assert.notEqual(
      outcome(session, event, { onDemandId: session.id }),
      "doctor_busy",
    );
  }
});

Deno.test("decide() fails a session for good only when the video service refuses for good", () => {
  const fail = (code: ErrorCode) =>
    after(starting, { type: "start_failed", opId: "op", code });
  assert.equal(fail("video_rejected").status, "FAILED");
  assert.equal(fail("video_rejected").endReason, "video_rejected");
  assert.equal(fail("visit_closed").status, "SCHEDULED");
  assert.equal(fail("visit_closed").startIntent, null);
});

Deno.test("decide() closes the room that a cancelled start may have opened", () => {
  const cancel: SessionEvent = {
    type: "cancelled",
    reason: "cancelled_by_doctor",
  };
  assert.equal(after(starting, cancel).close, "PENDING");
  assert.equal(after(aSession(), cancel).close, "NONE");
});

Deno.test("S3.18 decide() computes the duration when the session ends", () => {
  const session = aSession({
    status: "IN_PROGRESS",
    startedAt: "2026-11-21T12:00:00.000Z",
    admitted: { doctor: true, patient: false },
  });
  const ended = after(session, { type: "ended" });
  assert.equal(ended.status, "COMPLETED");
  assert.equal(ended.durationSeconds, 1800);
  assert.equal(ended.endReason, "ended_by_doctor");
  assert.equal(ended.close, "PENDING");
});

Deno.test("decide() never computes a negative duration, whatever the clock does", () => {
  const session = aSession({
    status: "IN_PROGRESS",
    startedAt: "2026-11-21T13:00:00.000Z",
  });
  const ended = after(session, { type: "ended" });
  assert.equal(ended.durationSeconds, 0);
  assert.equal(ended.endedAt, session.startedAt);
});

Deno.test("decide() believes the video service's time of the end only within what is possible", () => {
  const session = aSession({ status: "IN_PROGRESS" });
  const end = (at: string) =>
    after(session, { type: "room_ended", roomSid: "RM1", at }).endedAt;
  assert.equal(end("2026-11-21T12:20:00Z"), "2026-11-21T12:20:00.000Z");
  assert.equal(end("2026-11-21T14:30:00Z"), AT);
  assert.equal(end("2026-11-21T09:00:00Z"), session.startedAt);
});

Deno.test("decide() calls it a no-show when nobody came after the start", () => {
  const session = aSession({ status: "IN_PROGRESS" });
  assert.equal(after(session, { type: "ended" }).endReason, "no_show");
});

Deno.test("decide() ends what nobody ends: too long, or without its doctor", () => {
  const running = aSession({
    status: "IN_PROGRESS",
    startedAt: AT,
    admitted: { doctor: true, patient: true },
  });
  const there = after(running, {
    type: "connected",
    seat: "doctor",
    participantSid: "PA1",
    at: AT,
  });
  const absent: SessionEvent = { type: "overran", reason: "doctor_absent" };
  assert.equal(outcome(there, absent, later(ABSENCE_MS_MAX + 1)), "=");
  const away = after(there, {
    type: "disconnected",
    seat: "doctor",
    participantSid: "PA1",
    at: AT,
  });
  assert.equal(outcome(away, absent, later(ABSENCE_MS_MAX)), "=");
  assert.equal(
    after(away, absent, later(ABSENCE_MS_MAX + 1)).endReason,
    "doctor_absent",
  );
  const long: SessionEvent = { type: "overran", reason: "max_duration" };
  assert.equal(outcome(there, long, later(SESSION_MS_MAX)), "=");
  assert.equal(
    after(there, long, later(SESSION_MS_MAX + 1)).endReason,
    "max_duration",
  );
});

Deno.test("decide() takes back what was never started, a day after its time", () => {
  const session = aSession({ scheduledStart: AT });
  assert.equal(outcome(session, { type: "expired" }, later(EXPIRY_MS)), "=");
  const expired = after(session, { type: "expired" }, later(EXPIRY_MS + 1));
  assert.equal(expired.status, "CANCELLED");
  assert.equal(expired.endReason, "expired");
});

function tell(session: Session, ...events: SessionEvent[]): Session {
  return events.reduce(
    (before, event) => decide(before, event, AROUND) ?? before,
    session,
  );
}

/** A minute of the session, as the video service tells it. */
const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 12, n));
const came = (sid: string, n: number): SessionEvent => ({
  type: "connected",
  seat: "patient",
  participantSid: sid,
  at: minute(n).toISOString(),
});
const went = (sid: string, n: number): SessionEvent => ({
  ...came(sid, n),
  type: "disconnected",
} as SessionEvent);

Deno.test("decide() knows that somebody with a newer connection is still there", () => {
  const running = aSession({ status: "IN_PROGRESS" });
  const replaced = tell(
    running,
    came("PA1", 1),
    came("PA2", 2),
    went("PA1", 3),
  );
  assert.equal(replaced.presence.patient?.state, "connected");
  assert.equal(
    tell(replaced, went("PA2", 4)).presence.patient?.state,
    "disconnected",
  );
});

Deno.test("S3.38 decide() takes the same stays down, in whatever order and how often they are told", () => {
  const story = [
    came("PA1", 1),
    went("PA1", 2),
    came("PA2", 3),
    went("PA2", 9),
    came("PA3", 10),
  ];
  const running = aSession({ status: "IN_PROGRESS" });
  const inOrder = tell(running, ...story);
  assert.deepEqual(
    inOrder.attendance.patient.map(({ leftAt }) => leftAt),
    [minute(2).toISOString(), minute(9).toISOString(), null],
  );
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...story, ...story], { minLength: 10 }),
      (told) => {
        const shuffled = tell(running, ...told);
        assert.deepEqual(shuffled.attendance, inOrder.attendance);
        assert.equal(shuffled.presence.patient?.state, "connected");
      },
    ),
  );
});

Deno.test("decide() takes stays down that are told after the end, without touching it", () => {
  const ended = after(aSession({ status: "IN_PROGRESS" }), { type: "ended" });
  const told = tell(ended, came("PA1", 5), came("PA2", 7), went("PA1", 6));
  assert.deepEqual(
    told.attendance.patient.map(({ joinedAt, leftAt }) => [joinedAt, leftAt]),
    [
      [minute(5).toISOString(), minute(6).toISOString()],
      [minute(7).toISOString(), ended.endedAt],
    ],
  );
  assert.equal(told.endedAt, ended.endedAt);
  assert.equal(told.presence.patient, null);
});

Deno.test("decide() mends presence by who is there, and has strangers removed", () => {
  const running = tell(aSession({ status: "IN_PROGRESS" }), came("PA1", 1));
  const gone = after(running, {
    type: "roster",
    present: [{ seat: "doctor", participantSid: "PA7" }],
  });
  assert.equal(gone.presence.patient?.state, "disconnected");
  assert.equal(gone.presence.doctor?.state, "connected");
  const intruded = after(gone, { type: "intruded", participantSid: "PA9" });
  assert.deepEqual(dutiesOf(intruded), [
    { kind: "participant.remove", subject: "PA9" },
  ]);
  const rid = after(intruded, {
    type: "intruder_removed",
    participantSid: "PA9",
  });
  assert.deepEqual(dutiesOf(rid), []);
});

const allow = (seat: "doctor" | "patient", granted: boolean): SessionEvent => ({
  type: "consented",
  seat,
  granted,
  textVersion: "1",
});

Deno.test("A9 decide() has a session recorded only while it is asked for and both allow it", () => {
  const running = aSession({
    status: "IN_PROGRESS",
    recording: { ...aSession().recording, requested: true },
  });
  const owes = (session: Session) => dutiesOf(session).map(({ kind }) => kind);
  assert.deepEqual(owes(tell(running, allow("patient", true))), []);
  const allowed = tell(running, allow("patient", true), allow("doctor", true));
  assert.deepEqual(owes(allowed), ["recording.switch"]);
  const recorded = after(allowed, {
    type: "recording_switched",
    on: true,
    roomSid: "RM1",
  });
  assert.deepEqual(owes(recorded), []);
  assert.equal(recorded.recording.active, true);
  const withdrawn = after(recorded, allow("patient", false));
  assert.deepEqual(owes(withdrawn), ["recording.switch"]);
  assert.equal(withdrawn.status, "IN_PROGRESS");
  // Withdrawn while the room is being told to record: it has to be told to stop.
  const hasty = after(allowed, allow("patient", false));
  assert.deepEqual(owes(hasty), ["recording.switch"]);
  // Allowed again before the room was told to stop: it is told once more.
  const again = after(hasty, allow("patient", true));
  assert.deepEqual(dutiesOf(again), [{
    kind: "recording.switch",
    subject: "on",
  }]);
  assert.equal(again.recording.active, false);
  // Refused from the start: there is nothing to prepare, and nothing to delete.
  const refused = tell(running, allow("patient", false), { type: "ended" });
  assert.equal(refused.status, "COMPLETED");
  assert.equal(refused.recording.state, "none");
  // Nobody asked for it: answers alone record nothing.
  const unasked = tell(
    aSession({ status: "IN_PROGRESS" }),
    allow("patient", true),
    allow("doctor", true),
  );
  assert.deepEqual(owes(unasked), []);
});

Deno.test("S3.18 decide() links the recording when it is ready, and has it deleted when that is asked", () => {
  const recorded = tell(
    aSession({
      status: "IN_PROGRESS",
      recording: { ...aSession().recording, requested: true },
    }),
    allow("patient", true),
    allow("doctor", true),
    { type: "recording_switched", on: true, roomSid: "RM1" },
    { type: "ended" },
  );
  assert.equal(recorded.recording.state, "processing");
  assert.deepEqual(dutiesOf(recorded).map(({ kind }) => kind), ["room.close"]);
  const part = {
    seat: "doctor" as const,
    roomSid: "RM1",
    leadSeconds: 3,
    compositionSid: "CJ1",
    status: "processing" as const,
    durationSeconds: null,
  };
  const composing = tell(recorded, { type: "room_closed" }, {
    type: "recording_composed",
    parts: [part, { ...part, seat: "patient", compositionSid: "CJ2" }],
  });
  assert.equal(composing.recording.state, "processing");
  const settle = (compositionSid: string, status: "ready" | "failed") => ({
    type: "recording_settled" as const,
    compositionSid,
    status,
    durationSeconds: status === "ready" ? 60 : null,
  });
  const ready = tell(
    composing,
    settle("CJ1", "ready"),
    settle("CJ2", "failed"),
  );
  assert.equal(ready.recording.state, "ready");
  const view = (signInId: string, part: "doctor" | "patient") => ({
    type: "recording_viewed" as const,
    seat: "patient" as const,
    signInId,
    part,
  });
  const viewed = after(ready, view("s1", "doctor"));
  assert.deepEqual(viewed.recording.lastViews, {
    doctor: null,
    patient: { signInId: "s1", at: AT },
  });
  assert.equal(outcome(viewed, view("s1", "patient"), later(3_599_000)), "=");
  after(viewed, view("s1", "patient"), later(3_600_000));
  after(viewed, view("s2", "patient"));
  const failed = tell(
    composing,
    settle("CJ1", "failed"),
    settle("CJ2", "failed"),
  );
  assert.equal(failed.recording.state, "failed");
  const deleting = after(ready, { type: "recording_deleted" });
  assert.deepEqual(dutiesOf(deleting).map(({ kind }) => kind), [
    "recording.erase",
  ]);
  const erased = after(deleting, { type: "recording_erased" });
  assert.equal(erased.recording.state, "deleted");
  assert.deepEqual(dutiesOf(erased), []);
});

const seat = fc.constantFrom(...SEATS);
const opId = fc.constantFrom("op1", "op2");
const roomName = fc.constantFrom("r1", "r2", "r3");
const participantSid = fc.constantFrom("PA1", "PA2", "PA3");
const compositionSid = fc.constantFrom("CJ1", "CJ2");
const roomSid = fc.constantFrom("RM1", "RM2", "RM3");
const at = fc.integer({ min: -3600, max: 3600 }).map((seconds) =>
  new Date(NOW.getTime() + seconds * 1000).toISOString()
);
const type = <T extends string>(name: T) => fc.constant(name);
const connection = fc.record({ seat, participantSid });
/** One generator per event, so that none is forgotten. */
const EVENTS: {
  [T in SessionEvent["type"]]: fc.Arbitrary<SessionEvent & { type: T }>;
} = {
  start_requested: fc.record({ type: type("start_requested"), opId }),
  start_confirmed: fc.record({ type: type("start_confirmed"), opId, roomSid }),
  start_failed: fc.record({
    type: type("start_failed"),
    opId,
    code: fc.constantFrom("video_rejected" as const, "visit_closed" as const),
  }),
  start_expired: fc.record({ type: type("start_expired"), opId }),
  admitted: fc.record({ type: type("admitted"), seat }),
  left: fc.record({ type: type("left"), seat, isOnPurpose: fc.boolean() }),
  connected: fc.record({ type: type("connected"), seat, participantSid, at }),
  disconnected: fc.record({
    type: type("disconnected"),
    seat,
    participantSid,
    at,
  }),
  roster: fc.record({
    type: type("roster"),
    present: fc.array(connection, { maxLength: 3 }),
  }),
  intruded: fc.record({ type: type("intruded"), participantSid }),
  intruder_removed: fc.record({
    type: type("intruder_removed"),
    participantSid,
  }),
  ended: fc.record({ type: type("ended") }),
  cancelled: fc.record({
    type: type("cancelled"),
    reason: fc.constantFrom(
      "cancelled_by_doctor" as const,
      "visit_closed" as const,
    ),
  }),
  expired: fc.record({ type: type("expired") }),
  overran: fc.record({
    type: type("overran"),
    reason: fc.constantFrom("max_duration" as const, "doctor_absent" as const),
  }),
  room_ended: fc.record({ type: type("room_ended"), roomSid, at }),
  room_closed: fc.record({ type: type("room_closed") }),
  room_close_given_up: fc.record({ type: type("room_close_given_up") }),
  room_found: fc.record({ type: type("room_found") }),
  room_reopened: fc.record({ type: type("room_reopened"), roomSid }),
  edited: fc.record({
    type: type("edited"),
    scheduledStart: fc.option(at),
    notes: fc.option(fc.constantFrom("a", "b")),
  }),
  consented: fc.record({
    type: type("consented"),
    seat,
    granted: fc.boolean(),
    textVersion: fc.constantFrom("1", "2"),
  }),
  video_offered: fc.record({ type: type("video_offered"), seat, roomName }),
  video_answered: fc.record({
    type: type("video_answered"),
    seat,
    accepted: fc.boolean(),
    roomName,
  }),
  room_moved: fc.record({
    type: type("room_moved"),
    roomName,
    roomSid: fc.constantFrom("RM3", "RM4"),
  }),
  move_given_up: fc.record({
    type: type("move_given_up"),
    roomName,
    code: fc.constantFrom(null, "video_rejected" as const),
  }),
  past_room_closed: fc.record({ type: type("past_room_closed"), roomName }),
  past_room_given_up: fc.record({
    type: type("past_room_given_up"),
    roomName,
  }),
  recording_switched: fc.record({
    type: type("recording_switched"),
    on: fc.boolean(),
    roomSid,
  }),
  recording_composed: fc.record({
    type: type("recording_composed"),
    parts: fc.uniqueArray(
      fc.record({
        seat,
        roomSid,
        leadSeconds: fc.nat(60),
        compositionSid,
        status: fc.constantFrom("processing" as const, "ready" as const),
        durationSeconds: fc.constant(null),
      }),
      { maxLength: 2, selector: ({ compositionSid }) => compositionSid },
    ),
  }),
  recording_settled: fc.record({
    type: type("recording_settled"),
    compositionSid,
    status: fc.constantFrom("ready" as const, "failed" as const),
    durationSeconds: fc.constant(1),
  }),
  recording_failed: fc.record({ type: type("recording_failed") }),
  recording_viewed: fc.record({
    type: type("recording_viewed"),
    seat,
    signInId: fc.constantFrom("s1", "s2"),
    part: seat,
  }),
  recording_deleted: fc.record({ type: type("recording_deleted") }),
  recording_erased: fc.record({ type: type("recording_erased") }),
};
/** Where the random sequences begin: what takes several steps in order is rarely reached from nothing. */
const anyBeginning = fc.constantFrom<Partial<Session>>(
  {},
  { status: "IN_PROGRESS" },
  { status: "IN_PROGRESS", voiceOnly: true },
  {
    status: "IN_PROGRESS",
    voiceOnly: true,
    moving: { roomName: "r1", at: AT, deadline: AT },
  },
);
const anyStep = fc.record({
  event: fc.oneof(...Object.values(EVENTS)) as fc.Arbitrary<SessionEvent>,
  secondsPassed: fc.integer({ min: -60, max: 900 }),
  visitStatus: fc.constantFrom("OPEN" as const, "CLOSED" as const),
});

/** What holds of every session, whatever happened to it. */
function assertLegal(session: Session): void {
  const { status, recording } = session;
  const over = isOver(status);
  const running = status === "IN_PROGRESS";
  const ran = running || status === "COMPLETED";
  assert.equal(session.startedAt !== null, ran);
  assert.equal(session.roomSid !== null, ran);
  assert.equal(session.endedAt !== null, over);
  assert.equal(session.endReason !== null, over);
  assert.equal(session.durationSeconds !== null, status === "COMPLETED");
  assert.equal(session.close !== "NONE", over && session.roomAsked);
  if (status === "COMPLETED") {
    const ms = Date.parse(session.endedAt!) - Date.parse(session.startedAt!);
    assert.equal(session.durationSeconds, Math.round(ms / 1000));
    assert(ms >= 0);
  }
  if (over) {
    assert.equal(session.startIntent, null);
    assert.deepEqual(session.intruders, []);
    assert.equal(recording.active, false);
  }
  for (const one of SEATS) {
    const state = session.presence[one]?.state;
    const stays = session.attendance[one];
    if (over) assert(state === undefined || state === "disconnected");
    if (running && isThere(stays)) assert.equal(state, "connected");
    if (state === "connected") assert(isThere(stays));
    if (!running) assert(!isThere(stays));
    for (const { joinedAt, leftAt } of stays) {
      assert(leftAt === null || joinedAt <= leftAt);
    }
  }
  const { videoOffer, moving, pastRooms, voiceOnly } = session;
  if (videoOffer !== null || moving !== null) assert(running && voiceOnly);
  assert(videoOffer === null || moving === null);
  assert(pastRooms.length <= PAST_ROOMS_MAX + 1);
  for (const past of pastRooms) {
    assert(past.roomSid !== null || !past.closed);
    if (past.roomSid !== null) assert(!voiceOnly);
  }
  const duties = dutiesOf(session).map(dutyName);
  for (const past of pastRooms) {
    assert.equal(duties.includes(`room.drop:${past.roomName}`), !past.closed);
  }
  const kinds = dutiesOf(session).map(({ kind }) => kind);
  assert.equal(kinds.includes("room.move"), moving !== null);
  // Nothing is recorded without both, but for the moment it takes to stop it.
  if (recording.active && !isAllowed(recording)) {
    assert(kinds.includes("recording.switch"));
  }
}

Deno.test("decide() keeps every random sequence of events legal", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      anyBeginning,
      fc.array(anyStep, { maxLength: 60 }),
      (requested, beginning, steps) => {
        const plain = aSession(beginning);
        let session: Session = {
          ...plain,
          recording: { ...plain.recording, requested },
        };
        let now = NOW;
        for (const { event, secondsPassed, visitStatus } of steps) {
          now = new Date(now.getTime() + secondsPassed * 1000);
          const before = session;
          try {
            session = decide(before, event, {
              now,
              visitStatus,
              activeSessionId: null,
              onDemandId: null,
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
            const { status, startedAt, endedAt, endReason } = before;
            assert.deepEqual(
              {
                status: session.status,
                startedAt: session.startedAt,
                endedAt: session.endedAt,
                endReason: session.endReason,
              },
              { status, startedAt, endedAt, endReason },
            );
          }
        }
      },
    ),
    { numRuns: 4_000 },
  );
});
