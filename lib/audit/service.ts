import type { Caller, Client } from "@/lib/accounts/account.ts";
import {
  countDenial,
  denialChain,
  type DenialCount,
  isRecorded,
  suppressedReason,
} from "@/lib/audit/denials.ts";
import { ANONYMOUS, auditActor } from "@/lib/audit/facts.ts";
import { appendAlone } from "@/lib/audit/store.ts";
import type { ErrorCode } from "@/lib/errors.ts";
import type { Services } from "@/lib/services.ts";

/** A refusal as it happened at the edge. */
export interface Denial {
  code: ErrorCode;
  /** The route's pattern or, where none matched, the word "none"; never the raw path. */
  route: string;
  client: Client;
  caller: Caller | null;
}

const COLLECT_MS = 24 * 3_600_000;

/**
 * Whether one more refusal of this person or address is to be written, and how
 * many were only counted since the last: otherwise anybody could fill the
 * storage.
 */
export async function admitDenial(
  { kv, now }: Services,
  subject: string,
): Promise<{ write: boolean; suppressed: number }> {
  const key = ["audit", "denials", subject];
  const entry = await kv.get<DenialCount>(key);
  const { next, ...admitted } = countDenial(entry.value, now());
  const { ok } = await kv.atomic().check(entry)
    .set(key, next, { expireIn: COLLECT_MS }).commit();
  // Several at once: one of them counts.
  return ok ? admitted : { write: false, suppressed: 0 };
}

/** Writes a refusal into the audit log, a few per minute and person; the rest is counted. */
export async function recordDenial(
  services: Services,
  { code, route, client, caller }: Denial,
): Promise<void> {
  if (!isRecorded(code)) return;
  const subject = caller?.actor.accountId ?? client.ip;
  const { write, suppressed } = await admitDenial(services, subject);
  if (!write) return;
  await appendAlone(services.kv, denialChain(subject), {
    at: services.now().toISOString(),
    actor: caller === null ? ANONYMOUS : auditActor(caller),
    action: "access.denied",
    outcome: "denied",
    code,
    target: { type: "route", id: route },
    visitId: null,
    patientId: null,
    change: null,
    reason: suppressedReason(suppressed),
    requestId: client.requestId,
  }, client);
}
