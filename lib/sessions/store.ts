import type { Client } from "@/lib/accounts/account.ts";
import { appendEntry, listChain } from "@/lib/audit/store.ts";
import type { AuditEntry, AuditFacts } from "@/lib/audit/entry.ts";
import { AppError } from "@/lib/errors.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import type { Guard } from "@/lib/kv/lease.ts";
import { getAll, type Page, type PageQuery, readPage } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import { writeDuties } from "@/lib/outbox/store.ts";
import { dutiesOf } from "@/lib/sessions/duties.ts";
import type { Surroundings } from "@/lib/sessions/events.ts";
import { indexChanges, type Listed } from "@/lib/sessions/indexes.ts";
import {
  chainOf,
  type ListedBy,
  listPrefix,
  ON_DEMAND_PREFIX,
  onDemandKey,
  PLANNED_PREFIX,
  roomKey,
  roomSidKey,
  sessionKey,
  touchedKey,
} from "@/lib/sessions/keys.ts";
import { EXPIRY_MS } from "@/lib/sessions/ending.ts";
import {
  isOver,
  type Session,
  type SessionStatus,
} from "@/lib/sessions/session.ts";
import { upgrade } from "@/lib/sessions/upgrade.ts";
import { isUpToDate } from "@/lib/sessions/upgrade_store.ts";
import { activeSessionKey as activeKey, visitKey } from "@/lib/visits/keys.ts";
import { upgradeVisit } from "@/lib/visits/upgrade.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What a change is to be remembered as, and what else lands with it. */
export interface Change {
  next: Session;
  facts: AuditFacts;
  client: Client | null;
  /** What must still hold when the commit lands, besides that nothing changed. */
  guard?: Guard | undefined;
  /** A key that must not exist yet and is written along: it was told, and is not to be heard again. */
  told?: { key: Deno.KvKey; keepMs: number } | undefined;
}

/**
 * The one way a session is written: its record, every index, what it owes the
 * video service, the audit entry and the wake-up of live lists in one commit
 * of `set` and `delete`. `onDemandId` is the call on demand that is noted for
 * the doctor: storages of older versions may hold two that are not over, and
 * the one that ends leaves the note of the other.
 */
export function writeSession(
  operation: Deno.AtomicOperation,
  before: Session | null,
  { next, facts, client, guard, told }: Change,
  onDemandId: string | null = null,
): Session {
  const head = appendEntry(operation, chainOf(next.id), next, facts, client);
  const after = { ...next, ...head };
  operation.set(sessionKey(after.id), after);
  const { set, gone } = indexChanges(before, after);
  for (const [key, value] of set) operation.set(key, value);
  const noted = onDemandKey(after.doctor.id).join();
  const isOthers = onDemandId !== null && onDemandId !== after.id;
  for (const key of gone) {
    if (!(isOthers && key.join() === noted)) operation.delete(key);
  }
  writeDuties(operation, after.id, {
    before: before === null ? [] : dutiesOf(before),
    after: dutiesOf(after),
    at: new Date(facts.at),
  });
  for (const accountId of [after.doctor.id, after.patient.id]) {
    operation.set(touchedKey(accountId), after.id);
  }
  if (guard !== undefined) operation.check(guard());
  if (told !== undefined) {
    operation.check({ key: told.key, versionstamp: null });
    operation.set(told.key, true, { expireIn: told.keepMs });
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
    const change = create(upgradeVisit(visit.value));
    const session = writeSession(operation, null, change);
    const { ok } = await commitWithReceipt(
      operation,
      change.client,
      session.id,
    );
    return ok ? { ok, value: session } : LOST;
  });
}

/** Throws `session_not_found`. */
export async function findSession(kv: Deno.Kv, id: string): Promise<Session> {
  if (!isRecordId(id)) throw notFound(id);
  const { value } = await kv.get<Session>(sessionKey(id));
  if (value === null) throw notFound(id);
  return upgrade(value);
}

/** The session that has, had or is to have a room of this name, or null. */
export function findSessionByRoom(
  kv: Deno.Kv,
  roomName: string,
): Promise<Session | null> {
  return findBy(kv, roomKey(roomName));
}

/** The session that ran in the room of this sid, or null. */
export function findSessionByRoomSid(
  kv: Deno.Kv,
  roomSid: string,
): Promise<Session | null> {
  return findBy(kv, roomSidKey(roomSid));
}

async function findBy(kv: Deno.Kv, key: Deno.KvKey): Promise<Session | null> {
  const { value: id } = await kv.get<string>(key);
  return id === null ? null : await findSession(kv, id);
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
    if (entry.value === null) throw notFound(id);
    // A process of the version before may still be writing.
    if (!await isUpToDate(kv, entry)) return LOST;
    const before = upgrade(entry.value);
    const [visit, active, onDemand] = await kv.getMany<
      [Visit, string, string]
    >([
      visitKey(before.visitId),
      activeKey(before.visitId),
      onDemandKey(before.doctor.id),
    ]);
    const decided = change(before, {
      now: now(),
      visitStatus: visit.value?.status ?? "CLOSED",
      activeSessionId: active.value,
      onDemandId: onDemand.value,
    });
    if (decided === null) return { ok: true, value: before };
    // The same was told twice at once: without this look, the second would
    // lose against the first for ever.
    const { told } = decided;
    if (told !== undefined && await wasTold(kv, told.key)) {
      return { ok: true, value: before };
    }
    const operation = kv.atomic().check(entry, active);
    // Only a start depends on the visit, and on what else its doctor is in:
    // nothing else waits for changes of those.
    const { startedAt, startIntent } = decided.next;
    const starts = startedAt !== before.startedAt;
    if (starts) operation.check(visit);
    if (starts || (startIntent !== null && before.startIntent === null)) {
      operation.check(onDemand);
    }
    const after = writeSession(operation, before, decided, onDemand.value);
    const { ok } = await commitWithReceipt(operation, decided.client, id);
    return ok ? { ok, value: after } : LOST;
  });
}

