import type { AuditActor, AuditFacts } from "@/lib/audit/entry.ts";
import { aboutVisit } from "@/lib/visits/facts.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What the audit log says of a message: who and which one, never what it says. */
export function messageFacts(
  action: "message.send" | "message.read",
  { visit, messageId, at }: { visit: Visit; messageId: string; at: string },
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...aboutVisit(visit, actor, requestId),
    at,
    action,
    change: null,
    reason: messageId,
  };
}
