import { seatOf } from "@/lib/access/policy.ts";
import {
  verdictOf,
  VISIT_OPERATIONS,
  type VisitOperation,
} from "@/lib/access/table.ts";
import type { Actor } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What somebody can be offered to do with a visit: its buttons. */
export const VISIT_ACTIONS = [
  "create_session",
  "close",
] as const satisfies VisitOperation[];
/** What somebody can be offered to do with a visit: its buttons. */
export type VisitAction = typeof VISIT_ACTIONS[number];

/**
 * Lets the actor through or says why not. A stranger learns nothing, not even
 * that the visit exists. Throws `visit_not_found`, `role_forbidden`, and
 * `visit_closed` for what needs an OPEN visit.
 */
export function authorizeVisit(
  actor: Actor,
  operation: VisitOperation,
  visit: Visit,
): void {
  const seat = seatOf(actor, visit);
  if (seat === null) {
    throw new AppError("visit_not_found", `Cannot find visit "${visit.id}"`);
  }
  const verdict = verdictOf(VISIT_OPERATIONS[operation], seat, visit);
  if (verdict === undefined) {
    throw new AppError(
      "role_forbidden",
      `Cannot ${operation} visit "${visit.id}" as a ${actor.role}`,
    );
  }
  if (verdict !== "offered" && verdict !== "works") {
    throw new AppError(
      verdict,
      `Cannot ${operation} visit "${visit.id}": it is ${visit.status}`,
    );
  }
}

/** What the actor may do with the visit now. */
export function availableVisitActions(
  actor: Actor,
  visit: Visit,
): VisitAction[] {
  const seat = seatOf(actor, visit);
  if (seat === null) return [];
  return VISIT_ACTIONS.filter((action) =>
    verdictOf(VISIT_OPERATIONS[action], seat, visit) === "offered"
  );
}
