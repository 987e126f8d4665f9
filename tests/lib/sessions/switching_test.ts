import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import { acrossRooms } from "@/lib/sessions/attendance.ts";
import { dutiesOf, dutyName } from "@/lib/sessions/duties.ts";
import type { SessionEvent } from "@/lib/sessions/events.ts";
import { eventFacts } from "@/lib/sessions/facts.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";
import {
  MOVE_DEADLINE_MS,
  PAST_ROOMS_MAX,
  roomsOf,
} from "@/lib/sessions/switching.ts";
import { decide } from "@/lib/sessions/transitions.ts";
import { aSession } from "../../support/fixtures.ts";

const NOW = new Date("2026-11-21T12:30:00.000Z");
const AT = NOW.toISOString();
const around = {
  now: NOW,
  visitStatus: "OPEN" as const,
  activeSessionId: null,
  onDemandId: null,
};

/** A voice call with both in it. */
const VOICE = aSession({
  status: "IN_PROGRESS",
  voiceOnly: true,
  roomName: "r1",
  presence: {
    doctor: { state: "connected", at: AT },
    patient: { state: "connected", at: AT },
  },
  attendance: {
    doctor: [{ participantSid: "PA1", joinedAt: AT, leftAt: null }],
    patient: [{ participantSid: "PA2", joinedAt: AT, leftAt: null }],
  },
  admitted: { doctor: true, patient: true },
  everBoth: true,
});

const offer = (seat: Seat, roomName = "r2"): SessionEvent => ({
  type: "video_offered",
  seat,
  roomName,
});
const answer = (seat: Seat, accepted: boolean): SessionEvent => ({
  type: "video_answered",
  seat,
  accepted,
  roomName: "r2",
});
const MOVED: SessionEvent = {
  type: "room_moved",
  roomName: "r2",
  roomSid: "RM2",
};

function tell(session: Session, ...events: SessionEvent[]): Session {
  return events.reduce(
    (before, event) => decide(before, event, around) ?? before,
    session,
  );
}

const duties = (session: Session) => dutiesOf(session).map(dutyName);
const refusal = (session: Session, event: SessionEvent) => {
  try {
    return decide(session, event, around) === null ? "=" : "changed";
  } catch (error) {
    return (error as AppError).code;
  }
};

Deno.test("decide() moves a voice call when both want video, whoever asked first", () => {
  for (const [one, other] of [["doctor", "patient"], ["patient", "doctor"]]) {
    const asked = tell(VOICE, offer(one as Seat));
    assert.deepEqual(asked.videoOffer, { by: one, at: AT });
    assert.deepEqual(duties(asked), []);
    for (
      const agreement of [answer(other as Seat, true), offer(other as Seat)]
    ) {
      const agreed = tell(asked, agreement);
      assert.equal(agreed.videoOffer, null);
      assert.deepEqual(agreed.moving, {
        roomName: "r2",
        at: AT,
        deadline: new Date(NOW.getTime() + MOVE_DEADLINE_MS).toISOString(),
      });
      assert.deepEqual(duties(agreed), ["room.move:r2"]);
      assert.equal(agreed.voiceOnly, true);
    }
  }
});

Deno.test("decide() asks once, lets nobody agree with themselves, and lets either say no", () => {
  const asked = tell(VOICE, offer("doctor"));
  assert.equal(refusal(asked, offer("doctor", "r9")), "=");
  assert.equal(refusal(asked, answer("doctor", true)), "=");
  for (const seat of ["doctor", "patient"] as const) {
    const stayed = tell(asked, answer(seat, false));
    assert.deepEqual({ ...stayed, rev: 0 }, { ...VOICE, rev: 0 });
  }
  assert.equal(refusal(VOICE, answer("patient", false)), "=");
  assert.equal(refusal(VOICE, answer("patient", true)), "conflict");
  const agreed = tell(asked, answer("patient", true));
  // Too late to take it back, and nothing more to ask.
  for (
    const event of [
      answer("doctor", false),
      answer("patient", true),
      offer("doctor", "r3"),
    ]
  ) assert.equal(refusal(agreed, event), "=");
});

Deno.test("decide() knows of no question of somebody who has left", () => {
  const asked = tell(VOICE, offer("doctor"));
  const left = (seat: Seat) =>
    tell(asked, { type: "left", seat, isOnPurpose: true });
  assert.equal(left("doctor").videoOffer, null);
  assert.deepEqual(left("patient").videoOffer, asked.videoOffer);
});

