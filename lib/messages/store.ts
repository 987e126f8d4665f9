import type { Client } from "@/lib/accounts/account.ts";
import type { AuditFacts } from "@/lib/audit/entry.ts";
import { appendEntry } from "@/lib/audit/store.ts";
import { AppError } from "@/lib/errors.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { getAll, PAGE_SIZE } from "@/lib/kv/page.ts";
import { isRecordId } from "@/lib/kv/record_id.ts";
import type { Message } from "@/lib/messages/message.ts";
import { emptyThread, type Thread, unreadOf } from "@/lib/messages/thread.ts";
import type { Window } from "@/lib/rate_limit/window.ts";
import { SEATS } from "@/lib/sessions/session.ts";
import { visitKey } from "@/lib/visits/keys.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** Where a visit's thread is stored; it changes with every message and every mark. */
export const threadKey = (visitId: string) => ["message_thread", visitId];
const messageKey = (visitId: string, id: string) => ["message", visitId, id];
/** Only there while something is unread. */
const unreadKey = (
  accountId: string,
  visitId: string,
) => ["message_unread", accountId, visitId];
/** How many somebody has sent lately; see `lib/rate_limit`. */
const windowKey = (
  accountId: string,
) => ["rate_limit", "messages", accountId];

/** Garbage is collected an hour later; what still counts is decided on read. */
const COLLECT_WINDOW_MS = 3_600_000;

/** What a change of a thread is to be remembered as. */
export interface ThreadChange {
  next: Thread;
  facts: AuditFacts;
  client: Client;
}

/** A message to be stored. */
export interface Sending extends ThreadChange {
  message: Message;
  /** How many its author has sent lately, with this one. */
  window: Window;
}

/** What a decision about a thread is made of. */
export interface ThreadNow {
  visit: Visit;
  thread: Thread;
}

/** The one way a thread is written: its record, the counts of what is unread, and the audit entry. */
function writeThread(
  operation: Deno.AtomicOperation,
  visit: Visit,
  { next, facts, client }: ThreadChange,
): Thread {
  const chain = `m:${visit.id}`;
  const head = appendEntry(operation, chain, next, facts, client);
  const thread = { ...next, ...head };
  operation.set(threadKey(visit.id), thread);
  for (const seat of SEATS) {
    const key = unreadKey(visit[seat].id, visit.id);
    const unread = unreadOf(thread, seat);
    if (unread > 0) operation.set(key, unread);
    else operation.delete(key);
  }
  return thread;
}

/**
 * Stores a message: lets `decide` make it of how things stand, and commits;
 * again from the start when somebody else was faster. A visit that is closed
 * meanwhile makes the commit fail. Throws `visit_not_found`.
 */
export function insertMessage(
  kv: Deno.Kv,
  { visitId, authorId }: { visitId: string; authorId: string },
  decide: (now: ThreadNow & { window: Window | null }) => Sending,
): Promise<Message> {
  return untilCommitted(async () => {
    if (!isRecordId(visitId)) throw visitNotFound(visitId);
    const [visit, thread, window] = await kv.getMany<[Visit, Thread, Window]>([
      visitKey(visitId),
      threadKey(visitId),
      windowKey(authorId),
    ]);
    if (visit.value === null) throw visitNotFound(visitId);
    const sending = decide({
      visit: visit.value,
      thread: thread.value ?? emptyThread(visitId),
      window: window.value,
    });
    const { message } = sending;
    const key = messageKey(visitId, message.id);
    const operation = kv.atomic().check(visit, thread, window)
      .set(key, message)
      .set(window.key, sending.window, { expireIn: COLLECT_WINDOW_MS });
    writeThread(operation, visit.value, sending);
    const { ok } = await commitWithReceipt(
      operation,
      sending.client,
      message.id,
    );
    if (ok) return { ok, value: message };
    // A commit whose answer got lost on the way is sent again, and then looks
    // like a lost race.
    const isThere = (await kv.get(key)).value !== null;
    return isThere ? { ok: true, value: message } : LOST;
  });
}

