import type { AuditActor, AuditFacts } from "@/lib/audit/entry.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What the audit log says of a new visit. */
export function openingFacts(
  visit: Visit,
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...aboutVisit(visit, actor, requestId),
    at: visit.createdAt,
    action: "visit.create",
    change: { from: "none", to: "OPEN" },
  };
}

/** What the audit log says of a visit that is closed. */
export function closingFacts(
  visit: Visit,
  at: string,
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...aboutVisit(visit, actor, requestId),
    at,
    action: "visit.close",
    change: { from: "OPEN", to: "CLOSED" },
  };
}

/** What the audit log says alike of whatever happens to a visit, and of what is written in it. */
export function aboutVisit(
  visit: Visit,
  actor: AuditActor,
  requestId: string,
): Omit<AuditFacts, "at" | "action" | "change"> {
  return {
    actor,
    outcome: "success",
    code: null,
    target: { type: "visit", id: visit.id },
    visitId: visit.id,
    patientId: visit.patient.id,
    reason: null,
    requestId,
  };
}
