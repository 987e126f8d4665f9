import type { Actor, PersonRef, Role } from "@/lib/accounts/account.ts";
import {
  CLINIC_OPERATIONS,
  type ClinicOperation,
  type ClinicRow,
} from "@/lib/access/table.ts";
import { AppError } from "@/lib/errors.ts";
import type { Seat } from "@/lib/sessions/session.ts";

/** Which seat of the session or visit is the actor's, or null for a stranger. */
export function seatOf(
  actor: Actor,
  { doctor, patient }: Record<Seat, PersonRef>,
): Seat | null {
  if (actor.role === "doctor" && actor.accountId === doctor.id) return "doctor";
  if (actor.role === "patient" && actor.accountId === patient.id) {
    return "patient";
  }
  return null;
}

/** Whether the role may do what is about no record in particular. */
export function isPermitted(role: Role, operation: ClinicOperation): boolean {
  const { roles }: ClinicRow = CLINIC_OPERATIONS[operation];
  return roles === "anyone" || (roles !== "video" && roles.includes(role));
}

/** Lets the actor through, or throws `role_forbidden`. */
export function authorizeRole(actor: Actor, operation: ClinicOperation): void {
  if (isPermitted(actor.role, operation)) return;
  throw new AppError(
    "role_forbidden",
    `This is not for a ${actor.role}: ${operation}`,
  );
}
