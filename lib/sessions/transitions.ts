import { AppError, type ErrorCode } from "@/lib/errors.ts";
import type { VisitStatus } from "@/lib/visits/visit.ts";
import {
  type EndReason,
  isOver,
  type Presence,
  type Seat,
  type Session,
} from "@/lib/sessions/session.ts";

/** How long the video service has to answer a start. */
export const START_DEADLINE_MS = 30_000;

/** Something that happens to a session. Who may cause it is `policy.ts`'s question. */
export type SessionEvent =
  | { type: "start_requested"; opId: string }
  | { type: "start_confirmed"; opId: string; roomSid: string }
  | { type: "start_failed"; opId: string; code: ErrorCode }
  | { type: "admitted"; seat: Seat }
  | { type: "connected"; seat: Seat; participantSid: string }
  | { type: "disconnected"; seat: Seat; participantSid: string }
  | { type: "left"; seat: Seat }
  | { type: "ended" }
  | { type: "room_ended" }
  | { type: "room_closed" }
  | { type: "room_reopened"; roomSid: string }
  | { type: "cancelled"; reason: "cancelled_by_doctor" | "visit_closed" };

/** What a decision may depend on besides the session itself. */
export interface Surroundings {
  /** The server's clock. */
  now: Date;
  visitStatus: VisitStatus;
  /** The session of the same visit that is IN_PROGRESS, if there is one. */
  activeSessionId: string | null;
}

/**
 * The session after the event, or null if the event changes nothing. Throws
 * `AppError` if the event is refused. Pure and total: every status takes
 * every event.
 *
 *     SCHEDULED ──start_requested, start_confirmed──▶ IN_PROGRESS ──ended──▶ COMPLETED
 *         ├──cancelled─────────────────────▶ CANCELLED
 *         └──start_failed (refused)────────▶ FAILED
 *
 * Joining and leaving only change who is where; the session goes on until its
 * doctor ends it or the room is gone.
 */
export function decide(
  session: Session,
  event: SessionEvent,
  around: Surroundings,
): Session | null {
  const next = HANDLERS[event.type](session, event as never, around);
  return next === null ? null : { ...next, rev: session.rev + 1 };
}

type EventOf<T extends SessionEvent["type"]> = Extract<
  SessionEvent,
  { type: T }
>;

type Handlers = {
  [T in SessionEvent["type"]]: (
    session: Session,
    event: EventOf<T>,
    around: Surroundings,
  ) => Session | null;
};

