import assert from "node:assert/strict";
import fc from "fast-check";
import {
  EMPTY_THREAD,
  type ThreadState,
  withEarlier,
  withNews,
  withOutgoing,
  withoutOutgoing,
  withProblem,
} from "@/lib/messages/thread_state.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";

function aMessage(n: number, about: Partial<MessageView> = {}): MessageView {
  return {
    id: String(n).padStart(4, "0"),
    visit_id: "visit",
    from: { id: "doctor-1", name: "Dr Ada Day" },
    seat: "doctor",
    text: `No ${n}`,
    sent_at: "2026-11-21T12:00:00.000Z",
    ...about,
  };
}

function aView(
  results: MessageView[],
  about: Partial<ThreadView> = {},
): ThreadView {
  return {
    results,
    unread: 0,
    seen_up_to: null,
    actions: ["write"],
    ...about,
  };
}

const PAGE = 5;

/** What the server has, told as it tells it. */
class Server {
  readonly all: MessageView[] = [];
  write = () => this.all.push(aMessage(this.all.length));
  newest = (): ThreadView => this.before(this.all.length);
  after = (id: string): ThreadView =>
    aView(this.all.filter((message) => message.id > id));
  before(n: number): ThreadView {
    const results = this.all.slice(Math.max(0, n - PAGE), n);
    return aView(results, { next: n > PAGE ? results[0]!.id : null });
  }
}

Deno.test("whatever is told when, and however often the line breaks: nothing twice, nothing missing, all in order", () => {
  const steps = fc.array(
    fc.constantFrom("write", "told", "told twice", "break", "earlier"),
    { maxLength: 60 },
  );
  fc.assert(fc.property(steps, (steps) => {
    const server = new Server();
    let state: ThreadState = EMPTY_THREAD;
    const hear = (view: ThreadView) => state = withNews(state, view, "patient");
    hear(server.newest());
    let last = "";
    for (const step of [...steps, "told"]) {
      if (step === "write") server.write();
      if (step === "told" || step === "told twice") {
        hear(server.after(last));
        if (step === "told twice") hear(server.after(last));
        last = server.all.at(-1)?.id ?? "";
      }
      if (step === "break") {
        hear(server.newest());
        last = server.all.at(-1)?.id ?? "";
      }
      if (step === "earlier" && state.next !== null) {
        const at = server.all.findIndex(({ id }) => id === state.next);
        state = withEarlier(state, server.before(at));
      }
    }
    const from = server.all.length - state.messages.length;
    assert.deepEqual(state.messages, server.all.slice(from));
    // Whatever is missing at the beginning can be asked for.
    assert.equal(state.next, from === 0 ? null : state.messages[0]!.id);
  }));
});

Deno.test("only what the other wrote and what is new is said aloud", () => {
  const first = withNews(
    EMPTY_THREAD,
    aView([aMessage(1)], { next: null }),
    "patient",
  );
  assert.deepEqual(first.arrived, []);
  const next = withNews(
    first,
    aView([aMessage(2), aMessage(3, { seat: "patient" })]),
    "patient",
  );
  assert.deepEqual(next.arrived.map(({ id }) => id), ["0002"]);
  // It stays to be read until there is something else.
  assert.equal(withNews(next, aView([]), "patient").arrived, next.arrived);
});

Deno.test("a message on its way stands there once, whichever line brings it first", () => {
  const sending = withOutgoing(EMPTY_THREAD, { key: "a", text: "Hello" });
  const stored = aMessage(1, { seat: "patient", text: "Hello" });
  const byLine = withNews(sending, aView([stored], { next: null }), "patient");
  assert.deepEqual(byLine.outgoing, []);
  const both = withoutOutgoing(byLine, "a", stored);
  assert.deepEqual(both.messages, [stored]);
  const byAnswer = withoutOutgoing(sending, "a", stored);
  assert.deepEqual(byAnswer.outgoing, []);
  assert.deepEqual(
    withNews(byAnswer, aView([stored], { next: null }), "patient").messages,
    [stored],
  );
});

Deno.test("what was not sent keeps its text and its key until it is tried again or taken back", () => {
  const failed = withProblem(
    withOutgoing(EMPTY_THREAD, { key: "a", text: "Hello" }),
    "a",
    "Why",
  );
  assert.deepEqual(failed.outgoing, [
    { key: "a", text: "Hello", problem: "Why" },
  ]);
  assert.deepEqual(
    withOutgoing(failed, { key: "a", text: "Hello" }).outgoing,
    [{ key: "a", text: "Hello", problem: null }],
  );
  assert.deepEqual(withoutOutgoing(failed, "a").outgoing, []);
});
