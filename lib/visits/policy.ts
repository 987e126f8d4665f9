import type { Actor } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What somebody may do with a visit, besides seeing it. */
export type VisitAction = "create_session" | "close";

/** Whether the visit is the actor's: its doctor or its patient. */
function isParticipantOf(actor: Actor, visit: Visit): boolean {
  return isDoctorOf(actor, visit) ||
    (actor.role === "patient" && actor.accountId === visit.patient.id);
}

function isDoctorOf(actor: Actor, visit: Visit): boolean {
  return actor.role === "doctor" && actor.accountId === visit.doctor.id;
}

/** A stranger learns nothing, not even that the visit exists. Throws `visit_not_found`. */
export function requireParticipant(actor: Actor, visit: Visit): void {
  if (isParticipantOf(actor, visit)) return;
  throw new AppError("visit_not_found", `Cannot find visit "${visit.id}"`);
}

/** Lets the visit's doctor through. Throws `visit_not_found`, `role_forbidden`, and `visit_closed` for what needs an OPEN visit. */
export function authorizeVisit(
  actor: Actor,
  action: VisitAction,
  visit: Visit,
): void {
  requireParticipant(actor, visit);
  if (!isDoctorOf(actor, visit)) {
    throw new AppError(
      "role_forbidden",
      `Cannot change visit "${visit.id}" as a ${actor.role}`,
    );
  }
  if (action === "create_session" && visit.status !== "OPEN") {
    throw new AppError(
      "visit_closed",
      `Cannot create a session: visit "${visit.id}" is closed`,
    );
  }
}

/** What the actor may do with the visit now. */
export function availableVisitActions(
  actor: Actor,
  visit: Visit,
): VisitAction[] {
  const open = visit.status === "OPEN" && isDoctorOf(actor, visit);
  return open ? ["create_session", "close"] : [];
}
