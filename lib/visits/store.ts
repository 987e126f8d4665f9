import type { Client } from "@/lib/accounts/account.ts";
import type { AuditFacts } from "@/lib/audit/entry.ts";
import { appendEntry } from "@/lib/audit/store.ts";
import { AppError } from "@/lib/errors.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { type Page, type PageQuery, readPage } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import type { Closing } from "@/lib/visits/closing.ts";
import { activeSessionKey, visitKey } from "@/lib/visits/keys.ts";
import { upgradeVisit } from "@/lib/visits/upgrade.ts";
import type { Visit, VisitStatus } from "@/lib/visits/visit.ts";

const closingKey = (id: string) => ["visit_closing", id];

interface Listed {
  id: string;
  status: VisitStatus;
}

/** What a change is to be remembered as. */
export interface VisitChange {
  next: Visit;
  facts: AuditFacts;
  client: Client | null;
}

/** The one way a visit is written: its record, its indexes and the audit entry. */
export function writeVisit(
  operation: Deno.AtomicOperation,
  { next, facts, client }: VisitChange,
): Visit {
  const head = appendEntry(operation, `v:${next.id}`, next, facts, client);
  const visit = { ...next, ...head };
  const { id, status } = visit;
  operation.set(visitKey(id), visit)
    // ULIDs sort by time: the newest visit is the last key.
    .set(["visits_by_doctor", visit.doctor.id, id], { id, status })
    .set(["visits_by_patient", visit.patient.id, id], { id, status });
  return visit;
}

/** Writes a visit that is closed by this; that its planned sessions are to be taken back is noted along. */
export function writeClosing(
  operation: Deno.AtomicOperation,
  change: VisitChange,
): Visit {
  const visit = writeVisit(operation, change);
  const { id: visitId, closedAt } = visit;
  operation.set(closingKey(visitId), { visitId, closedAt } as Closing);
  return visit;
}

/** Stores a new visit. Throws `conflict` when its request has been taken over by another run. */
export function insertVisit(
  kv: Deno.Kv,
  change: VisitChange,
): Promise<Visit> {
  return untilCommitted(async () => {
    const operation = kv.atomic()
      .check({ key: visitKey(change.next.id), versionstamp: null });
    const visit = writeVisit(operation, change);
    const { ok } = await commitWithReceipt(operation, change.client, visit.id);
    if (ok) return { ok, value: visit };
    // A commit whose answer got lost on the way is sent again, and then looks
    // like a lost race.
    const stored = (await kv.get<Visit>(visitKey(visit.id))).value;
    if (stored?.auditHash === visit.auditHash) {
      return { ok: true, value: visit };
    }
    throw new AppError("conflict", `Cannot store visit "${visit.id}" again`);
  });
}

/** Throws `visit_not_found`. */
export async function findVisit(kv: Deno.Kv, id: string): Promise<Visit> {
  if (!isRecordId(id)) throw notFound(id);
  const { value } = await kv.get<Visit>(visitKey(id));
  if (value === null) throw notFound(id);
  return upgradeVisit(value);
}

/**
 * Reads the visit and which of its sessions runs, lets `change` decide, and
 * commits; again from the start when somebody else was faster. A session that
 * starts meanwhile makes the commit fail. That a visit is closed is noted along,
 * to be forgotten when its planned sessions are taken back.
 */
export function changeVisit(
  kv: Deno.Kv,
  id: string,
  change: (visit: Visit, activeSessionId: string | null) => VisitChange | null,
): Promise<Visit> {
  return untilCommitted(async () => {
    if (!isRecordId(id)) throw notFound(id);
    const [entry, active] = await kv.getMany<[Visit, string]>([
      visitKey(id),
      activeSessionKey(id),
    ]);
    if (entry.value === null) throw notFound(id);
    const before = upgradeVisit(entry.value);
    const decided = change(before, active.value);
    if (decided === null) return { ok: true, value: before };
    const operation = kv.atomic().check(entry, active);
    const isClosed = before.status === "OPEN" &&
      decided.next.status === "CLOSED";
    const write = isClosed ? writeClosing : writeVisit;
    const visit = write(operation, decided);
    const { ok } = await commitWithReceipt(operation, decided.client, id);
    return ok ? { ok, value: visit } : LOST;
  });
}

/** The visits that were closed, and whose planned sessions are still to be taken back. */
export async function listClosing(kv: Deno.Kv): Promise<Closing[]> {
  const found: Closing[] = [];
  const rows = kv.list<Closing>({ prefix: ["visit_closing"] });
  for await (const { value } of rows) found.push(value);
  return found;
}

/** Forgets that the visit's planned sessions are to be taken back: there are none any more, and never will be. */
export function forgetClosing(kv: Deno.Kv, visitId: string): Promise<void> {
  return untilCommitted(async () => {
    await kv.delete(closingKey(visitId));
    return { ok: true, value: undefined };
  });
}

/** The id of the visit's session that is IN_PROGRESS, or null. */
export async function findRunning(
  kv: Deno.Kv,
  visitId: string,
): Promise<string | null> {
  return (await kv.get<string>(activeSessionKey(visitId))).value;
}

/** Which visits to list. */
export interface VisitFilter extends PageQuery {
  by: "doctor" | "patient";
  id: string;
  status?: VisitStatus | undefined;
}

/** Visits, newest first. Throws `validation` for a cursor that is none of ours. */
export async function listVisits(
  kv: Deno.Kv,
  { by, id, status, ...page }: VisitFilter,
): Promise<Page<Visit>> {
  const prefix = [`visits_by_${by}`, id];
  const { items, next } = await readPage<Listed, Visit>(kv, prefix, page, {
    keep: (listed) => status === undefined || listed.status === status,
    recordKey: (listed) => visitKey(listed.id),
  });
  return { items: items.map(upgradeVisit), next };
}

function notFound(id: string): AppError {
  return new AppError("visit_not_found", `Cannot find visit "${id}"`);
}