Deno.test("decide() takes the call to the new room: stays end there, connections continue them, the old room is to be closed", () => {
  const agreed = tell(VOICE, offer("doctor"), answer("patient", true));
  assert.equal(
    refusal(agreed, { ...MOVED, roomName: "r9" } as SessionEvent),
    "=",
  );
  const moved = tell(agreed, MOVED);
  assert.deepEqual(
    [moved.voiceOnly, moved.roomName, moved.roomSid, moved.moving],
    [false, "r2", "RM2", null],
  );
  assert.deepEqual(moved.pastRooms, [{
    roomName: "r1",
    roomSid: "RM1",
    leftAt: AT,
    closed: false,
  }]);
  assert.deepEqual(roomsOf(moved), [
    { roomSid: "RM1", voiceOnly: true },
    { roomSid: "RM2", voiceOnly: false },
  ]);
  assert.deepEqual(duties(moved), ["room.drop:r1"]);
  assert.equal(moved.presence.doctor?.state, "joining");
  assert.equal(moved.attendance.doctor[0]?.leftAt, AT);
  const later = "2026-11-21T12:30:04.000Z";
  const there = decide(moved, {
    type: "connected",
    seat: "doctor",
    participantSid: "PA3",
    at: later,
  }, { ...around, now: new Date(later) })!;
  assert.equal(there.presence.doctor?.state, "connected");
  assert.deepEqual(acrossRooms(there.attendance.doctor, [AT]), [
    { participantSid: "PA3", joinedAt: AT, leftAt: null },
  ]);
  const closed = tell(there, { type: "past_room_closed", roomName: "r1" });
  assert.deepEqual(duties(closed), []);
  assert.equal(closed.pastRooms[0]?.closed, true);
  // The old room ends, as it is to: the session goes on.
  assert.equal(
    refusal(moved, { type: "room_ended", roomSid: "RM1", at: AT }),
    "=",
  );
});

Deno.test("decide() leaves the call where it is when the new room cannot be had, and has whatever there is of it closed", () => {
  const agreed = tell(VOICE, offer("doctor"), answer("patient", true));
  const stayed = tell(agreed, {
    type: "move_given_up",
    roomName: "r2",
    code: null,
  });
  assert.deepEqual(
    [stayed.status, stayed.voiceOnly, stayed.roomName, stayed.videoOffer],
    ["IN_PROGRESS", true, "r1", null],
  );
  assert.deepEqual(duties(stayed), ["room.drop:r2"]);
  // What arrives late opens nothing.
  assert.equal(refusal(stayed, MOVED), "=");
  const closed = tell(stayed, { type: "past_room_closed", roomName: "r2" });
  assert.deepEqual(closed.pastRooms, []);
  assert.deepEqual(duties(closed), []);
});

Deno.test("decide() asks for no further room while earlier ones cannot be closed", () => {
  const many = aSession({
    ...VOICE,
    pastRooms: Array.from({ length: PAST_ROOMS_MAX }, (_, n) => ({
      roomName: `past-${n}`,
      roomSid: null,
      leftAt: AT,
      closed: false,
    })),
  });
  assert.equal(refusal(many, offer("doctor")), "video_unavailable");
  const fewer = tell(many, { type: "past_room_given_up", roomName: "past-0" });
  assert.equal(refusal(fewer, offer("doctor")), "changed");
});

Deno.test("decide() ends a call in the middle of a move: nothing is under way any more, every room there may be is to be closed", () => {
  const agreed = tell(VOICE, offer("doctor"), answer("patient", true));
  for (const before of [agreed, tell(agreed, MOVED)]) {
    const ended = tell(before, { type: "ended" });
    assert.deepEqual([ended.videoOffer, ended.moving], [null, null]);
    const past = before === agreed ? "r2" : "r1";
    assert.deepEqual(duties(ended), ["room.close", `room.drop:${past}`]);
    assert.equal(refusal(ended, MOVED), "=");
  }
});

const granted = { granted: true, at: AT, textVersion: "1" };

