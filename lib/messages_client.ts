import { type ApiError, ask, change, newKey } from "@/lib/api_client.ts";
import { watch } from "@/lib/live_client.ts";
import { tidyText } from "@/lib/messages/text.ts";
import {
  EMPTY_THREAD,
  startingFrom,
  type ThreadState,
  withEarlier,
  withNews,
  withOutgoing,
  withoutOutgoing,
  withProblem,
} from "@/lib/messages/thread_state.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";
import type { Seat } from "@/lib/sessions/session.ts";

/** What a thread needs of the server. */
export interface MessageApi {
  /** Throws `ApiError`; the same key may then be tried again. */
  send(visitId: string, text: string, key: string): Promise<MessageView>;
  markRead(visitId: string, upTo: string): Promise<{ unread: number }>;
  earlier(visitId: string, cursor: string): Promise<ThreadView>;
  /** Tells the newest messages, then what is new. Returns the way to stop. */
  watch(visitId: string, onNews: (news: ThreadView) => void): () => void;
}

const api: MessageApi = {
  send: (visitId, text, key) =>
    change(`visits/${visitId}/messages/`, { text }, { key }),
  markRead: (visitId, up_to) =>
    change(`visits/${visitId}/messages/read/`, { up_to }),
  earlier: (visitId, cursor) =>
    ask(`visits/${visitId}/messages/?cursor=${cursor}`),
  watch: (visitId, onNews) =>
    watch(`visits/${visitId}/messages/events/`, "messages", onNews),
};

/** The messages of a visit as one page has them, and what can be done with them. */
export interface LiveThread {
  readonly state: ThreadState;
  /** What is being written; kept here so that it outlives the field. */
  draft: string;
  /** Calls back after every change. Returns the way to stop. */
  subscribe(onChange: () => void): () => void;
  /** Listens to the server. Returns the way to stop. */
  watch(): () => void;
  /** Sends a text, after those that are on their way. */
  send(text: string): void;
  /** Tries once more to send what was not sent. */
  retry(key: string): void;
  /** Takes back what was not sent, and answers its text. */
  takeBack(key: string): string;
  /** Fetches messages of before. Throws `ApiError`. */
  loadEarlier(): Promise<void>;
  /** Everything that is there has been seen. */
  markSeen(): void;
}

/** What a thread starts from. */
export interface ThreadParts {
  visitId: string;
  /** One's own side of the visit. */
  mine: Seat;
  /** What the page was rendered with; null: nothing is known yet. */
  initial: ThreadView | null;
}

/** Opens the messages of a visit. Knows the server, but neither the DOM nor components. */
export function openThread(
  { visitId, mine, initial }: ThreadParts,
  server: MessageApi = api,
): LiveThread {
  let state = initial === null ? EMPTY_THREAD : startingFrom(initial);
  const listeners = new Set<() => void>();
  /** Messages arrive in the order in which they were written. */
  let sending = Promise.resolve();
  /** Up to where the server has been told that one has read. */
  let marked = "";

  function set(next: ThreadState): void {
    state = next;
    for (const onChange of listeners) onChange();
  }

  async function deliver(key: string, text: string): Promise<void> {
    try {
      const message = await server.send(visitId, text, key);
      set(withoutOutgoing(state, key, message));
    } catch (error) {
      set(withProblem(state, key, whyNotSent(error as ApiError)));
    }
  }

  function enqueue(key: string, text: string): void {
    set(withOutgoing(state, { key, text }));
    sending = sending.then(() => deliver(key, text));
  }

  const textOf = (key: string) =>
    state.outgoing.find((each) => each.key === key)?.text ?? "";

  return {
    get state() {
      return state;
    },
    draft: "",
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    watch: () =>
      server.watch(visitId, (news) => set(withNews(state, news, mine))),
    send: (text) => enqueue(newKey(), tidyText(text)),
    retry: (key) => enqueue(key, textOf(key)),
    takeBack(key) {
      const text = textOf(key);
      set(withoutOutgoing(state, key));
      return text;
    },
    async loadEarlier() {
      if (state.next === null) return;
      set(withEarlier(state, await server.earlier(visitId, state.next)));
    },
    markSeen() {
      const last = state.messages.findLast(({ seat }) => seat !== mine);
      if (state.unread === 0 || last === undefined || last.id <= marked) return;
      const before = marked;
      marked = last.id;
      server.markRead(visitId, last.id).then(
        ({ unread }) => set({ ...state, unread }),
        // The next look tries again.
        () => marked = before,
      );
    },
  };
}

/** Why a message was not sent, in a sentence. */
function whyNotSent({ code, message }: ApiError): string {
  switch (code) {
    case "network":
      return "The server did not answer. Check your connection.";
    case "rate_limited":
      return "You have sent many messages within a minute. Wait a moment.";
    case "visit_closed":
      return "The visit has been closed.";
    default:
      return `${message}.`;
  }
}
