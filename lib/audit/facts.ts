import type { Caller } from "@/lib/accounts/account.ts";
import type { AuditActor } from "@/lib/audit/entry.ts";

/** A signed-in person, as the audit log names them. */
export function auditActor({ actor, signInId }: Caller): AuditActor {
  return { id: actor.accountId, role: actor.role, signInId };
}

/** The video service, speaking through a signed callback. */
export const VIDEO_ACTOR: AuditActor = {
  id: "video",
  role: "video",
  signInId: null,
};

/** The app itself, finishing what somebody began. */
export const SYSTEM_ACTOR: AuditActor = {
  id: "system",
  role: "system",
  signInId: null,
};

/** The chain of what somebody did to their own account, and what was done to it. */
export const accountChain = (accountId: string): string => `u:${accountId}`;

/** Somebody who is not signed in. */
export const ANONYMOUS: AuditActor = {
  id: "anonymous",
  role: "anonymous",
  signInId: null,
};
