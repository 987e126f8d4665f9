import type { Actor } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import { isOver, type Seat, type Session } from "@/lib/sessions/session.ts";

/** What a participant can do with a session, besides seeing it. */
export const SESSION_ACTIONS = [
  "start",
  "join",
  "leave",
  "end",
  "cancel",
  "edit",
  "consent",
  "play_recording",
  "delete_recording",
] as const;
/** What a participant can do with a session, besides seeing it. */
export type SessionAction = typeof SESSION_ACTIONS[number];

/** Which seat of the session is the actor's, or null for a stranger. */
export function seatOf(actor: Actor, session: Session): Seat | null {
  if (actor.role === "doctor" && actor.accountId === session.doctor.id) {
    return "doctor";
  }
  if (actor.role === "patient" && actor.accountId === session.patient.id) {
    return "patient";
  }
  return null;
}

/** Whose identity in the room this is, or null for a stranger's. */
export function seatOfIdentity(
  identity: string | undefined,
  session: Session,
): Seat | null {
  if (identity === session.doctor.id) return "doctor";
  return identity === session.patient.id ? "patient" : null;
}

/** Who may do what, by seat. */
const PERMITTED: Record<SessionAction, readonly Seat[]> = {
  start: ["doctor"],
  join: ["doctor", "patient"],
  leave: ["doctor", "patient"],
  end: ["doctor"],
  cancel: ["doctor"],
  edit: ["doctor"],
  consent: ["doctor", "patient"],
  play_recording: ["doctor", "patient"],
  delete_recording: ["doctor"],
};

/** When it makes sense. A patient may come early and wait for the doctor. */
const POSSIBLE: Record<
  SessionAction,
  (session: Session, seat: Seat) => boolean
> = {
  start: (session) => session.status === "SCHEDULED",
  join: (session, seat) =>
    session.status === "IN_PROGRESS" ||
    (session.status === "SCHEDULED" && seat === "patient"),
  leave: (session, seat) =>
    !isOver(session.status) && session.presence[seat] !== null &&
    session.presence[seat].state !== "disconnected",
  end: (session) => session.status === "IN_PROGRESS",
  cancel: (session) => session.status === "SCHEDULED",
  edit: ({ status }) => status !== "CANCELLED" && status !== "FAILED",
  consent: ({ status, recording }) => recording.requested && !isOver(status),
  play_recording: ({ recording }) => recording.state === "ready",
  delete_recording: ({ recording }) =>
    ["processing", "ready", "failed"].includes(recording.state),
};

/**
 * The actor's seat, or the reason why there is none: a stranger learns
 * nothing, not even that the session exists.
 */
export function requireSeat(actor: Actor, session: Session): Seat {
  const seat = seatOf(actor, session);
  if (seat === null) {
    throw new AppError(
      "session_not_found",
      `Cannot find session "${session.id}"`,
    );
  }
  return seat;
}

/** Lets the actor through, with their seat, or says why not. */
export function authorize(
  actor: Actor,
  action: SessionAction,
  session: Session,
): Seat {
  const seat = requireSeat(actor, session);
  if (!PERMITTED[action].includes(seat)) {
    throw new AppError(
      "role_forbidden",
      `Cannot ${action} session "${session.id}" as a ${actor.role}`,
    );
  }
  return seat;
}

/** The buttons to show: everything the actor is permitted to do that is possible now. */
export function availableActions(
  actor: Actor,
  session: Session,
): SessionAction[] {
  const seat = seatOf(actor, session);
  if (seat === null) return [];
  return SESSION_ACTIONS.filter((action) =>
    PERMITTED[action].includes(seat) && POSSIBLE[action](session, seat)
  );
}
