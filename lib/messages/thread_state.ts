import type { Seat } from "@/lib/sessions/session.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";

/** A message of one's own that the server has not confirmed. */
export interface Outgoing {
  /** Its `Idempotency-Key`: sent again, it is still one message. */
  key: string;
  text: string;
  /** Why it was not sent; null: it is on its way. */
  problem: string | null;
}

/** A visit's messages as one page knows them. */
export interface ThreadState {
  /** Oldest first. */
  messages: MessageView[];
  /** Cursor of the messages before these, or null. */
  next: string | null;
  /** How many of the other's messages one has not read. */
  unread: number;
  /** The last message that the other has read, or null. */
  seenUpTo: string | null;
  canWrite: boolean;
  /** Oldest first. */
  outgoing: Outgoing[];
  /** What arrived last from the other, since the page is there. */
  arrived: MessageView[];
}

/** Before the server has told anything. */
export const EMPTY_THREAD: ThreadState = {
  messages: [],
  next: null,
  unread: 0,
  seenUpTo: null,
  canWrite: true,
  outgoing: [],
  arrived: [],
};

/** The state that a page starts from. */
export function startingFrom(view: ThreadView): ThreadState {
  return {
    ...EMPTY_THREAD,
    messages: view.results,
    next: view.next ?? null,
    ...standing(view),
  };
}

/** The state after the server has told the newest messages, or what is new. */
export function withNews(
  state: ThreadState,
  view: ThreadView,
  mine: Seat,
): ThreadState {
  const { results, next } = view;
  const known = state.messages;
  const added = newOnes(known, results);
  const theirs = added.filter(({ seat }) => seat !== mine);
  const isFirst = known.length === 0;
  // So much was written while nothing was heard that the two do not meet.
  const isGap = !isFirst && next != null &&
    results[0]!.id > known.at(-1)!.id;
  const startsAnew = isFirst || isGap;
  return {
    ...state,
    ...standing(view),
    messages: startsAnew ? results : merged(known, added),
    next: startsAnew ? next ?? null : state.next,
    outgoing: withoutConfirmed(state.outgoing, added, mine),
    arrived: isFirst || theirs.length === 0 ? state.arrived : theirs,
  };
}

/** The state with messages of before. */
export function withEarlier(
  state: ThreadState,
  { results, next }: ThreadView,
): ThreadState {
  return {
    ...state,
    messages: merged(state.messages, newOnes(state.messages, results)),
    next: next ?? null,
  };
}

/** The state with a message that is on its way: a new one, or one that is tried again. */
export function withOutgoing(
  state: ThreadState,
  { key, text }: Omit<Outgoing, "problem">,
): ThreadState {
  const sending = { key, text, problem: null };
  const outgoing = state.outgoing.some((each) => each.key === key)
    ? state.outgoing.map((each) => each.key === key ? sending : each)
    : [...state.outgoing, sending];
  return { ...state, outgoing };
}

/** The state after a message could not be sent. */
export function withProblem(
  state: ThreadState,
  key: string,
  problem: string,
): ThreadState {
  const outgoing = state.outgoing.map((each) =>
    each.key === key ? { ...each, problem } : each
  );
  return { ...state, outgoing };
}

/** The state without a message that was on its way: it has arrived, or is taken back. */
export function withoutOutgoing(
  state: ThreadState,
  key: string,
  message: MessageView | null = null,
): ThreadState {
  const added = message === null ? [] : newOnes(state.messages, [message]);
  return {
    ...state,
    messages: merged(state.messages, added),
    outgoing: state.outgoing.filter((each) => each.key !== key),
  };
}

function standing({ unread, seen_up_to, actions }: ThreadView) {
  return {
    unread,
    seenUpTo: seen_up_to,
    canWrite: actions.includes("write"),
  };
}

function newOnes(known: MessageView[], told: MessageView[]): MessageView[] {
  const ids = new Set(known.map(({ id }) => id));
  return told.filter(({ id }) => !ids.has(id));
}

function merged(known: MessageView[], added: MessageView[]): MessageView[] {
  if (added.length === 0) return known;
  return [...known, ...added].sort((a, b) => a.id < b.id ? -1 : 1);
}

/** The live line may be faster than the answer to sending, or bring what seemed lost. */
function withoutConfirmed(
  outgoing: Outgoing[],
  added: MessageView[],
  mine: Seat,
): Outgoing[] {
  const left = [...outgoing];
  for (const { seat, text } of added) {
    if (seat !== mine) continue;
    const at = left.findIndex((each) => each.text === text);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
