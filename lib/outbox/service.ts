import { AppError } from "@/lib/errors.ts";
import type { Lease } from "@/lib/kv/lease.ts";
import { logError } from "@/lib/log.ts";
import { HANDLERS } from "@/lib/outbox/duty_service.ts";
import { type OutboxRow, postponed } from "@/lib/outbox/outbox_row.ts";
import { dropRow, listDue, postpone } from "@/lib/outbox/store.ts";
import type { Services } from "@/lib/services.ts";
import { dutiesOf, dutyName } from "@/lib/sessions/duties.ts";
import { guardedVoice, type Voice } from "@/lib/sessions/event_service.ts";
import { findSession } from "@/lib/sessions/store.ts";

/** So many at once, and then a second's rest: Twilio takes some ten requests a second. */
const BATCH = 8;
const REST_MS = 1_000;

/**
 * Keeps the promises that are due: does what sessions owe the video service,
 * and puts off what does not work now. Whatever happens in between, a promise
 * stays in the outbox until the commit that says it is kept.
 */
export async function workOutbox(
  services: Services,
  lease: Lease,
): Promise<void> {
  const due = await listDue(services.kv, services.now());
  const by = guardedVoice(lease.guard);
  for (let first = 0; first < due.length; first += BATCH) {
    if (first > 0) await rest();
    await lease.keep();
    const batch = due.slice(first, first + BATCH);
    await Promise.all(batch.map((entry) => work(services, entry, by)));
  }
}

async function work(
  services: Services,
  entry: Deno.KvEntry<OutboxRow>,
  by: Voice,
): Promise<void> {
  const row = entry.value;
  try {
    const session = await findSession(services.kv, row.sessionId);
    const owed = dutiesOf(session).map(dutyName).includes(dutyName(row));
    if (!owed) return await dropRow(services.kv, entry);
    const kept = await HANDLERS[row.kind](services, session, row, by);
    if (!kept) await putOff(services, entry, 0);
  } catch (error) {
    logError(`Cannot do ${row.kind} for session ${row.sessionId}`, error);
    await putOff(services, entry, retryAfterMs(error));
  }
}

async function putOff(
  { kv, now }: Services,
  entry: Deno.KvEntry<OutboxRow>,
  atLeastMs: number,
): Promise<void> {
  const chance = Math.random();
  await postpone(
    kv,
    entry,
    postponed(entry.value, now(), { chance, atLeastMs }),
  );
}

/** What the video service demands when it is asked too often; what the app suggests to people is another matter. */
function retryAfterMs(error: unknown): number {
  if (!(error instanceof AppError)) return 0;
  const { status } = (error.cause ?? {}) as { status?: unknown };
  return status === 429 ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST_MS));
}
