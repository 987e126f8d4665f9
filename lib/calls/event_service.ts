import {
  afterRinging,
  type SignOfLife,
  signOfLife,
} from "@/lib/calls/availability.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { availabilityFacts, callFacts } from "@/lib/calls/facts.ts";
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

/** What the event makes of the request, with its audit entry, and of its doctor; null for nothing. */
export function changeBy(
  before: CallRequest,
  event: CallEvent,
  by: Voice,
  at: Date,
): CallChange | null {
  const next = decide(before, event, at);
  if (next === null) return null;
  const { actor, requestId, client, guard } = by;
  const facts = callFacts(
    event,
    { before, after: next, at },
    actor,
    requestId,
  );
  const doctor = doctorChange(signOfLife(event), by, at);
  return { next, facts, client, guard, doctor };
}

/** What the sign makes of the doctor's availability, with its audit entry. */
export function doctorChange(
  sign: SignOfLife | null,
  { actor, requestId }: Voice,
  at: Date,
): CallChange["doctor"] {
  if (sign === null) return undefined;
  return {
    id: sign.doctorId,
    change(before) {
      if (before === null) return null;
      const after = afterRinging(before, sign.answers, at);
      if (after === null) return null;
      const seen = { before, after, at };
      return { next: after, facts: availabilityFacts(seen, actor, requestId) };
    },
  };
}
