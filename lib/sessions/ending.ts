import { allClosed } from "@/lib/sessions/attendance.ts";
import type { Handlers } from "@/lib/sessions/events.ts";
import { finished } from "@/lib/sessions/recording.ts";
import { notStarted, requireStatus } from "@/lib/sessions/refusals.ts";
import { withoutMove } from "@/lib/sessions/switching.ts";
import {
  type EndReason,
  isOver,
  type Presence,
  type Session,
} from "@/lib/sessions/session.ts";

/** How long a session may last. The video service ends rooms after the same time. */
export const SESSION_MS_MAX = 4 * 3_600_000;
/** How long the doctor may be away before the session counts as over. */
export const ABSENCE_MS_MAX = 10 * 60_000;
/** How long the patient of a call on demand waits for a doctor who has taken it and does not come. */
export const ANSWER_MS_MAX = 2 * 60_000;
/** How long after its planned start a session can still begin. */
export const EXPIRY_MS = 24 * 3_600_000;

/** What ending makes of a session. */
export const ENDING: Handlers<
  | "ended"
  | "cancelled"
  | "expired"
  | "overran"
  | "room_ended"
  | "room_closed"
  | "room_close_given_up"
  | "room_found"
  | "room_reopened"
> = {
  ended(session, _event, { now }) {
    if (session.status === "COMPLETED") return null;
    if (session.status === "SCHEDULED") throw notStarted(session, "end");
    requireStatus(session, "end", "IN_PROGRESS");
    return completed(session, now, "ended_by_doctor", "PENDING");
  },

  cancelled(session, { reason }, { now }) {
    if (session.status === "CANCELLED") return null;
    requireStatus(session, "cancel", "SCHEDULED");
    return cancelled(session, now, reason);
  },

  expired(session, _event, { now }) {
    const age = now.getTime() - Date.parse(session.scheduledStart);
    if (session.status !== "SCHEDULED" || age <= EXPIRY_MS) return null;
    return cancelled(session, now, "expired");
  },

  overran(session, { reason }, { now }) {
    if (session.status !== "IN_PROGRESS") return null;
    const since = reason === "max_duration"
      ? Date.parse(session.startedAt!)
      : doctorAbsentSince(session);
    const limit = reason === "max_duration"
      ? SESSION_MS_MAX
      : session.onDemand && doctorNeverCame(session)
      ? ANSWER_MS_MAX
      : ABSENCE_MS_MAX;
    if (since === null || now.getTime() - since <= limit) return null;
    return completed(session, now, reason, "PENDING");
  },

  room_ended(session, { roomSid, at }, { now }) {
    const intent = session.startIntent;
    if (session.status === "SCHEDULED" && intent !== null) {
      if (intent.endedRoomSid === roomSid) return null;
      return { ...session, startIntent: { ...intent, endedRoomSid: roomSid } };
    }
    if (session.status !== "IN_PROGRESS" || session.roomSid !== roomSid) {
      return null;
    }
    const told = new Date(Math.min(now.getTime(), Date.parse(at)));
    return completed(session, told, "room_ended", "DONE");
  },

  room_closed(session) {
    return session.close === "PENDING" ? { ...session, close: "DONE" } : null;
  },

  room_close_given_up(session) {
    return session.close === "PENDING"
      ? { ...session, close: "GAVE_UP" }
      : null;
  },

  room_found(session) {
    if (!isOver(session.status) || session.close === "PENDING") return null;
    return { ...session, roomAsked: true, close: "PENDING" };
  },

  room_reopened(session, { roomSid }, { now }) {
    if (session.status !== "IN_PROGRESS" || session.roomSid === roomSid) {
      return null;
    }
    return {
      ...withoutPresence(session, now.toISOString()),
      recording: { ...session.recording, active: false },
      intruders: [],
      roomSid,
    };
  },
};

/** Since when the doctor is not in a session that runs, in ms since 1970; null: the doctor is there. */
export function doctorAbsentSince(session: Session): number | null {
  const presence = session.presence.doctor;
  if (presence?.state === "connected") return null;
  const startedMs = Date.parse(session.startedAt!);
  return presence === null
    ? startedMs
    : Math.max(startedMs, Date.parse(presence.at));
}

/** Whether the doctor never came: nobody has seen them in the room, nor did they end it once they were let in. */
export function doctorNeverCame(
  { attendance, admitted, endReason }: Session,
): boolean {
  return attendance.doctor.length === 0 &&
    !(admitted.doctor && endReason === "ended_by_doctor");
}

/** Whether the call came to nothing, and its request goes back to its place in line: the doctor never came, and the patient has not given it up. */
export function returnsToLine(session: Session): boolean {
  const { call, status } = session;
  return call !== null && call.mayReturn && !call.isGivenUp &&
    isOver(status) && doctorNeverCame(session);
}

/** The session when its start did not work for good. */
export function failed(
  session: Session,
  now: Date,
  reason: "video_rejected" | "video_unreachable",
): Session {
  return {
    ...over(session, now, "PENDING"),
    status: "FAILED",
    endReason: reason,
  };
}

function cancelled(
  session: Session,
  now: Date,
  reason: Extract<
    EndReason,
    "cancelled_by_doctor" | "visit_closed" | "expired"
  >,
): Session {
  return {
    ...over(session, now, "PENDING"),
    status: "CANCELLED",
    endReason: reason,
  };
}

function completed(
  session: Session,
  now: Date,
  reason: EndReason,
  close: Session["close"],
): Session {
  const startedMs = Date.parse(session.startedAt!);
  // A clock that was set back must not give a negative duration.
  const endedMs = Math.max(startedMs, now.getTime());
  const cameNobody = !session.admitted.doctor && !session.admitted.patient;
  return {
    ...over(session, new Date(endedMs), close),
    status: "COMPLETED",
    durationSeconds: Math.round((endedMs - startedMs) / 1000),
    endReason: cameNobody ? "no_show" : reason,
    recording: finished(session.recording),
  };
}

/** What every end has in common: nobody is there, nothing is under way, and a room there may be has to be closed. */
function over(
  session: Session,
  at: Date,
  close: Session["close"],
): Session {
  return {
    ...withoutMove(
      withoutPresence(session, at.toISOString()),
      at.toISOString(),
    ),
    startIntent: null,
    intruders: [],
    endedAt: at.toISOString(),
    close: session.roomAsked ? close : "NONE",
  };
}

function withoutPresence(session: Session, at: string): Session {
  const leave = (presence: Presence | null): Presence | null =>
    presence === null || presence.state === "disconnected"
      ? presence
      : { state: "disconnected", at };
  const { presence, attendance } = session;
  return {
    ...session,
    presence: {
      doctor: leave(presence.doctor),
      patient: leave(presence.patient),
    },
    attendance: {
      doctor: allClosed(attendance.doctor, at),
      patient: allClosed(attendance.patient, at),
    },
  };
}
