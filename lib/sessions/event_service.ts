import type { Caller, Client } from "@/lib/accounts/account.ts";
import type { AuditActor } from "@/lib/audit/entry.ts";
import { auditActor, SYSTEM_ACTOR } from "@/lib/audit/facts.ts";
import type { Guard } from "@/lib/kv/lease.ts";
import type { Services } from "@/lib/services.ts";
import type { SessionEvent, Surroundings } from "@/lib/sessions/events.ts";
import { eventFacts } from "@/lib/sessions/facts.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { type Change, changeSession } from "@/lib/sessions/store.ts";
import { decide } from "@/lib/sessions/transitions.ts";

/** Who says that something happened, for the audit log. */
export interface Voice {
  actor: AuditActor;
  requestId: string;
  client: Client | null;
  /** What must still hold when it is written down: the lease of a worker. */
  guard?: Guard;
}

/** A signed-in person, speaking for themselves. */
export function voiceOf(caller: Caller): Voice {
  return {
    actor: auditActor(caller),
    requestId: caller.client.requestId,
    client: caller.client,
  };
}

/** The app itself, finishing what somebody began. */
export const SYSTEM_VOICE: Voice = {
  actor: SYSTEM_ACTOR,
  requestId: "",
  client: null,
};

/** The app itself, as long as it holds the lease. */
export function guardedVoice(guard: Guard): Voice {
  return { ...SYSTEM_VOICE, guard };
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
  told?: Change["told"],
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
      guard: by.guard,
      told,
    };
  };
  return changeSession(kv, id, now, change);
}
