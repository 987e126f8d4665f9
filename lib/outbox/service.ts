import { AppError } from "@/lib/errors.ts";
import type { Lease } from "@/lib/kv/lease.ts";
import { logError } from "@/lib/log.ts";
import { HANDLERS } from "@/lib/outbox/duty_service.ts";
import { type OutboxRow, postponed } from "@/lib/outbox/outbox_row.ts";
import { dropRow, listDue, postpone } from "@/lib/outbox/store.ts";
import type { Services } from "@/lib/services.ts";
import { dutiesOf, dutyName } from "@/lib/sessions/duties.ts";
import { guardedVoice, type Voice } from "@/lib/sessions/event_service.ts";
import type { Session } from "@/lib/sessions/session.ts";
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
  stop: AbortSignal,
): Promise<void> {
  const due = await listDue(services.kv, services.now());
  const by = guardedVoice(lease.guard);
  for (let first = 0; first < due.length; first += BATCH) {
    if (first > 0) await rest();
    if (stop.aborted) return;
    await lease.keep();
    const batch = due.slice(first, first + BATCH);
    await Promise.all(
      batch.map((entry) =>
        work(services, entry, by).catch((error) =>
          logError(`Cannot look after ${JSON.stringify(entry.key)}`, error)
        )
      ),
    );
  }
}

async function work(
  services: Services,
  entry: Deno.KvEntry<OutboxRow>,
  by: Voice,
): Promise<void> {
  const row = entry.value;
  const session = await findSession(services.kv, row.sessionId)
    .catch(unlessUnknown);
  if (session === null || !isOwed(session, row)) {
    return await dropRow(services.kv, entry);
  }
  try {
    const kept = await HANDLERS[row.kind](services, session, row, by);
    if (!kept) await putOff(services, entry, session);
  } catch (error) {
    logError(`Cannot do ${row.kind} for session ${row.sessionId}`, error);
    await putOff(services, entry, session, retryAfterMs(error));
  }
}

/** For `catch`: nobody owes anything for a session that is not there. */
function unlessUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === "session_not_found") {
    return null;
  }
  throw error;
}

function isOwed(session: Session, row: OutboxRow): boolean {
  return dutiesOf(session).some((duty) => dutyName(duty) === dutyName(row));
}

async function putOff(
  { kv, now }: Services,
  entry: Deno.KvEntry<OutboxRow>,
  session: Session,
  atLeastMs = 0,
): Promise<void> {
  const row = postponed(entry.value, now(), {
    chance: Math.random(),
    atLeastMs,
    deadline: deadlineOf(entry.value, session),
  });
  await postpone(kv, entry, row);
}

/** When there is no use in it any more. */
function deadlineOf({ kind }: OutboxRow, session: Session): string | undefined {
  switch (kind) {
    case "room.open":
      return session.startIntent?.deadline;
    case "room.move":
      return session.moving?.deadline;
    default:
      return undefined;
  }
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