/** Whether something has been told before. */
export async function wasTold(
  kv: Deno.Kv,
  key: Deno.KvKey,
): Promise<boolean> {
  return (await kv.get(key)).value !== null;
}

/** Which sessions to list: those of a visit, or of one participant. */
export interface SessionFilter extends PageQuery {
  by: ListedBy;
  id: string;
  status?: SessionStatus | undefined;
}

/** Sessions by scheduled start, newest first. Throws `validation` for a cursor that is none of ours. */
export async function listSessions(
  kv: Deno.Kv,
  { by, id, status, ...page }: SessionFilter,
): Promise<Page<Session>> {
  const prefix = listPrefix(by, id);
  const { items, next } = await readPage<Listed, Session>(kv, prefix, page, {
    keep: (listed) => status === undefined || listed.status === status,
    recordKey: (listed) => sessionKey(listed.id),
  });
  return { items: items.map(upgrade), next };
}

/** A doctor's SCHEDULED sessions planned for then or later, soonest first. */
export async function listNextOf(
  kv: Deno.Kv,
  doctorId: string,
  { from, limit }: { from: Date; limit: number },
): Promise<Session[]> {
  const prefix = listPrefix("doctor", doctorId);
  const start = [...prefix, from.toISOString()];
  const keys: Deno.KvKey[] = [];
  for await (const { value } of kv.list<Listed>({ prefix, start })) {
    if (value.status === "SCHEDULED") keys.push(sessionKey(value.id));
    if (keys.length === limit) break;
  }
  return (await getAll<Session>(kv, keys)).map(upgrade);
}

/** Every session that is IN_PROGRESS. */
export async function listRunning(kv: Deno.Kv): Promise<Session[]> {
  return await findAll(kv, await listActive(kv));
}

/** Every session that keeps its doctor from others: those that run, and calls on demand that are not over. */
export async function listLive(kv: Deno.Kv): Promise<Session[]> {
  const ids = await Promise.all([listActive(kv), listOnDemand(kv)]);
  const sessions = await findAll(kv, [...new Set(ids.flat())]);
  return sessions.filter(({ status }) => !isOver(status));
}

async function listActive(kv: Deno.Kv): Promise<string[]> {
  const ids: string[] = [];
  const active = kv.list<string>({ prefix: ["session_active"] });
  for await (const { value } of active) ids.push(value);
  return ids;
}

async function findAll(kv: Deno.Kv, ids: string[]): Promise<Session[]> {
  return (await getAll<Session>(kv, ids.map(sessionKey))).map(upgrade);
}

/** So many of a doctor's sessions are read to find the one that ended last, of so many in the list. */
const LAST_ENDED = { sessions: 5, listed: 50 };

/**
 * When a session of the doctor ended last, or null. Looks at the few that were
 * planned last, up to a day ahead, because some are started early: the list is
 * by planned time.
 */
export async function findLastEnd(
  kv: Deno.Kv,
  doctorId: string,
  now: Date,
): Promise<string | null> {
  const prefix = listPrefix("doctor", doctorId);
  const end = [...prefix, new Date(now.getTime() + EXPIRY_MS).toISOString()];
  const listed = kv.list<Listed>({ prefix, end }, {
    reverse: true,
    limit: LAST_ENDED.listed,
    batchSize: LAST_ENDED.sessions,
  });
  const ids: string[] = [];
  for await (const { value } of listed) {
    if (value.status === "COMPLETED") ids.push(value.id);
    if (ids.length === LAST_ENDED.sessions) break;
  }
  const ends = (await findAll(kv, ids)).map(({ endedAt }) => endedAt!);
  return ends.toSorted().at(-1) ?? null;
}

/** A session of the doctor that is IN_PROGRESS, or null. */
export async function findRunningOf(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Session | null> {
  const running = await listRunning(kv);
  return running.find(({ doctor }) => doctor.id === doctorId) ?? null;
}

/** The ids of SCHEDULED sessions planned for before a time. */
export async function listPlannedBefore(
  kv: Deno.Kv,
  before: Date,
): Promise<string[]> {
  const ids: string[] = [];
  const planned = kv.list<string>({
    prefix: [...PLANNED_PREFIX],
    end: [...PLANNED_PREFIX, before.toISOString()],
  });
  for await (const { value } of planned) ids.push(value);
  return ids;
}

/** The ids of sessions that came of a call for any doctor and are not over. */
export async function listOnDemand(kv: Deno.Kv): Promise<string[]> {
  const ids: string[] = [];
  const live = kv.list<string>({ prefix: ON_DEMAND_PREFIX });
  for await (const { value } of live) ids.push(value);
  return ids;
}

/** The session's audit chain, oldest first. */
export function listHistory(kv: Deno.Kv, id: string): Promise<AuditEntry[]> {
  return listChain(kv, chainOf(id));
}

function notFound(id: string): AppError {
  return new AppError("session_not_found", `Cannot find session "${id}"`);
}
