import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";
import type { Message } from "@/lib/messages/message.ts";
import type { Seat } from "@/lib/sessions/session.ts";

/** Up to where somebody has read. */
export interface ReadMark {
  /** The id of the last message they have seen. */
  upTo: string;
  /** How many of the other's messages that were. */
  seen: number;
  at: string;
}

/** What is known of all messages of one visit together, as stored. There is none before the first message. */
export interface Thread {
  /** Layout of this record. */
  v: 1;
  visitId: string;
  /** How many messages each has sent. */
  sent: Record<Seat, number>;
  /** Null: has read none. */
  read: Record<Seat, ReadMark | null>;
  /** The newest message. */
  lastId: string | null;
  /** Grows by one with every commit. */
  rev: number;
  /** How many entries this thread's audit chain has, and the hash of the last. */
  auditSeq: number;
  auditHash: string;
}

const OTHER: Record<Seat, Seat> = { doctor: "patient", patient: "doctor" };

/** The other side of the visit. */
export function otherSeat(seat: Seat): Seat {
  return OTHER[seat];
}

/** The thread of a visit in which nobody has written yet. */
export function emptyThread(visitId: string): Thread {
  return {
    v: 1,
    visitId,
    sent: { doctor: 0, patient: 0 },
    read: { doctor: null, patient: null },
    lastId: null,
    rev: 0,
    ...EMPTY_CHAIN,
  };
}

/** The thread with one more message, and how many each has sent by then. */
export function withMessage(
  thread: Thread,
  { id, seat }: Pick<Message, "id" | "seat">,
): Thread {
  return {
    ...thread,
    sent: { ...thread.sent, [seat]: thread.sent[seat] + 1 },
    lastId: id,
    rev: thread.rev + 1,
  };
}

/**
 * The thread after this side has read up to the message, or null if they had
 * read that far already: a mark never goes back.
 */
export function withRead(
  thread: Thread,
  seat: Seat,
  { id, sent }: Pick<Message, "id" | "sent">,
  at: string,
): Thread | null {
  const mark = thread.read[seat];
  if (mark !== null && mark.upTo >= id) return null;
  const read: ReadMark = { upTo: id, seen: sent[otherSeat(seat)], at };
  return {
    ...thread,
    read: { ...thread.read, [seat]: read },
    rev: thread.rev + 1,
  };
}

/** How many of the other's messages this side has not read. */
export function unreadOf(thread: Thread, seat: Seat): number {
  return thread.sent[otherSeat(seat)] - (thread.read[seat]?.seen ?? 0);
}