/**
 * Changes what is known of the messages of a visit together, or leaves it when
 * `decide` answers null. `about` is the message it is about; null: there is
 * none with this id. Throws `visit_not_found`.
 */
export function changeThread(
  kv: Deno.Kv,
  { visitId, messageId }: { visitId: string; messageId: string },
  decide: (now: ThreadNow & { about: Message | null }) => ThreadChange | null,
): Promise<Thread> {
  return untilCommitted(async () => {
    if (!isRecordId(visitId)) throw visitNotFound(visitId);
    const [visit, thread, about] = await kv.getMany<[Visit, Thread, Message]>([
      visitKey(visitId),
      threadKey(visitId),
      messageKey(visitId, messageId),
    ]);
    if (visit.value === null) throw visitNotFound(visitId);
    const now = thread.value ?? emptyThread(visitId);
    const change = decide({
      visit: visit.value,
      thread: now,
      about: about.value,
    });
    if (change === null) return { ok: true, value: now };
    const operation = kv.atomic().check(thread);
    const next = writeThread(operation, visit.value, change);
    const { ok } = await commitWithReceipt(operation, change.client, messageId);
    return ok ? { ok, value: next } : LOST;
  });
}

/** A message that is known to be there. */
export async function findMessage(
  kv: Deno.Kv,
  visitId: string,
  id: string,
): Promise<Message> {
  const { value } = await kv.get<Message>(messageKey(visitId, id));
  if (value === null) {
    throw new TypeError(`There is no message "${id}" in visit "${visitId}"`);
  }
  return value;
}

/** What is known of the messages of these visits together, in their order. */
export async function findThreads(
  kv: Deno.Kv,
  visitIds: readonly string[],
): Promise<Thread[]> {
  const threads = await getAll<Thread>(kv, visitIds.map(threadKey));
  const byVisit = new Map(threads.map((thread) => [thread.visitId, thread]));
  return visitIds.map((id) => byVisit.get(id) ?? emptyThread(id));
}

/** The newest message of each of these threads; none of those that have none. */
export function findLastMessages(
  kv: Deno.Kv,
  threads: readonly Thread[],
): Promise<Message[]> {
  return getAll(
    kv,
    threads.filter(({ lastId }) => lastId !== null)
      .map(({ visitId, lastId }) => messageKey(visitId, lastId!)),
  );
}

/** The newest messages before the cursor (an id; undefined: of all), oldest first, and the cursor of those before them. */
export async function listMessages(
  kv: Deno.Kv,
  visitId: string,
  { limit = PAGE_SIZE, cursor }: {
    limit?: number | undefined;
    cursor?: string | undefined;
  },
): Promise<{ messages: Message[]; next: string | null }> {
  const prefix = ["message", visitId];
  const selector = cursor === undefined
    ? { prefix }
    : { prefix, end: messageKey(visitId, cursor) };
  const found: Message[] = [];
  const newestFirst = kv.list<Message>(selector, {
    reverse: true,
    limit: limit + 1,
  });
  for await (const { value } of newestFirst) found.push(value);
  const messages = found.slice(0, limit).reverse();
  return {
    messages,
    next: found.length > limit ? messages[0]!.id : null,
  };
}

/** The messages after the one with this id, oldest first. */
export async function listMessagesAfter(
  kv: Deno.Kv,
  visitId: string,
  id: string,
): Promise<Message[]> {
  const found: Message[] = [];
  const from = kv.list<Message>({
    prefix: ["message", visitId],
    start: messageKey(visitId, id),
  });
  for await (const { value } of from) {
    if (value.id !== id) found.push(value);
  }
  return found;
}

/** How many messages somebody has not read, by visit; only visits with any. */
export async function listUnread(
  kv: Deno.Kv,
  accountId: string,
): Promise<Map<string, number>> {
  const unread = new Map<string, number>();
  const rows = kv.list<number>({ prefix: ["message_unread", accountId] });
  for await (const { key, value } of rows) unread.set(String(key[2]), value);
  return unread;
}

function visitNotFound(id: string): AppError {
  return new AppError("visit_not_found", `Cannot find visit "${id}"`);
}
