import { seatOf } from "@/lib/access/policy.ts";
import {
  SESSION_OPERATIONS,
  type SessionOperation,
  verdictOf,
} from "@/lib/access/table.ts";
import type { Actor } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";

/** What a participant can be offered to do with a session: its buttons. */
export const SESSION_ACTIONS = [
  "start",
  "join",
  "leave",
  "end",
  "cancel",
  "edit",
  "consent",
  "offer_video",
  "answer_video",
  "play_recording",
  "delete_recording",
] as const satisfies SessionOperation[];
/** What a participant can be offered to do with a session: its buttons. */
export type SessionAction = typeof SESSION_ACTIONS[number];

/** Whose identity in the room this is, or null for a stranger's. */
export function seatOfIdentity(
  identity: string | undefined,
  session: Session,
): Seat | null {
  if (identity === session.doctor.id) return "doctor";
  return identity === session.patient.id ? "patient" : null;
}

/**
 * Lets the actor through, with their seat, or says why not. A stranger learns
 * nothing, not even that the session exists. Whether the session can take it
 * now is for `transitions.ts` to say. Throws `session_not_found`,
 * `role_forbidden`.
 */
export function authorize(
  actor: Actor,
  operation: SessionOperation,
  session: Session,
): Seat {
  const seat = seatOf(actor, session);
  if (seat === null) {
    throw new AppError(
      "session_not_found",
      `Cannot find session "${session.id}"`,
    );
  }
  if (!(seat in SESSION_OPERATIONS[operation].seats)) {
    throw new AppError(
      "role_forbidden",
      `Cannot ${operation} session "${session.id}" as a ${actor.role}`,
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
    verdictOf(SESSION_OPERATIONS[action], seat, session) === "offered"
  );
}
