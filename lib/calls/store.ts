import type { Client } from "@/lib/accounts/account.ts";
import type { AuditEntry, AuditFacts } from "@/lib/audit/entry.ts";
import { appendEntry, listChain } from "@/lib/audit/store.ts";
import type { CallRequest, CallStatus } from "@/lib/calls/call_request.ts";
import type { Availability } from "@/lib/calls/doctors.ts";
import type { Pulse } from "@/lib/calls/wait.ts";
import { AppError } from "@/lib/errors.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import type { Guard } from "@/lib/kv/lease.ts";
import { getAll, type Page, type PageQuery, readPage } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import {
  type Change as SessionChange,
  findRunningOf,
  findSession,
  writeSession,
} from "@/lib/sessions/store.ts";
import { type VisitChange, writeVisit } from "@/lib/visits/store.ts";

const callKey = (id: string) => ["call", id];
const waitingKey = (id: string) => ["call_waiting", id];
const offerKey = (doctorId: string) => ["call_offer", doctorId];
const lastKey = (patientId: string) => ["call_last", patientId];
const takenKey = (doctorId: string) => ["call_taken", doctorId];
const seenKey = (id: string) => ["call_seen", id];
const availabilityKey = (doctorId: string) => ["doctor_availability", doctorId];
const doctorSeenKey = (doctorId: string) => ["doctor_seen", doctorId];
const PULSE_KEY = ["call_pulse"];
const chainOf = (id: string) => `c:${id}`;

/** What changes whenever something in the queue does: the key to watch. */
export const QUEUE_TOUCHED_KEY = ["call_touched"];

/** Only for collecting what nobody asks for any more. */
const SEEN_MS = 24 * 3_600_000;

/** A list entry: enough to filter without reading the request. */
interface Listed {
  id: string;
  status: CallStatus;
}

/** Everything that refers to a request besides its record; derived from it, so that it cannot disagree. */
function indexesOf(call: CallRequest): [key: Deno.KvKey, value: unknown][] {
  const { id, status, patient, offer, acceptedBy, decidedAt } = call;
  const listed: Listed = { id, status };
  return [
    [["calls_by_patient", patient.id, id], listed],
    ...(status === "WAITING"
      ? [[waitingKey(id), id] as [Deno.KvKey, string]]
      : []),
    ...(offer === null
      ? []
      : [[offerKey(offer.doctorId), id] as [Deno.KvKey, string]]),
    ...(acceptedBy === null
      ? []
      : [[["call_accepted", decidedAt!, id], id] as [Deno.KvKey, string]]),
  ];
}

/** What a change is to be remembered as, and what must still hold when it lands. */
export interface CallChange {
  next: CallRequest;
  facts: AuditFacts;
  client: Client | null;
  guard?: Guard | undefined;
}

/** The one way a request is written: its record, its indexes, the audit entry and the wake-up of whoever listens. */
function writeCall(
  operation: Deno.AtomicOperation,
  before: CallRequest | null,
  { next, facts, client, guard }: CallChange,
): CallRequest {
  const head = appendEntry(operation, chainOf(next.id), next, facts, client);
  const after = { ...next, ...head };
  operation.set(callKey(after.id), after);
  const kept = indexesOf(after);
  const names = new Set(kept.map(([key]) => key.join("\0")));
  for (const [key] of before === null ? [] : indexesOf(before)) {
    if (!names.has(key.join("\0"))) operation.delete(key);
  }
  for (const [key, value] of kept) operation.set(key, value);
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
  if (guard !== undefined) operation.check(guard());
  return after;
}

/** A request, and whether this very attempt has made it. */
export interface StoredCall {
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
  patientId: string,
  change: CallChange,
  isOpen: (last: CallRequest, session: Session | null) => boolean,
): Promise<StoredCall> {
  return untilCommitted<StoredCall>(async () => {
    const entry = await kv.get<string>(lastKey(patientId));
    if (entry.value !== null) {
      const last = await findCall(kv, entry.value);
      if (isOpen(last, await sessionOf(kv, last))) {
        return { ok: true, value: { call: last, isNew: false } };
      }
    }
    const operation = kv.atomic().check(entry)
      .set(lastKey(patientId), change.next.id);
    const call = writeCall(operation, null, change);
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
  const { value } = await kv.get<CallRequest>(callKey(id));
  if (value === null) throw notFound(id);
  return value;
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
    const entry = await kv.get<CallRequest>(callKey(id));
    if (entry.value === null) throw notFound(id);
    const decided = change(entry.value);
    if (decided === null) return { ok: true, value: entry.value };
    const operation = kv.atomic().check(entry);
    const after = writeCall(operation, entry.value, decided);
    const { ok } = await commitWithReceipt(operation, decided.client, id);
    return ok ? { ok, value: after } : LOST;
  });
}

/** What a doctor has taken last. */
interface Taken {
  callId: string;
  sessionId: string;
}

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
 * null to leave everything as it is, or throws to refuse. The doctor's place
 * is checked along: of two requests that are accepted at once, one is theirs.
 */
export function acceptCall(
  kv: Deno.Kv,
  id: string,
  doctorId: string,
  accept: (call: CallRequest, runs: Session | null) => Acceptance | null,
): Promise<CallRequest> {
  return untilCommitted(async () => {
    if (!isRecordId(id)) throw notFound(id);
    const [entry, taken] = await kv.getMany<[CallRequest, Taken]>([
      callKey(id),
      takenKey(doctorId),
    ]);
    if (entry.value === null) throw notFound(id);
    const runs = await runningOf(
      kv,
      doctorId,
      taken.value === null
        ? null
        : await findSession(kv, taken.value.sessionId),
    );
    const decided = accept(entry.value, runs);
    if (decided === null) return { ok: true, value: entry.value };
    const operation = kv.atomic().check(entry, taken);
    const after = writeCall(operation, entry.value, decided.call);
    writeVisit(operation, decided.visit);
    const created = writeSession(operation, null, decided.session);
    const { id: sessionId } = writeSession(
      operation,
      created,
      decided.start(created),
    );
    operation.set(takenKey(doctorId), { callId: id, sessionId } as Taken);
    const { ok } = await commitWithReceipt(operation, decided.call.client, id);
    return ok ? { ok, value: after } : LOST;
  });
}

