import type { AuditAction, AuditActor, AuditFacts } from "@/lib/audit/entry.ts";
import type { Session } from "@/lib/sessions/session.ts";
import type { SessionEvent } from "@/lib/sessions/transitions.ts";

/** What each event is called in the audit log. */
const ACTIONS: Record<SessionEvent["type"], AuditAction> = {
  start_requested: "session.start_requested",
  start_confirmed: "session.start",
  start_failed: "session.start_failed",
  admitted: "session.token",
  connected: "session.join",
  disconnected: "session.leave",
  left: "session.leave",
  ended: "session.end",
  room_ended: "session.end",
  room_closed: "session.room_closed",
  room_reopened: "session.room_reopened",
  cancelled: "session.cancel",
};

/** What the audit log says of a new session. */
export function createFacts(
  session: Session,
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...about(session, actor, requestId),
    at: session.createdAt,
    action: "session.create",
    change: { from: "none", to: session.status },
    reason: null,
  };
}

/** What the audit log says of an event that changed a session. */
export function eventFacts(
  event: SessionEvent,
  { before, after, at }: { before: Session; after: Session; at: Date },
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  const failed = event.type === "start_failed";
  return {
    ...about(after, actor, requestId),
    at: at.toISOString(),
    action: ACTIONS[event.type],
    outcome: failed ? "error" : "success",
    code: failed ? event.code : null,
    change: before.status === after.status
      ? null
      : { from: before.status, to: after.status },
    reason: before.endReason === after.endReason ? null : after.endReason,
  };
}

function about(session: Session, actor: AuditActor, requestId: string) {
  return {
    actor,
    outcome: "success" as const,
    code: null,
    target: { type: "session" as const, id: session.id },
    visitId: session.visitId,
    patientId: session.patient.id,
    requestId,
  };
}
