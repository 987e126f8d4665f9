import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { mock } from "node:test";
import {
  ApiError,
  commandSession,
  fetchSession,
  requestAccess,
} from "@/lib/api_client.ts";

/** What a request of this test is answered: a JSON body and its status, or no answer at all. */
type Reply = [status: number, body: unknown] | "lost";

/** A server that answers in this order, and a clock that does not make one wait. */
function serve(...replies: Reply[]) {
  const requests: Request[] = [];
  const waits: number[] = [];
  const fetching = mock.method(
    globalThis,
    "fetch",
    (path: string, init: RequestInit) => {
      requests.push(new Request(`http://clinic${path}`, init));
      const reply = replies.shift()!;
      return reply === "lost"
        ? Promise.reject(new TypeError("Failed to fetch"))
        : Promise.resolve(Response.json(reply[1], { status: reply[0] }));
    },
  );
  const { setTimeout: realTimeout } = globalThis;
  globalThis.setTimeout = ((done: () => void, ms: number) => {
    waits.push(ms);
    queueMicrotask(done);
  }) as typeof setTimeout;
  return {
    requests,
    waits,
    keys: () => requests.map(({ headers }) => headers.get("idempotency-key")),
    [Symbol.dispose]() {
      fetching.mock.restore();
      globalThis.setTimeout = realTimeout;
    },
  };
}

const problem = (status: number, code: string): Reply => [
  status,
  { status, code, title: code },
];

Deno.test("every change has a key of its own", async () => {
  using server = serve([200, { id: "1" }], [200, { id: "1" }], [200, {}]);
  await commandSession("1", "start");
  await commandSession("1", "start");
  await requestAccess("1");
  const keys = server.keys();
  equal(new Set(keys).size, 3);
  for (const key of keys) match(key!, /^[0-9-]{20,}$/);
});

Deno.test("what was lost, or comes too early, is sent again as it was, with its key", async () => {
  using server = serve(
    "lost",
    problem(503, "storage_busy"),
    problem(409, "request_in_progress"),
    [200, { id: "1", status: "IN_PROGRESS" }],
  );
  const session = await commandSession("1", "start");
  equal(session.status, "IN_PROGRESS");
  equal(new Set(server.keys()).size, 1);
  for (const request of server.requests) {
    deepEqual([request.method, await request.text()], ["POST", "{}"]);
    equal(request.headers.get("content-type"), "application/json");
  }
  deepEqual(server.waits, [300, 1_000, 2_500]);
});

Deno.test("it is given up on after a few seconds", async () => {
  using server = serve("lost", "lost", "lost", "lost");
  await rejects(
    commandSession("1", "end"),
    (error) => error instanceof ApiError && error.code === "network",
  );
  equal(server.requests.length, 4);
});

for (
  const [status, code] of [
    [409, "invalid_transition"],
    [503, "video_unavailable"],
    [500, "unexpected"],
    [401, "unauthenticated"],
  ] as const
) {
  Deno.test(`${code} is an answer, and not asked for again`, async () => {
    using server = serve(problem(status, code));
    await rejects(
      commandSession("1", "start"),
      (error) => error instanceof ApiError && error.code === code,
    );
    equal(server.requests.length, 1);
  });
}

Deno.test("looking changes nothing: it has no key, and is not repeated", async () => {
  using server = serve("lost");
  await rejects(fetchSession("1"));
  deepEqual(server.keys(), [null]);
  equal(server.requests[0]!.method, "GET");
});
