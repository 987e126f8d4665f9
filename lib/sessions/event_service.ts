import type { Caller, Client } from "@/lib/accounts/account.ts";
import type { AuditActor } from "@/lib/audit/entry.ts";
import { auditActor, SYSTEM_ACTOR } from "@/lib/audit/facts.ts";
import type { Services } from "@/lib/services.ts";
import { eventFacts } from "@/lib/sessions/facts.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { type Change, changeSession } from "@/lib/sessions/store.ts";
import {
  decide,
  type SessionEvent,
  type Surroundings,
} from "@/lib/sessions/transitions.ts";

/** Who says that something happened, for the audit log. */
export interface Voice {
  actor: AuditActor;
  requestId: string;
  client: Client | null;
}

/** A signed-in person, speaking for themselves. */
export function voiceOf(caller: Caller): Voice {
  return {
    actor: auditActor(caller),
    requestId: caller.client.requestId,
    client: caller.client,
  };
}

/**
 * Lets an event happen to a session: load, authorize and decide, commit with
 * the audit entry. `eventOf` authorizes and names the event, or none, and is
 * asked again whenever the session changed under it.
 */
export function apply(
  { kv, now }: Services,
  id: string,
  by: Voice,
  eventOf: (session: Session) => SessionEvent | null,
  receipt?: Change["receipt"],
): Promise<Session> {
  const change = (before: Session, around: Surroundings): Change | null => {
    const event = eventOf(before);
    if (event === null) return null;
    const after = decide(before, event, around);
    if (after === null) return null;
    return {
      next: after,
      facts: eventFacts(
        event,
        { before, after, at: around.now },
        by.actor,
        by.requestId,
      ),
      client: by.client,
      ...(receipt === undefined ? {} : { receipt }),
    };
  };
  return changeSession(kv, id, now, change);
}

/** The app itself, finishing what somebody began. */
export const SYSTEM_VOICE: Voice = {
  actor: SYSTEM_ACTOR,
  requestId: "",
  client: null,
};
