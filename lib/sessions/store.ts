import type { Client } from "@/lib/accounts/account.ts";
import { appendEntry, listChain } from "@/lib/audit/store.ts";
import type { AuditEntry, AuditFacts } from "@/lib/audit/entry.ts";
import { AppError } from "@/lib/errors.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { type Page, type PageQuery, readPage } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import type { Session, SessionStatus } from "@/lib/sessions/session.ts";
import type { Surroundings } from "@/lib/sessions/transitions.ts";
import type { Visit } from "@/lib/visits/visit.ts";

const sessionKey = (id: string) => ["session", id];
const roomKey = (roomName: string) => ["session_by_room", roomName];
const activeKey = (visitId: string) => ["session_active", visitId];
const visitKey = (visitId: string) => ["visit", visitId];
const chainOf = (id: string) => `s:${id}`;

/** What changes whenever a session of this account does: the key to watch for live lists. */
export const touchedKey = (accountId: string) => ["session_touched", accountId];

/** A list entry: enough to filter without reading the session. */
interface Listed {
  id: string;
  status: SessionStatus;
  visitId: string;
}

/** Everything that refers to a session besides its record; derived from it, so that it cannot disagree. */
function indexesOf(session: Session): [key: Deno.KvKey, value: unknown][] {
  const { id, status, visitId, scheduledStart } = session;
  const listed: Listed = { id, status, visitId };
  return [
    [roomKey(session.roomName), id],
    [["sessions_by_visit", visitId, scheduledStart, id], listed],
    [["sessions_by_doctor", session.doctor.id, scheduledStart, id], listed],
    [["sessions_by_patient", session.patient.id, scheduledStart, id], listed],
    ...(status === "IN_PROGRESS"
      ? [[activeKey(visitId), id] as [Deno.KvKey, string]]
      : []),
  ];
}

/** What a change is to be remembered as, and what else lands with it. */
export interface Change {
  next: Session;
  facts: AuditFacts;
  client: Client | null;
  /** A key that must not exist yet and is written along: the receipt of something that may be told twice. */
  receipt?: { key: Deno.KvKey; expiresAt: string };
}

/**
 * The one way a session is written: its record, every index, the audit entry
 * and the wake-up of live lists in one commit of `set` and `delete`.
 */
function writeSession(
  operation: Deno.AtomicOperation,
  before: Session | null,
  { next, facts, client, receipt }: Change,
): Session {
  const head = appendEntry(operation, chainOf(next.id), next, facts, client);
  const after = { ...next, ...head };
  operation.set(sessionKey(after.id), after);
  const indexes = indexesOf(after);
  const kept = new Set(indexes.map(([key]) => key.join("\0")));
  for (const [key] of before === null ? [] : indexesOf(before)) {
    if (!kept.has(key.join("\0"))) operation.delete(key);
  }
  for (const [key, value] of indexes) operation.set(key, value);
  for (const accountId of [after.doctor.id, after.patient.id]) {
    operation.set(touchedKey(accountId), after.id);
  }
  if (receipt !== undefined) {
    operation.check({ key: receipt.key, versionstamp: null });
    operation.set(receipt.key, { expiresAt: receipt.expiresAt });
  }
  return after;
}

/** Stores a new session. Its visit must still be OPEN when the commit lands; throws `visit_closed`, `visit_not_found`. */
export function insertSession(
  kv: Deno.Kv,
  visitId: string,
  create: (visit: Visit) => Change,
): Promise<Session> {
  return untilCommitted(async () => {
    const visit = await kv.get<Visit>(visitKey(visitId));
    if (visit.value === null) {
      throw new AppError("visit_not_found", `Cannot find visit "${visitId}"`);
    }
    const operation = kv.atomic().check(visit);
    const session = writeSession(operation, null, create(visit.value));
    const { ok } = await operation.commit();
    return ok ? { ok, value: session } : LOST;
  });
}

/** Throws `session_not_found`. */
export async function findSession(kv: Deno.Kv, id: string): Promise<Session> {
  if (!isRecordId(id)) throw notFound(id);
  const { value } = await kv.get<Session>(sessionKey(id));
  if (value === null) throw notFound(id);
  return value;
}

/** The session whose room this is, or null. */
export async function findSessionByRoom(
  kv: Deno.Kv,
  roomName: string,
): Promise<Session | null> {
  const { value: id } = await kv.get<string>(roomKey(roomName));
  return id === null ? null : (await kv.get<Session>(sessionKey(id))).value;
}

/**
 * Reads the session and what surrounds it, lets `change` decide, and commits
 * the result; again from the start when somebody else was faster. `change`
 * answers null to leave everything as it is, or throws to refuse. Answers the
 * session as it is afterwards.
 */
export function changeSession(
  kv: Deno.Kv,
  id: string,
  now: () => Date,
  change: (session: Session, around: Surroundings) => Change | null,
): Promise<Session> {
  return untilCommitted(async () => {
    if (!isRecordId(id)) throw notFound(id);
    const entry = await kv.get<Session>(sessionKey(id));
    const before = entry.value;
    if (before === null) throw notFound(id);
    const [visit, active] = await kv.getMany<[Visit, string]>([
      visitKey(before.visitId),
      activeKey(before.visitId),
    ]);
    const decided = change(before, {
      now: now(),
      visitStatus: visit.value?.status ?? "CLOSED",
      activeSessionId: active.value,
    });
    if (decided === null) return { ok: true, value: before };
    const operation = kv.atomic().check(entry, active);
    // Only a start depends on the visit: nothing else waits for its changes.
    if (decided.next.startedAt !== before.startedAt) operation.check(visit);
    const after = writeSession(operation, before, decided);
    const { ok } = await operation.commit();
    return ok ? { ok, value: after } : LOST;
  });
}

/** Whether a receipt is there and still counts. */
export async function hasReceipt(
  kv: Deno.Kv,
  key: Deno.KvKey,
  now: Date,
): Promise<boolean> {
  const { value } = await kv.get<{ expiresAt: string }>(key);
  return value !== null && Date.parse(value.expiresAt) > now.getTime();
}

/** Which sessions to list: those of a visit, or of one participant. */
export interface SessionFilter extends PageQuery {
  by: "visit" | "doctor" | "patient";
  id: string;
  visitId?: string | undefined;
  status?: SessionStatus | undefined;
}

/** Sessions by scheduled start, newest first. Throws `validation` for a cursor that is none of ours. */
export function listSessions(
  kv: Deno.Kv,
  { by, id, visitId, status, ...page }: SessionFilter,
): Promise<Page<Session>> {
  return readPage<Listed, Session>(kv, [`sessions_by_${by}`, id], page, {
    keep: (listed) =>
      (status === undefined || listed.status === status) &&
      (visitId === undefined || listed.visitId === visitId),
    recordKey: (listed) => sessionKey(listed.id),
  });
}

/** Every session that is IN_PROGRESS. */
export async function listRunning(kv: Deno.Kv): Promise<Session[]> {
  const sessions: Session[] = [];
  for await (
    const { value } of kv.list<string>({ prefix: ["session_active"] })
  ) {
    sessions.push(await findSession(kv, value));
  }
  return sessions;
}

/** The session's audit chain, oldest first. */
export function listHistory(kv: Deno.Kv, id: string): Promise<AuditEntry[]> {
  return listChain(kv, chainOf(id));
}

function notFound(id: string): AppError {
  return new AppError("session_not_found", `Cannot find session "${id}"`);
}
