import type { CallRequest } from "@/lib/calls/call_request.ts";
import { callKey, underWayKey } from "@/lib/calls/keys.ts";
import { type CallChange, notFound, writeCall } from "@/lib/calls/store.ts";
import { type StoredCallRequest, upgradeCall } from "@/lib/calls/upgrade.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import { onDemandKey, touchedKey } from "@/lib/sessions/keys.ts";
import type { Session } from "@/lib/sessions/session.ts";
import {
  type Change as SessionChange,
  findRunningOf,
  findSession,
  writeSession,
} from "@/lib/sessions/store.ts";
import { type VisitChange, writeVisit } from "@/lib/visits/store.ts";

/** What becomes of a request that is accepted. */
export interface Acceptance {
  call: CallChange;
  visit: VisitChange;
  session: SessionChange;
  /** What happens to the session at once. */
  start: (created: Session) => SessionChange;
}

/**
 * Turns a request into a visit and a session that is about to start, in one
 * commit. `accept` is told in which session the doctor is already, answers
 * null to leave everything as it is, or throws to refuse. What the doctor is in
 * is checked along: of two requests that are accepted at once, or one and the
 * start of a planned session, one is theirs.
 */
export function acceptCall(
  kv: Deno.Kv,
  id: string,
  doctorId: string,
  accept: (call: CallRequest, runs: Session | null) => Acceptance | null,
): Promise<CallRequest> {
  return untilCommitted(async () => {
    if (!isRecordId(id)) throw notFound(id);
    // This changes with every session of the doctor. It is read before they
    // are looked at: one that starts meanwhile makes the commit fail.
    const touched = await kv.get<string>(touchedKey(doctorId));
    const runs = await findSessionOfDoctor(kv, doctorId);
    // Read last: if what runs came of this very request, it says so.
    const entry = await kv.get<StoredCallRequest>(callKey(id));
    if (entry.value === null) throw notFound(id);
    const before = upgradeCall(entry.value);
    const decided = accept(before, runs);
    if (decided === null) return { ok: true, value: before };
    const operation = kv.atomic().check(entry, touched);
    const after = await writeCall(kv, operation, before, decided.call);
    writeVisit(operation, decided.visit);
    const created = writeSession(operation, null, decided.session);
    const { id: sessionId } = writeSession(
      operation,
      created,
      decided.start(created),
    );
    operation.set(underWayKey(id), sessionId);
    const { ok } = await commitWithReceipt(operation, decided.call.client, id);
    return ok ? { ok, value: after } : LOST;
  });
}

/** The session that the doctor is in: one that runs, or a call just taken. Reads all that run: whoever only looks at the queue finds it there. */
export async function findSessionOfDoctor(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Session | null> {
  const { value: onDemandId } = await kv.get<string>(onDemandKey(doctorId));
  return onDemandId === null
    ? await findRunningOf(kv, doctorId)
    : await findSession(kv, onDemandId);
}
