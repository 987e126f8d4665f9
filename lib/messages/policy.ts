import { verdictOf, VISIT_OPERATIONS } from "@/lib/access/table.ts";
import type { Actor } from "@/lib/accounts/account.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** Which side of the visit somebody is who has been let in already. */
export function sideOf({ accountId }: Actor, visit: Visit): Seat {
  return accountId === visit.doctor.id ? "doctor" : "patient";
}

/** Whether this side can write messages now. */
export function mayWrite(visit: Visit, seat: Seat): boolean {
  return verdictOf(VISIT_OPERATIONS.write_message, seat, visit) === "works";
}
