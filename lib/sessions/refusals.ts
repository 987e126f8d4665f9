import { AppError } from "@/lib/errors.ts";
import type { Session } from "@/lib/sessions/session.ts";
import type { Surroundings } from "@/lib/sessions/events.ts";

/** Throws `invalid_transition` unless the session has the status that the verb needs. */
export function requireStatus(
  session: Session,
  verb: string,
  ...statuses: Session["status"][]
): void {
  if (statuses.includes(session.status)) return;
  throw new AppError(
    "invalid_transition",
    `Cannot ${verb} session "${session.id}": current status is ${session.status}`,
  );
}

/** The refusal of what needs a session that has started. */
export function notStarted(session: Session, verb: string): AppError {
  return new AppError(
    "not_started",
    `Cannot ${verb} session "${session.id}": it has not started`,
  );
}

/**
 * Only one session of an OPEN visit runs at a time, and none while its doctor
 * is in a call on demand. Throws `visit_closed`, `session_running`,
 * `doctor_busy`.
 */
export function requireStartable(session: Session, around: Surroundings): void {
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
  const { onDemandId } = around;
  if (onDemandId !== null && onDemandId !== session.id) {
    throw new AppError(
      "doctor_busy",
      `Cannot start session "${session.id}": its doctor is in the call "${onDemandId}"`,
    );
  }
}
