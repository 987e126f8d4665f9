import type { Actor, PersonRef } from "@/lib/accounts/account.ts";
import {
  availableVisitActions,
  type VisitAction,
} from "@/lib/visits/policy.ts";
import type { Visit, VisitStatus } from "@/lib/visits/visit.ts";

/** A visit as the API shows it. */
export interface VisitView {
  id: string;
  doctor: PersonRef;
  patient: PersonRef;
  reason: string;
  status: VisitStatus;
  created_at: string;
  closed_at: string | null;
  /** The buttons to show. */
  actions: VisitAction[];
}

/** The visit as this actor may see it. */
export function viewVisit(visit: Visit, actor: Actor): VisitView {
  return {
    id: visit.id,
    doctor: visit.doctor,
    patient: visit.patient,
    reason: visit.reason,
    status: visit.status,
    created_at: visit.createdAt,
    closed_at: visit.closedAt,
    actions: availableVisitActions(actor, visit),
  };
}
