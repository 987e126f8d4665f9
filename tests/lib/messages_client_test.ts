import assert from "node:assert/strict";
import { ApiError } from "@/lib/api_client.ts";
import { type MessageApi, openThread } from "@/lib/messages_client.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";

const VIEW: ThreadView = {
  results: [],
  next: null,
  unread: 0,
  seen_up_to: null,
  actions: ["write"],
};

const aMessage = (id: string, text: string): MessageView => ({
  id,
  visit_id: "visit",
  from: { id: "patient-1", name: "Pat Night" },
  seat: "patient",
  text,
  sent_at: "2026-11-21T12:00:00.000Z",
});

/** A server whose answers to sending are told one by one. */
function aServer() {
  const sent: { text: string; key: string }[] = [];
  const marks: string[] = [];
  const answers: PromiseWithResolvers<MessageView>[] = [];
  let tell = (_: ThreadView) => {};
  const server: MessageApi = {
    send(_, text, key) {
      sent.push({ text, key });
      const answer = Promise.withResolvers<MessageView>();
      answers.push(answer);
      return answer.promise;
    },
    markRead(_, upTo) {
      marks.push(upTo);
      return Promise.resolve({ unread: 0 });
    },
    earlier: () => Promise.resolve(VIEW),
    watch(_, onNews) {
      tell = onNews;
      return () => {};
    },
  };
  return { server, sent, marks, answers, tell: (v: ThreadView) => tell(v) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("messages arrive in the order in which they were written", async () => {
  const { server, sent, answers } = aServer();
  const thread = openThread(
    { visitId: "visit", mine: "patient", initial: VIEW },
    server,
  );
  thread.send("one");
  thread.send("two");
  await settled();
  assert.deepEqual(sent.map(({ text }) => text), ["one"]);
  answers[0]!.resolve(aMessage("1", "one"));
  await settled();
  assert.deepEqual(sent.map(({ text }) => text), ["one", "two"]);
  assert.deepEqual(thread.state.messages.map(({ text }) => text), ["one"]);
  assert.deepEqual(thread.state.outgoing.map(({ text }) => text), ["two"]);
});

Deno.test("a failed one says why and keeps its key; the next goes on", async () => {
  const { server, sent, answers } = aServer();
  const thread = openThread(
    { visitId: "visit", mine: "patient", initial: VIEW },
    server,
  );
  thread.send("one");
  thread.send("two");
  await settled();
  answers[0]!.reject(new ApiError("network", 0, "The server did not answer"));
  await settled();
  answers[1]!.resolve(aMessage("2", "two"));
  await settled();
  const [failed] = thread.state.outgoing;
  assert.equal(failed!.text, "one");
  assert.match(failed!.problem!, /Check your connection/);
  thread.retry(failed!.key);
  await settled();
  assert.equal(sent[2]!.key, sent[0]!.key);
  answers[2]!.resolve(aMessage("3", "one"));
  await settled();
  assert.deepEqual(thread.state.outgoing, []);
});

Deno.test("what is taken back is not sent, and its text is there", async () => {
  const { server, answers } = aServer();
  const thread = openThread(
    { visitId: "visit", mine: "patient", initial: VIEW },
    server,
  );
  thread.send("one");
  await settled();
  answers[0]!.reject(new ApiError("visit_closed", 409, "The visit is closed"));
  await settled();
  const { key, problem } = thread.state.outgoing[0]!;
  assert.equal(problem, "The visit has been closed.");
  assert.equal(thread.takeBack(key), "one");
  assert.deepEqual(thread.state.outgoing, []);
});

Deno.test("what has been seen is told once", async () => {
  const { server, marks, tell } = aServer();
  const thread = openThread(
    { visitId: "visit", mine: "patient", initial: VIEW },
    server,
  );
  thread.watch();
  thread.markSeen();
  assert.deepEqual(marks, []);
  const theirs = { ...aMessage("1", "Hi"), seat: "doctor" as const };
  tell({ ...VIEW, results: [theirs], unread: 1 });
  thread.markSeen();
  thread.markSeen();
  await settled();
  assert.deepEqual(marks, ["1"]);
  assert.equal(thread.state.unread, 0);
});