const HANDLERS: Handlers = {
  start_requested(session, { opId }, around) {
    if (session.status === "IN_PROGRESS") return null;
    requireStatus(session, "start", "SCHEDULED");
    requireStartable(session, around);
    // A second tab joins the attempt that is under way: one room, one start.
    if (hasLiveIntent(session, around.now)) return null;
    return {
      ...session,
      startIntent: {
        opId,
        at: around.now.toISOString(),
        deadline: new Date(around.now.getTime() + START_DEADLINE_MS)
          .toISOString(),
      },
    };
  },

  start_confirmed(session, { opId, roomSid }, around) {
    if (session.status === "IN_PROGRESS") return null;
    requireStatus(session, "start", "SCHEDULED");
    if (session.startIntent?.opId !== opId) {
      throw new AppError(
        "conflict",
        `Cannot start session "${session.id}": this attempt was given up`,
      );
    }
    requireStartable(session, around);
    return {
      ...session,
      status: "IN_PROGRESS",
      startedAt: around.now.toISOString(),
      roomSid,
      startIntent: null,
    };
  },

  start_failed(session, { opId, code }, { now }) {
    if (session.startIntent?.opId !== opId) return null;
    // A refusal is for good; anything else may be over in a minute.
    if (code !== "video_rejected") return { ...session, startIntent: null };
    return {
      ...withoutPresence(session, now),
      status: "FAILED",
      startIntent: null,
      endedAt: now.toISOString(),
      endReason: "video_rejected",
    };
  },

  admitted(session, { seat }, { now }) {
    if (isOver(session.status)) {
      throw new AppError(
        "session_over",
        `Cannot join session "${session.id}": current status is ${session.status}`,
      );
    }
    const waiting = session.status === "SCHEDULED";
    if (waiting && seat === "doctor") {
      throw new AppError(
        "not_started",
        `Cannot join session "${session.id}": start it first`,
      );
    }
    // A second token for somebody already in the room (another tab, a reload)
    // must not hide that they are there; it is recorded all the same.
    const current = session.presence[seat];
    if (current?.state === "connected") return session;
    const present = withPresence(session, seat, {
      state: waiting ? "waiting" : "joining",
      at: now.toISOString(),
      participantSid: null,
    });
    return { ...present, everJoined: session.everJoined || !waiting };
  },

  connected(session, { seat, participantSid }, { now }) {
    if (session.status !== "IN_PROGRESS") return null;
    const current = session.presence[seat];
    if (current?.participantSid === participantSid) return null;
    const present = withPresence(session, seat, {
      state: "connected",
      at: now.toISOString(),
      participantSid,
    });
    const both = present.presence.doctor?.state === "connected" &&
      present.presence.patient?.state === "connected";
    return {
      ...present,
      everJoined: true,
      everBoth: session.everBoth || both,
    };
  },

  disconnected(session, { seat, participantSid }, { now }) {
    if (session.status !== "IN_PROGRESS") return null;
    const current = session.presence[seat];
    const isIn = current?.state === "connected";
    const isCurrent = current?.participantSid === participantSid;
    // Told already, or of an older connection that a newer one has replaced.
    if (isIn !== isCurrent) return null;
    // Also of a connection never heard of: its coming may yet be told, too late.
    return withPresence(session, seat, { ...gone(now), participantSid });
  },

  left(session, { seat }, { now }) {
    const current = session.presence[seat];
    if (current === null || current.state === "disconnected") return null;
    return withPresence(session, seat, {
      ...gone(now),
      // Kept, so that the video service's own word of it changes nothing more.
      participantSid: current.participantSid,
    });
  },

  ended(session, _event, { now }) {
    if (session.status === "COMPLETED") return null;
    if (session.status === "SCHEDULED") {
      throw new AppError(
        "not_started",
        `Cannot end session "${session.id}": it has not started`,
      );
    }
    requireStatus(session, "end", "IN_PROGRESS");
    return completed(session, now, "ended_by_doctor", "PENDING");
  },

  room_ended(session, _event, { now }) {
    if (session.status !== "IN_PROGRESS") return null;
    return completed(session, now, "room_ended", "DONE");
  },

  room_closed(session) {
    return session.close === "PENDING" ? { ...session, close: "DONE" } : null;
  },

  room_reopened(session, { roomSid }, { now }) {
    if (session.status !== "IN_PROGRESS" || session.roomSid === roomSid) {
      return null;
    }
    return { ...withoutPresence(session, now), roomSid };
  },

  cancelled(session, { reason }, { now }) {
    if (session.status === "CANCELLED") return null;
    requireStatus(session, "cancel", "SCHEDULED");
    return {
      ...withoutPresence(session, now),
      status: "CANCELLED",
      endedAt: now.toISOString(),
      endReason: reason,
      startIntent: null,
    };
  },
};

function requireStatus(
  session: Session,
  verb: string,
  status: Session["status"],
): void {
  if (session.status === status) return;
  throw new AppError(
    "invalid_transition",
    `Cannot ${verb} session "${session.id}": current status is ${session.status}`,
  );
}

/** Only one session of an OPEN visit runs at a time. */
function requireStartable(session: Session, around: Surroundings): void {
  if (around.visitStatus !== "OPEN") {
    throw new AppError(
      "visit_closed",
      `Cannot start session "${session.id}": visit "${session.visitId}" is closed`,
    );
  }
  const active = around.activeSessionId;
  if (active !== null && active !== session.id) {
    throw new AppError(
      "session_running",
      `Cannot start session "${session.id}": session "${active}" is running`,
    );
  }
}

function hasLiveIntent(session: Session, now: Date): boolean {
  return session.startIntent !== null &&
    Date.parse(session.startIntent.deadline) > now.getTime();
}

function gone(now: Date): Pick<Presence, "state" | "at"> {
  return { state: "disconnected", at: now.toISOString() };
}

function withPresence(
  session: Session,
  seat: Seat,
  presence: Presence,
): Session {
  return { ...session, presence: { ...session.presence, [seat]: presence } };
}

/** Nobody is in a session that is over. */
function withoutPresence(session: Session, now: Date): Session {
  const leave = (presence: Presence | null): Presence | null =>
    presence === null || presence.state === "disconnected"
      ? presence
      : { ...presence, ...gone(now) };
  return {
    ...session,
    presence: {
      doctor: leave(session.presence.doctor),
      patient: leave(session.presence.patient),
    },
  };
}

function completed(
  session: Session,
  now: Date,
  reason: EndReason,
  close: Session["close"],
): Session {
  const startedMs = Date.parse(session.startedAt ?? now.toISOString());
  // A clock that was set back must not give a negative duration.
  const endedMs = Math.max(startedMs, now.getTime());
  return {
    ...withoutPresence(session, now),
    status: "COMPLETED",
    endedAt: new Date(endedMs).toISOString(),
    durationSeconds: Math.round((endedMs - startedMs) / 1000),
    endReason: session.everJoined ? reason : "no_show",
    close,
  };
}
