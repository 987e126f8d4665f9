import type { Actor, PersonRef } from "@/lib/accounts/account.ts";
import type { Visit, VisitStatus } from "@/lib/visits/visit.ts";

/** What somebody may do with a visit now: the buttons to show. */
export type VisitAction = "create_session" | "close";

/** A visit as the API shows it. */
export interface VisitView {
  id: string;
  doctor: PersonRef;
  patient: PersonRef;
  reason: string;
  status: VisitStatus;
  created_at: string;
  closed_at: string | null;
  actions: VisitAction[];
}

/** The visit as this actor may see it. */
export function viewVisit(visit: Visit, actor: Actor): VisitView {
  const open = visit.status === "OPEN" && actor.accountId === visit.doctor.id;
  return {
    id: visit.id,
    doctor: visit.doctor,
    patient: visit.patient,
    reason: visit.reason,
    status: visit.status,
    created_at: visit.createdAt,
    closed_at: visit.closedAt,
    actions: open ? ["create_session", "close"] : [],
  };
}
