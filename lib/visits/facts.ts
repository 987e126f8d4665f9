import type { AuditActor, AuditFacts } from "@/lib/audit/entry.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What the audit log says of a new visit. */
export function openingFacts(
  visit: Visit,
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...about(visit, actor, requestId),
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
    ...about(visit, actor, requestId),
    at,
    action: "visit.close",
    change: { from: "OPEN", to: "CLOSED" },
  };
}

function about(visit: Visit, actor: AuditActor, requestId: string) {
  return {
    actor,
    outcome: "success" as const,
    code: null,
    target: { type: "visit" as const, id: visit.id },
    visitId: visit.id,
    patientId: visit.patient.id,
    reason: null,
    requestId,
  };
}
