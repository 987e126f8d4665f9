import { untilCommitted } from "@/lib/kv/commit.ts";
import { newRow, type OutboxRow } from "@/lib/outbox/outbox_row.ts";
import { type Duty, dutyName } from "@/lib/sessions/duties.ts";

const rowKey = (sessionId: string, duty: Duty) => [
  "outbox",
  sessionId,
  dutyName(duty),
];

/**
 * Adds to a commit what a session owes from now on, and takes away what it
 * does not owe any more. What it owed before and still does stays as it is,
 * with its count of attempts.
 */
export function writeDuties(
  operation: Deno.AtomicOperation,
  sessionId: string,
  { before, after, at }: { before: Duty[]; after: Duty[]; at: Date },
): void {
  const had = new Set(before.map(dutyName));
  const has = new Set(after.map(dutyName));
  for (const duty of after) {
    if (had.has(dutyName(duty))) continue;
    operation.set(rowKey(sessionId, duty), newRow(sessionId, duty, at));
  }
  for (const duty of before) {
    if (!has.has(dutyName(duty))) operation.delete(rowKey(sessionId, duty));
  }
}

/** The promises that are due, those of one session together. */
export async function listDue(
  kv: Deno.Kv,
  now: Date,
): Promise<Deno.KvEntry<OutboxRow>[]> {
  const due: Deno.KvEntry<OutboxRow>[] = [];
  const rows = kv.list<OutboxRow>({ prefix: ["outbox"] }, { batchSize: 500 });
  for await (const entry of rows) {
    if (Date.parse(entry.value.dueAt) <= now.getTime()) due.push(entry);
  }
  return due;
}

/** Puts a promise off, unless it was kept or put off meanwhile. */
export function postpone(
  kv: Deno.Kv,
  entry: Deno.KvEntry<OutboxRow>,
  row: OutboxRow,
): Promise<void> {
  return committed(() => kv.atomic().check(entry).set(entry.key, row));
}

/** Forgets a promise that its session knows nothing of. */
export function dropRow(
  kv: Deno.Kv,
  entry: Deno.KvEntry<OutboxRow>,
): Promise<void> {
  return committed(() => kv.atomic().check(entry).delete(entry.key));
}

/** Commits once, however long the storage is locked; a row that has changed stays as it is. */
function committed(operation: () => Deno.AtomicOperation): Promise<void> {
  return untilCommitted(async () => {
    await operation().commit();
    return { ok: true, value: undefined };
  });
}
