import type { CallRequest } from "@/lib/calls/call_request.ts";
import { callFacts } from "@/lib/calls/facts.ts";
import { type CallChange, changeCall } from "@/lib/calls/store.ts";
import { type CallEvent, decide } from "@/lib/calls/transitions.ts";
import type { Services } from "@/lib/services.ts";
import type { Voice } from "@/lib/sessions/event_service.ts";

/**
 * Lets an event happen to a request: load, authorize and decide, commit with
 * the audit entry. `eventOf` authorizes and names the event, or none, and is
 * asked again whenever the request changed under it.
 */
export function applyToCall(
  { kv, now }: Services,
  id: string,
  by: Voice,
  eventOf: (call: CallRequest) => CallEvent | null,
): Promise<CallRequest> {
  return changeCall(kv, id, (before) => {
    const event = eventOf(before);
    return event === null ? null : changeBy(before, event, by, now());
  });
}

/** What the event makes of the request, with its audit entry; null for nothing. */
export function changeBy(
  before: CallRequest,
  event: CallEvent,
  { actor, requestId, client, guard }: Voice,
  at: Date,
): CallChange | null {
  const next = decide(before, event, at);
  if (next === null) return null;
  const facts = callFacts(
    event,
    { before, after: next, at },
    actor,
    requestId,
  );
  return { next, facts, client, guard };
}
