import { type Caller, personRef } from "@/lib/accounts/account.ts";
import { auditActor } from "@/lib/audit/facts.ts";
import { AppError } from "@/lib/errors.ts";
import { earlierEffect } from "@/lib/idempotency/receipt.ts";
import { messageFacts } from "@/lib/messages/facts.ts";
import type { Message } from "@/lib/messages/message.ts";
import { sideOf } from "@/lib/messages/policy.ts";
import {
  changeThread,
  findLastMessages,
  findMessage,
  findThreads,
  insertMessage,
  listMessages,
  listMessagesAfter,
  listUnread,
} from "@/lib/messages/store.ts";
import {
  type Thread,
  unreadOf,
  withMessage,
  withRead,
} from "@/lib/messages/thread.ts";
import type { ThreadPage } from "@/lib/messages/view.ts";
import { newIdAfter } from "@/lib/new_id.ts";
import { type Limit, withOne } from "@/lib/rate_limit/window.ts";
import type { Services } from "@/lib/services.ts";
import { authorizeVisit } from "@/lib/visits/policy.ts";
import { getVisit, listVisits } from "@/lib/visits/service.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** More than anybody writes, less than a program would. */
export const SENDING_LIMIT: Limit = { times: 30, windowMs: 60_000 };

/**
 * Writes a message to the other person of the visit. Throws `visit_not_found`
 * for strangers, `visit_closed`, `rate_limited`.
 *
 * @param text As `SendMessageBody` leaves it.
 */
export async function sendMessage(
  services: Services,
  caller: Caller,
  visitId: string,
  text: string,
): Promise<Message> {
  const { kv, now } = services;
  const { actor, client } = caller;
  const earlier = earlierEffect(client);
  if (earlier !== null) {
    await getVisit(services, caller, visitId);
    return await findMessage(kv, visitId, earlier);
  }
  const author = { visitId, authorId: actor.accountId };
  return await insertMessage(kv, author, ({ visit, thread, window }) => {
    authorizeVisit(actor, "write_message", visit);
    const seat = sideOf(actor, visit);
    const at = now();
    const counted = withOne(window, SENDING_LIMIT, at);
    if ("waitSeconds" in counted) {
      throw new AppError(
        "rate_limited",
        "Cannot write so many messages within a minute",
        { retryAfterSeconds: counted.waitSeconds },
      );
    }
    const id = newIdAfter(thread.lastId);
    const next = withMessage(thread, { id, seat });
    const message: Message = {
      v: 1,
      id,
      visitId,
      from: personRef(actor),
      seat,
      text,
      at: at.toISOString(),
      sent: next.sent,
    };
    return {
      message,
      window: counted.next,
      next,
      facts: messageFacts(
        "message.send",
        { visit, messageId: id, at: message.at },
        auditActor(caller),
        client.requestId,
      ),
      client,
    };
  });
}

/** Which messages to read. */
export interface MessageQuery {
  /** From 1 to 100; 50 if not given. */
  limit?: number | undefined;
  /** Those before this message. */
  cursor?: string | undefined;
  /** Those after this message, all of them; then the other two do not count. */
  after?: string | undefined;
}

/** Messages of a visit, oldest first; of many the newest. For its participants only: throws `visit_not_found`. */
export async function readThread(
  services: Services,
  caller: Caller,
  visitId: string,
  { after, ...page }: MessageQuery,
): Promise<ThreadPage> {
  const { kv } = services;
  const visit = await getVisit(services, caller, visitId);
  // In this order: what is written in between comes twice rather than never.
  const [thread] = await findThreads(kv, [visitId]);
  const { messages, next } = after === undefined
    ? await listMessages(kv, visitId, page)
    : {
      messages: await listMessagesAfter(kv, visitId, after),
      next: undefined,
    };
  return { visit, thread: thread!, messages, next };
}

/**
 * Notes that the caller has read up to a message. Earlier ones than before
 * change nothing. Throws `visit_not_found`, and `validation` for what is no
 * message of the visit.
 */
export function markRead(
  { kv, now }: Services,
  caller: Caller,
  visitId: string,
  messageId: string,
): Promise<Thread> {
  const { actor, client } = caller;
  return changeThread(
    kv,
    { visitId, messageId },
    ({ visit, thread, about }) => {
      authorizeVisit(actor, "read_messages", visit);
      if (about === null) {
        throw new AppError(
          "validation",
          "Cannot mark as read: no such message",
          {
            fields: [{
              field: "up_to",
              message: "is no message of this visit",
            }],
          },
        );
      }
      const at = now().toISOString();
      const next = withRead(thread, sideOf(actor, visit), about, at);
      return next === null ? null : {
        next,
        facts: messageFacts(
          "message.read",
          { visit, messageId, at },
          auditActor(caller),
          client.requestId,
        ),
        client,
      };
    },
  );
}

/** A visit as the list of one's messages shows it. */
export interface ThreadLine {
  visit: Visit;
  /** The newest message, or null. */
  last: Message | null;
  unread: number;
}

/** The caller's visits with their newest messages; the last written to comes first, visits without messages last. */
export async function listThreads(
  services: Services,
  caller: Caller,
  query: { cursor?: string | undefined },
): Promise<{ lines: ThreadLine[]; next: string | null }> {
  const { kv } = services;
  const { visits, next } = await listVisits(services, caller, query);
  const threads = await findThreads(kv, visits.map(({ id }) => id));
  const lastOnes = new Map(
    (await findLastMessages(kv, threads)).map((last) => [last.visitId, last]),
  );
  const lines = visits.map((visit, index) => ({
    visit,
    last: lastOnes.get(visit.id) ?? null,
    unread: unreadOf(threads[index]!, sideOf(caller.actor, visit)),
  }));
  const rank = ({ last }: ThreadLine) => last?.at ?? "";
  return {
    lines: lines.sort((a, b) => rank(b).localeCompare(rank(a))),
    next,
  };
}

/** How many messages the caller has not read, by visit; only visits with any. */
export function countUnread(
  { kv }: Services,
  { actor }: Caller,
): Promise<Map<string, number>> {
  return listUnread(kv, actor.accountId);
}
