import type { Client } from "@/lib/accounts/account.ts";
import { appendEntry, listChain } from "@/lib/audit/store.ts";
import type { AuditEntry, AuditFacts } from "@/lib/audit/entry.ts";
import { AppError } from "@/lib/errors.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { type Page, type PageQuery, readPage } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import type { Session, SessionStatus } from "@/lib/sessions/session.ts";
import type { Surroundings } from "@/lib/sessions/transitions.ts";
import { activeSessionKey as activeKey, visitKey } from "@/lib/visits/keys.ts";
import type { Visit } from "@/lib/visits/visit.ts";

const sessionKey = (id: string) => ["session", id];
const roomKey = (roomName: string) => ["session_by_room", roomName];
const chainOf = (id: string) => `s:${id}`;

/** What changes whenever a session of this account does: the key to watch for live lists. */
export const touchedKey = (accountId: string) => ["session_touched", accountId];

/** A list entry: enough to filter without reading the session. */
interface Listed {
  id: string;
  status: SessionStatus;
}

/** Everything that refers to a session besides its record; derived from it, so that it cannot disagree. */
function indexesOf(session: Session): [key: Deno.KvKey, value: unknown][] {
  const { id, status, visitId, scheduledStart } = session;
  const listed: Listed = { id, status };
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
  receipt?: { key: Deno.KvKey; keepMs: number };
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
  writeIndexes(operation, before, after);
  for (const accountId of [after.doctor.id, after.patient.id]) {
    operation.set(touchedKey(accountId), after.id);
  }
  if (receipt !== undefined) {
    operation.check({ key: receipt.key, versionstamp: null });
    operation.set(receipt.key, true, { expireIn: receipt.keepMs });
  }
  return after;
}

/** Sets the entries that are new or different, and deletes those that no longer hold. */
function writeIndexes(
  operation: Deno.AtomicOperation,
  before: Session | null,
  after: Session,
): void {
  const stale = new Map(
    (before === null ? [] : indexesOf(before)).map((
      [key, value],
    ) => [key.join("\0"), { key, value: JSON.stringify(value) }]),
  );
  for (const [key, value] of indexesOf(after)) {
    const name = key.join("\0");
    if (stale.get(name)?.value !== JSON.stringify(value)) {
      operation.set(key, value);
    }
    stale.delete(name);
  }
  for (const { key } of stale.values()) operation.delete(key);
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

/** Whether a receipt is there: what it is for has been told before. */
export async function hasReceipt(
  kv: Deno.Kv,
  key: Deno.KvKey,
): Promise<boolean> {
  return (await kv.get(key)).value !== null;
}

/** Which sessions to list: those of a visit, or of one participant. */
export interface SessionFilter extends PageQuery {
  by: "visit" | "doctor" | "patient";
  id: string;
  status?: SessionStatus | undefined;
}

/** Sessions by scheduled start, newest first. Throws `validation` for a cursor that is none of ours. */
export function listSessions(
  kv: Deno.Kv,
  { by, id, status, ...page }: SessionFilter,
): Promise<Page<Session>> {
  return readPage<Listed, Session>(kv, [`sessions_by_${by}`, id], page, {
    keep: (listed) => status === undefined || listed.status === status,
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
