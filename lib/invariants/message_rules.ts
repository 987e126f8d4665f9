import type { AuditEntry } from "@/lib/audit/entry.ts";
import { chainViolations, type Violation } from "@/lib/invariants/rules.ts";
import type { Message } from "@/lib/messages/message.ts";
import type { Thread } from "@/lib/messages/thread.ts";
import { type Seat, SEATS } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** Everything stored of the messages of one visit. */
export interface StoredThread {
  visitId: string;
  /** Null: it is not there. */
  thread: Thread | null;
  /** Null: it is not there. */
  visit: Visit | null;
  /** Oldest first. */
  messages: readonly Message[];
  /** The thread's audit entries, oldest first. */
  chain: readonly AuditEntry[];
}

const OTHER: Record<Seat, Seat> = { doctor: "patient", patient: "doctor" };

/**
 * I11: a thread says of its messages what they are: how many, the newest, and
 * up to where each side has read; every message is from somebody of the visit
 * and counts those before it; the thread's revision grew by one with every
 * entry of its audit chain, which is whole.
 */
export function threadViolations(
  { visitId, thread, visit, messages, chain }: StoredThread,
): Violation[] {
  const found: Violation[] = [];
  const where = `m:${visitId}`;
  const rule = (holds: boolean, what: string) => {
    if (!holds) found.push({ invariant: "I11", where, what });
  };
  rule(thread !== null && visit !== null, "no thread, or no visit");
  if (thread === null || visit === null) return found;
  rule(
    thread.rev === thread.auditSeq,
    `rev ${thread.rev}, audit ${thread.auditSeq}`,
  );
  found.push(...chainViolations(where, chain, thread));
  const sent = { doctor: 0, patient: 0 };
  for (const message of messages) {
    sent[message.seat]++;
    rule(
      SEATS.every((seat) => message.sent[seat] === sent[seat]),
      `message ${message.id} counts wrong`,
    );
    rule(
      message.from.id === visit[message.seat].id,
      `message ${message.id} is a stranger's`,
    );
  }
  for (const seat of SEATS) {
    rule(thread.sent[seat] === sent[seat], `counts the ${seat}'s wrong`);
    const mark = thread.read[seat];
    rule(
      mark === null ||
        messages.some(({ id, sent }) =>
          id === mark.upTo && sent[OTHER[seat]] === mark.seen
        ),
      `the ${seat} has read up to what is not there`,
    );
  }
  const newest = messages.at(-1)?.id ?? null;
  rule(thread.lastId === newest, "the newest message is another one");
  return found;
}

/** The rows that count what is unread: key and value. */
export function expectedUnread(
  { thread, visit, messages }: StoredThread,
): [key: string[], unread: number][] {
  if (thread === null || visit === null) return [];
  const rows = SEATS.map((seat): [string[], number] => {
    const upTo = thread.read[seat]?.upTo ?? "";
    const unread = messages.filter(({ id, seat: by }) =>
      by !== seat && id > upTo
    );
    return [["message_unread", visit[seat].id, visit.id], unread.length];
  });
  return rows.filter(([, unread]) => unread > 0);
}