/** The session that the doctor is in: one that runs, or a call just taken. */
export async function findSessionOfDoctor(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Session | null> {
  return await runningOf(kv, doctorId, await findTakenSession(kv, doctorId));
}

async function runningOf(
  kv: Deno.Kv,
  doctorId: string,
  taken: Session | null,
): Promise<Session | null> {
  return taken !== null && !isOver(taken.status)
    ? taken
    : await findRunningOf(kv, doctorId);
}

/** Every request that waits, oldest first. */
export async function listWaitingCalls(kv: Deno.Kv): Promise<CallRequest[]> {
  const keys: Deno.KvKey[] = [];
  for await (const { value } of kv.list<string>({ prefix: ["call_waiting"] })) {
    keys.push(callKey(value));
  }
  return await getAll<CallRequest>(kv, keys);
}

/** A patient's requests, newest first. Throws `validation` for a cursor that is none of ours. */
export function listCallsOf(
  kv: Deno.Kv,
  patientId: string,
  page: PageQuery,
): Promise<Page<CallRequest>> {
  const prefix = ["calls_by_patient", patientId];
  return readPage<Listed, CallRequest>(kv, prefix, page, {
    keep: () => true,
    recordKey: ({ id }) => callKey(id),
  });
}

/** The requests that were accepted last, newest first. */
export async function listAccepted(
  kv: Deno.Kv,
  limit: number,
): Promise<CallRequest[]> {
  const { items } = await readPage<string, CallRequest>(
    kv,
    ["call_accepted"],
    { limit },
    { keep: () => true, recordKey: callKey },
  );
  return items;
}

/** The session that the doctor's last accepted call became, or null. */
export async function findTakenSession(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Session | null> {
  const { value } = await kv.get<Taken>(takenKey(doctorId));
  return value === null ? null : await findSession(kv, value.sessionId);
}

/** Notes that the waiting patient's page was open at that time. */
export async function notePatient(
  kv: Deno.Kv,
  id: string,
  at: Date,
): Promise<void> {
  await kv.set(seenKey(id), at.toISOString(), { expireIn: SEEN_MS });
}

/** When the waiting patient's page was last noted to be open, or null. */
export async function patientSeenAt(
  kv: Deno.Kv,
  id: string,
): Promise<string | null> {
  return (await kv.get<string>(seenKey(id))).value;
}

/** Notes that the doctor's queue was open at that time. `isNews`: whoever listens is to hear it. */
export async function noteDoctor(
  kv: Deno.Kv,
  doctorId: string,
  at: Date,
  isNews: boolean,
): Promise<void> {
  const operation = kv.atomic()
    .set(doctorSeenKey(doctorId), at.toISOString(), { expireIn: SEEN_MS });
  if (isNews) operation.set(QUEUE_TOUCHED_KEY, doctorId);
  await operation.commit();
}

/** When the doctor's queue was last noted to be open, or null. */
export async function doctorSeenAt(
  kv: Deno.Kv,
  doctorId: string,
): Promise<string | null> {
  return (await kv.get<string>(doctorSeenKey(doctorId))).value;
}

/** Whether the doctor takes calls; null: has never said. */
export async function findAvailability(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Availability | null> {
  return (await kv.get<Availability>(availabilityKey(doctorId))).value;
}

/** Reads whether the doctor takes calls, lets `change` decide, and stores the result. */
export function changeAvailability(
  kv: Deno.Kv,
  doctorId: string,
  change: (before: Availability | null) => Availability,
): Promise<Availability> {
  return untilCommitted(async () => {
    const entry = await kv.get<Availability>(availabilityKey(doctorId));
    const value = change(entry.value);
    const { ok } = await kv.atomic().check(entry)
      .set(entry.key, value)
      .set(QUEUE_TOUCHED_KEY, doctorId)
      .commit();
    return ok ? { ok, value } : LOST;
  });
}

/** Every doctor who takes calls, and when their queue was last open. */
export async function listAvailable(
  kv: Deno.Kv,
): Promise<{ availability: Availability; seenAt: string | null }[]> {
  const all: { availability: Availability; seenAt: string | null }[] = [];
  const entries = kv.list<Availability>({ prefix: ["doctor_availability"] });
  for await (const { value: availability } of entries) {
    if (!availability.available) continue;
    const seenAt = await doctorSeenAt(kv, availability.doctor.id);
    all.push({ availability, seenAt });
  }
  return all;
}

/** What the queue knows of itself over time, or null before anybody waited. */
export async function findPulse(kv: Deno.Kv): Promise<Pulse | null> {
  return (await kv.get<Pulse>(PULSE_KEY)).value;
}

/** Keeps what the queue knows of itself. */
export async function savePulse(kv: Deno.Kv, pulse: Pulse): Promise<void> {
  await kv.set(PULSE_KEY, pulse);
}

/** The request's audit chain, oldest first. */
export function listCallHistory(
  kv: Deno.Kv,
  id: string,
): Promise<AuditEntry[]> {
  return listChain(kv, chainOf(id));
}

function notFound(id: string): AppError {
  return new AppError("call_not_found", `Cannot find call request "${id}"`);
}
