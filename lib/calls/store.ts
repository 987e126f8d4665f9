import type { Client } from "@/lib/accounts/account.ts";
import type { AuditFacts } from "@/lib/audit/entry.ts";
import { appendEntry } from "@/lib/audit/store.ts";
import {
  type ChangesAvailability,
  writeAvailability,
} from "@/lib/calls/availability_store.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { type StoredCallRequest, upgradeCall } from "@/lib/calls/upgrade.ts";
import { indexChanges, type Listed } from "@/lib/calls/indexes.ts";
import {
  ACCEPTED_PREFIX,
  callKey,
  chainOf,
  lastKey,
  offerKey,
  patientPrefix,
  QUEUE_TOUCHED_KEY,
  WAITING_PREFIX,
} from "@/lib/calls/keys.ts";
import { AppError } from "@/lib/errors.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import type { Guard } from "@/lib/kv/lease.ts";
import { getAll, type Page, type PageQuery, readPage } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";

/** What a change is to be remembered as, and what must still hold when it lands. */
export interface CallChange {
  next: CallRequest;
  facts: AuditFacts;
  client: Client | null;
  guard?: Guard | undefined;
  /** What it says of a doctor, and lands with it. */
  doctor?: { id: string; change: ChangesAvailability } | undefined;
}

/**
 * The one way a request is written: its record, its indexes, the audit entry,
 * what becomes of a doctor's availability, and the wake-up of whoever listens.
 */
export async function writeCall(
  kv: Deno.Kv,
  operation: Deno.AtomicOperation,
  before: CallRequest | null,
  { next, facts, client, guard, doctor }: CallChange,
): Promise<CallRequest> {
  const head = appendEntry(operation, chainOf(next.id), next, facts, client);
  const after = { ...next, ...head };
  operation.set(callKey(after.id), after);
  const { set, gone } = indexChanges(before, after);
  for (const [key, value] of set) operation.set(key, value);
  for (const key of gone) operation.delete(key);
  // A doctor hears one request at a time, whoever gives the offers out.
  if (
    after.offer !== null && before?.offer?.doctorId !== after.offer.doctorId
  ) {
    operation.check({
      key: offerKey(after.offer.doctorId),
      versionstamp: null,
    });
  }
  operation.set(QUEUE_TOUCHED_KEY, after.id);
  if (doctor !== undefined) {
    await writeAvailability(kv, operation, doctor.id, client, doctor.change);
  }
  if (guard !== undefined) operation.check(guard());
  return after;
}

/** A patient's open request, and whether this very attempt has made it. */
export interface OpenCall {
  call: CallRequest;
  isNew: boolean;
}

/**
 * Stores a new request of a patient, unless `isOpen` says of the last one that
 * it is the one: then that is the answer. However often and from however many
 * tabs it is asked for, there is one.
 */
export function insertCall(
  kv: Deno.Kv,
  change: CallChange,
  isOpen: (last: CallRequest, session: Session | null) => boolean,
): Promise<OpenCall> {
  return untilCommitted<OpenCall>(async () => {
    const { id, patient } = change.next;
    const entry = await kv.get<string>(lastKey(patient.id));
    if (entry.value !== null) {
      const last = await findCall(kv, entry.value);
      if (isOpen(last, await sessionOf(kv, last))) {
        return { ok: true, value: { call: last, isNew: false } };
      }
    }
    const operation = kv.atomic().check(entry)
      .set(entry.key, id);
    const call = await writeCall(kv, operation, null, change);
    const { ok } = await commitWithReceipt(operation, change.client, call.id);
    return ok ? { ok, value: { call, isNew: true } } : LOST;
  });
}

/** The session that a request became, or null. */
export async function sessionOf(
  kv: Deno.Kv,
  { sessionId }: CallRequest,
): Promise<Session | null> {
  return sessionId === null ? null : await findSession(kv, sessionId);
}

/** The patient's last request, or null. */
export async function findLastCall(
  kv: Deno.Kv,
  patientId: string,
): Promise<CallRequest | null> {
  const { value } = await kv.get<string>(lastKey(patientId));
  return value === null ? null : await findCall(kv, value);
}

/** Throws `call_not_found`. */
export async function findCall(kv: Deno.Kv, id: string): Promise<CallRequest> {
  if (!isRecordId(id)) throw notFound(id);
  const { value } = await kv.get<StoredCallRequest>(callKey(id));
  if (value === null) throw notFound(id);
  return upgradeCall(value);
}

/**
 * Reads the request, lets `change` decide, and commits the result; again from
 * the start when somebody else was faster. `change` answers null to leave
 * everything as it is, or throws to refuse.
 */
export function changeCall(
  kv: Deno.Kv,
  id: string,
  change: (call: CallRequest) => CallChange | null,
): Promise<CallRequest> {
  return untilCommitted(async () => {
    if (!isRecordId(id)) throw notFound(id);
    const entry = await kv.get<StoredCallRequest>(callKey(id));
    if (entry.value === null) throw notFound(id);
    const before = upgradeCall(entry.value);
    const decided = change(before);
    if (decided === null) return { ok: true, value: before };
    const operation = kv.atomic().check(entry);
    const after = await writeCall(kv, operation, before, decided);
    const { ok } = await commitWithReceipt(operation, decided.client, id);
    return ok ? { ok, value: after } : LOST;
  });
}

/** Every request that waits, oldest first. */
export async function listWaitingCalls(kv: Deno.Kv): Promise<CallRequest[]> {
  const keys: Deno.KvKey[] = [];
  const waiting = kv.list<string>({ prefix: WAITING_PREFIX });
  for await (const { value } of waiting) {
    keys.push(callKey(value));
  }
  return (await getAll<StoredCallRequest>(kv, keys)).map(upgradeCall);
}

/** A patient's requests, newest first. Throws `validation` for a cursor that is none of ours. */
export async function listCallsOf(
  kv: Deno.Kv,
  patientId: string,
  page: PageQuery,
): Promise<Page<CallRequest>> {
  const prefix = patientPrefix(patientId);
  const { items, next } = await readPage<Listed, StoredCallRequest>(
    kv,
    prefix,
    page,
    { keep: () => true, recordKey: ({ id }) => callKey(id) },
  );
  return { items: items.map(upgradeCall), next };
}

/** The requests that were accepted last, newest first. */
export async function listAccepted(
  kv: Deno.Kv,
  limit: number,
): Promise<CallRequest[]> {
  const { items } = await readPage<string, StoredCallRequest>(
    kv,
    ACCEPTED_PREFIX,
    { limit },
    { keep: () => true, recordKey: callKey },
  );
  return items.map(upgradeCall);
}

/** The refusal for an id that no request has. */
export function notFound(id: string): AppError {
  return new AppError("call_not_found", `Cannot find call request "${id}"`);
}
