import type { AuditAction, AuditActor, AuditFacts } from "@/lib/audit/entry.ts";
import type { Availability } from "@/lib/calls/availability.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import type { CallEvent } from "@/lib/calls/transitions.ts";

/** What each event is called in the audit log. */
const ACTIONS: Record<CallEvent["type"], AuditAction> = {
  offered: "call.offer",
  passed: "call.pass",
  withdrawn: "call.withdraw",
  declined: "call.decline",
  accepted: "call.accept",
  returned: "call.return",
  given_up: "call.cancel",
  cancelled: "call.cancel",
  widened: "call.widen",
  expired: "call.expire",
};

/** What the audit log says of a new request. */
export function requestFacts(
  call: CallRequest,
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...about(call, actor, requestId),
    at: call.createdAt,
    action: "call.request",
    change: { from: "none", to: call.status },
    reason: call.mode,
  };
}

/** What the audit log says of an event that changed a request. */
export function callFacts(
  event: CallEvent,
  { before, after, at }: { before: CallRequest; after: CallRequest; at: Date },
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...about(after, actor, requestId),
    at: at.toISOString(),
    action: ACTIONS[event.type],
    // Of one that came to nothing: which it was.
    visitId: after.visitId ?? before.visitId,
    change: before.status === after.status
      ? null
      : { from: before.status, to: after.status },
    // Whose turn it was, what it became, or what it still asks for.
    reason: event.type === "accepted" || event.type === "given_up"
      ? event.sessionId
      : event.type === "widened"
      ? after.language
      : "doctorId" in event
      ? event.doctorId
      : null,
  };
}

function about(call: CallRequest, actor: AuditActor, requestId: string) {
  return {
    actor,
    outcome: "success" as const,
    code: null,
    target: { type: "call" as const, id: call.id },
    visitId: call.visitId,
    patientId: call.patient.id,
    requestId,
  };
}

/** What the audit log says of a change of whether a doctor takes calls, and which; null for changes that decide nothing. */
export function availabilityFacts(
  { before, after, at }: {
    before: Availability | null;
    after: Availability;
    at: Date;
  },
  actor: AuditActor,
  requestId: string,
): AuditFacts | null {
  const [from, to] = [onOff(before), onOff(after)];
  const isOther = skillsOf(before) !== skillsOf(after);
  if (from === to && !isOther) return null;
  // Whoever is stopped already may still say which calls ring, later.
  const isStopped = after.stopped !== null && from !== to;
  return {
    at: at.toISOString(),
    actor,
    action: isStopped ? "availability.stop" : "availability.set",
    outcome: "success",
    code: null,
    target: { type: "account", id: after.doctor.id },
    visitId: null,
    patientId: null,
    change: from === to ? null : { from, to },
    reason: isStopped ? after.stopped : isOther ? "skills" : null,
    requestId,
  };
}

function onOff(availability: Availability | null): string {
  return availability?.available === true ? "on" : "off";
}

function skillsOf(availability: Availability | null): string {
  const { specialties = [], languages = [] } = availability ?? {};
  return JSON.stringify([specialties, languages]);
}
