import type { PersonRef } from "@/lib/accounts/account.ts";
import type { Message } from "@/lib/messages/message.ts";
import { mayWrite } from "@/lib/messages/policy.ts";
import { otherSeat, type Thread, unreadOf } from "@/lib/messages/thread.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** A message as the API shows it. */
export interface MessageView {
  id: string;
  visit_id: string;
  from: PersonRef;
  /** Whose side of the visit wrote it. */
  seat: Seat;
  text: string;
  sent_at: string;
}

/** A part of a visit's messages, and how things stand, as the API shows it to one side. */
export interface ThreadView {
  /** Oldest first. */
  results: MessageView[];
  /** Cursor of the messages before these, or null; missing where only what is new is told. */
  next?: string | null;
  /** How many of the other's messages one has not read. */
  unread: number;
  /** The last message that the other has read, or null. */
  seen_up_to: string | null;
  /** What one may do: write, while the visit is open. */
  actions: "write"[];
}

/** Some messages of a visit, oldest first, and what they belong to. */
export interface ThreadPage {
  visit: Visit;
  thread: Thread;
  messages: Message[];
  /** Cursor of the messages before these, or null; undefined: only what is new was asked for. */
  next: string | null | undefined;
}

/** A message as both sides see it. */
export function viewMessage(message: Message): MessageView {
  const { id, visitId, from, seat, text, at } = message;
  return { id, visit_id: visitId, from, seat, text, sent_at: at };
}

/** The messages as this side sees them. */
export function viewThread(
  { visit, thread, messages, next }: ThreadPage,
  seat: Seat,
): ThreadView {
  return {
    results: messages.map(viewMessage),
    ...(next === undefined ? {} : { next }),
    unread: unreadOf(thread, seat),
    seen_up_to: thread.read[otherSeat(seat)]?.upTo ?? null,
    actions: mayWrite(visit, seat) ? ["write"] : [],
  };
}