Deno.test("decide() records nothing during a move, and asks again whether to record the picture, too", () => {
  const recorded = aSession({
    ...VOICE,
    recording: {
      ...VOICE.recording,
      requested: true,
      active: true,
      taken: true,
      consents: { doctor: granted, patient: granted },
    },
  });
  const agreed = tell(recorded, offer("doctor"), answer("patient", true));
  assert.deepEqual(duties(agreed), ["room.move:r2", "recording.switch:off"]);
  // Not before the room that is left records no more.
  assert.equal(refusal(agreed, MOVED), "=");
  const stopped = tell(agreed, {
    type: "recording_switched",
    on: false,
    roomSid: "RM1",
  });
  assert.deepEqual(duties(stopped), ["room.move:r2"]);
  const given = tell(stopped, {
    type: "move_given_up",
    roomName: "r2",
    code: "video_rejected",
  });
  assert.deepEqual(duties(given), ["room.drop:r2", "recording.switch:on"]);

  const moved = tell(stopped, MOVED);
  assert.deepEqual(moved.recording.consents, { doctor: null, patient: null });
  assert.equal(moved.recording.taken, true);
  assert.deepEqual(duties(moved), ["room.drop:r1"]);
  // A late answer of the old room says nothing of the new one.
  const late: SessionEvent = {
    type: "recording_switched",
    on: true,
    roomSid: "RM1",
  };
  assert.equal(refusal(moved, late), "=");
  const allow = (seat: Seat): SessionEvent => ({
    type: "consented",
    seat,
    granted: true,
    textVersion: "1",
  });
  const allowed = tell(moved, allow("doctor"), allow("patient"));
  assert.deepEqual(duties(allowed), ["room.drop:r1", "recording.switch:on"]);
  const ended = tell(allowed, { type: "ended" }, { type: "room_closed" });
  // The files are complete when both rooms are closed.
  assert.deepEqual(duties(ended), ["room.drop:r1"]);
  assert.deepEqual(
    duties(tell(ended, { type: "past_room_closed", roomName: "r1" })),
    ["recording.compose"],
  );
});

Deno.test("decide() looks after what the old room may have recorded without a word of it", () => {
  const moved = tell(
    aSession({
      ...VOICE,
      recording: {
        ...VOICE.recording,
        requested: true,
        consents: { doctor: granted, patient: granted },
      },
    }),
    offer("doctor"),
    answer("patient", true),
    MOVED,
    { type: "ended" },
  );
  assert.equal(moved.recording.state, "processing");
});

Deno.test("decide() takes a no to recording along to the new room", () => {
  const refused = { ...granted, granted: false };
  const agreed = tell(
    aSession({
      ...VOICE,
      recording: {
        ...VOICE.recording,
        requested: true,
        consents: { doctor: granted, patient: refused },
      },
    }),
    offer("doctor"),
    answer("patient", true),
    MOVED,
  );
  assert.deepEqual(agreed.recording.consents, {
    doctor: null,
    patient: refused,
  });
});

Deno.test("acrossRooms() joins the stays that only a move parted", () => {
  const stay = (joinedAt: string, leftAt: string | null) => ({
    participantSid: joinedAt,
    joinedAt,
    leftAt,
  });
  const t = (seconds: number) =>
    new Date(NOW.getTime() + seconds * 1000).toISOString();
  const stays = [stay(t(0), t(60)), stay(t(63), t(90)), stay(t(95), null)];
  assert.deepEqual(
    acrossRooms(stays, [t(60)]).map(({ joinedAt, leftAt }) => [
      joinedAt,
      leftAt,
    ]),
    [[t(0), t(90)], [t(95), null]],
  );
  assert.deepEqual(acrossRooms(stays, []), stays);
  const long = [stay(t(0), t(60)), stay(t(200), null)];
  assert.deepEqual(acrossRooms(long, [t(60)]), long);
  assert.deepEqual(acrossRooms([stay(t(0), t(60))], [t(60)]).length, 1);
});

Deno.test("what becomes of an offer of video is in the history", () => {
  const reasonOf = (before: Session, event: SessionEvent) =>
    eventFacts(
      event,
      { before, after: tell(before, event), at: NOW },
      { id: "doctor-1", role: "doctor", signInId: null },
      "r",
    );
  const asked = tell(VOICE, offer("doctor"));
  const said: [Session, SessionEvent, string, string][] = [
    [VOICE, offer("doctor"), "session.video_offer", "doctor:offered"],
    [asked, offer("patient"), "session.video_offer", "patient:accepted"],
    [
      asked,
      answer("patient", true),
      "session.video_answer",
      "patient:accepted",
    ],
    [
      asked,
      answer("patient", false),
      "session.video_answer",
      "patient:refused",
    ],
    [
      asked,
      answer("doctor", false),
      "session.video_answer",
      "doctor:withdrawn",
    ],
  ];
  for (const [before, event, action, reason] of said) {
    const facts = reasonOf(before, event);
    assert.deepEqual([facts.action, facts.reason], [action, reason]);
  }
  const agreed = tell(asked, answer("patient", true));
  const given = reasonOf(agreed, {
    type: "move_given_up",
    roomName: "r2",
    code: "video_rejected",
  });
  assert.deepEqual([given.outcome, given.code], ["error", "video_rejected"]);
});
