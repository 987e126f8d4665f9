/** Faults on demand, each as the vendor's client or a socket meets it. */
import {
  type FaultsPatch,
  meetRestFaults,
  NO_FAULTS,
  patchFaults,
} from "@/lib/twilio_emulator/faults/model.ts";
import assert from "node:assert/strict";
import { accessToken, SANITIZED, serveEmulator } from "./harness.ts";
import { refused } from "./rest.ts";
import { Socket } from "./socket.ts";

const CALL = { method: "GET", path: "/Rooms/RM1/Participants" };

/** A fault, and whether a call meets it. */
const SCOPES: readonly [NonNullable<FaultsPatch["rest"]>[number], boolean][] = [
  [{ kind: "hang" }, true],
  [{ kind: "hang", method: "GET" }, true],
  [{ kind: "hang", method: "POST" }, false],
  [{ kind: "hang", path: "/Rooms/*" }, true],
  [{ kind: "hang", path: "/Rooms/*/Participants" }, true],
  [{ kind: "hang", path: "/Rooms" }, false],
  [{ kind: "hang", path: "/rooms/*" }, false],
  [{ kind: "hang", path: "/Rooms/.+" }, false],
  [{ kind: "hang", probability: 1 }, true],
  [{ kind: "hang", probability: 0.5 }, false],
  [{ kind: "hang", probability: 0 }, false],
];

for (const [fault, meets] of SCOPES) {
  Deno.test(`faults: ${JSON.stringify(fault)} ${meets ? "hits" : "spares"}`, () => {
    const state = patchFaults(NO_FAULTS, { rest: [fault] });
    const met = meetRestFaults(state, CALL, () => 0.5).fault;
    assert.deepEqual(met, meets ? fault : null);
  });
}

Deno.test("faults: latencies add up, the first other fault counts", () => {
  let state = patchFaults(NO_FAULTS, {
    rest: [
      { kind: "latency", ms: 10 },
      { kind: "error", status: 503, times: 1 },
      { kind: "latency", ms: 5, times: 2 },
      { kind: "hang", times: 1 },
    ],
  });
  const met: unknown[] = [];
  for (let call = 0; call < 4; call++) {
    const { fault, latencyMs, state: next } = meetRestFaults(
      state,
      CALL,
      () => 0,
    );
    met.push([fault?.kind ?? null, latencyMs]);
    state = next;
  }
  assert.deepEqual(met, [["error", 15], ["hang", 15], [null, 10], [null, 10]]);
  assert.deepEqual(state.rest, [{ kind: "latency", ms: 10 }]);
});

/** An error fault, and what the vendor's client makes of it. */
const ERRORS: readonly [
  NonNullable<FaultsPatch["rest"]>[number],
  { status: number; code: number | undefined; message: string },
][] = [
  [{ kind: "error", status: 500 }, {
    status: 500,
    code: 20500,
    message: "Internal server error",
  }],
  [{ kind: "error", status: 503 }, {
    status: 503,
    code: 20503,
    message: "Service is unavailable. Please try again",
  }],
  [{ kind: "error", status: 429, retryAfterSeconds: 3 }, {
    status: 429,
    code: 20429,
    message: "Too Many Requests",
  }],
  [{ kind: "error", status: 400, code: 53103, message: "Unable" }, {
    status: 400,
    code: 53103,
    message: "Unable",
  }],
  [{ kind: "error", status: 502, code: null }, {
    status: 502,
    code: undefined,
    message: "[HTTP 502] Failed to execute request",
  }],
];

Deno.test(
  "faults: errors, as the vendor's client tells them",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    for (const [fault, expected] of ERRORS) {
      served.emulator.faults.set({ rest: [{ ...fault, times: 1 }] });
      await assert.rejects(rooms.list(), (error: Error) => {
        const { status, code } = error as Error & typeof expected;
        assert.deepEqual({ status, code, message: error.message }, expected);
        return true;
      });
      await rooms.list();
    }
    served.emulator.faults.set({
      rest: [{ kind: "error", status: 429, retryAfterSeconds: 7 }],
    });
    const response = await fetch(`${served.baseUrl}/v1/Rooms`);
    assert.equal(response.headers.get("retry-after"), "7");
    await response.body?.cancel();
  },
);

Deno.test("faults: late answers", SANITIZED, async () => {
  await using served = serveEmulator();
  served.emulator.faults.set({ rest: [{ kind: "latency", ms: 120 }] });
  const start = performance.now();
  await served.client.video.v1.rooms.list();
  assert.ok(performance.now() - start >= 119);
});

Deno.test(
  "faults: a call that hangs goes on when that is cleared",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    served.emulator.faults.set({ rest: [{ kind: "hang", method: "POST" }] });
    const creating = rooms.create({ uniqueName: "late" });
    const first = await Promise.race([
      creating,
      new Promise((resolve) => setTimeout(() => resolve("nothing yet"), 100)),
    ]);
    assert.equal(first, "nothing yet");
    await refused(rooms("late").fetch(), 404, 20404);
    served.emulator.faults.clear();
    assert.equal((await creating).uniqueName, "late");
  },
);

Deno.test(
  "faults: who hangs up on a call that hangs did not get through",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    served.emulator.faults.set({ rest: [{ kind: "hang", times: 1 }] });
    await assert.rejects(
      fetch(`${served.baseUrl}/v1/Rooms`, {
        method: "POST",
        headers: { authorization: "Basic x" },
        signal: AbortSignal.timeout(50),
      }),
      { name: "TimeoutError" },
    );
    assert.deepEqual(await served.client.video.v1.rooms.list(), []);
  },
);

Deno.test(
  "faults: an emulator that is closed lets go of calls that hang",
  SANITIZED,
  async () => {
    const served = serveEmulator();
    served.emulator.faults.set({ rest: [{ kind: "hang" }] });
    const hanging = served.client.video.v1.rooms.list();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await served[Symbol.asyncDispose]();
    assert.deepEqual(await hanging, []);
  },
);

Deno.test(
  "faults: an answer that is cut off was done all the same",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    served.emulator.faults.set({ rest: [{ kind: "truncate", times: 1 }] });
    await assert.rejects(rooms.create({ uniqueName: "cut" }));
    assert.equal((await rooms("cut").fetch()).uniqueName, "cut");
  },
);

Deno.test("faults: a clock that is wrong", SANITIZED, async () => {
  await using served = serveEmulator({ clientSideRoomCreation: true });
  const hour = 3_600_000;
  served.emulator.faults.set({ clockSkewMs: 2 * hour });
  const room = await served.client.video.v1.rooms.create();
  assert.ok(room.dateCreated.getTime() - Date.now() > hour);
  const { headers, body } = await fetch(`${served.baseUrl}/v1/Rooms`);
  await body?.cancel();
  assert.ok(Date.parse(headers.get("date")!) - Date.now() > hour);
  {
    // A token for one hour has expired, for such a server.
    await using socket = await Socket.open(served);
    socket.hello({ type: "ice", version: 1, token: accessToken() });
    assert.equal((await socket.message("error")).code, 20104);
  }
  served.emulator.faults.clear();
  await using socket = await Socket.open(served);
  socket.hello({ type: "ice", version: 1, token: accessToken() });
  await socket.message("iced");
});

Deno.test(
  "faults: sockets are dropped, refused, frozen and busy",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ clientSideRoomCreation: true });
    const { faults } = served.emulator;
    const alice = await Socket.join(served, "alice");
    const bob = await Socket.join(served, "bob");
    await using _bob = bob.socket;
    faults.set({ drop: { identity: "alice" } });
    assert.equal((await alice.socket.closed).code, 4001);
    await bob.socket.message(
      "update",
      ({ participants }) => participants?.[0]?.state === "reconnecting",
    );
    faults.set({ sockets: { refuse: true } });
    await assert.rejects(Socket.open(served));
    faults.set({ sockets: { refuse: false, freeze: true } });
    {
      await using frozen = await Socket.open(served);
      frozen.hello({ type: "ice", version: 1, token: accessToken() });
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual(frozen.frames, []);
      faults.set({ sockets: { freeze: false } });
      await frozen.message("iced");
    }
    faults.set({ sockets: { busyMs: 20 } });
    await using busy = await Socket.open(served);
    busy.hello({ type: "ice", version: 1, token: accessToken() });
    const frame = await busy.frame(({ type }) => type === "busy");
    assert.deepEqual(frame, { type: "busy", keepAlive: true, retryAfter: 20 });
    faults.clear();
    busy.hello({ type: "ice", version: 1, token: accessToken() });
    await busy.message("iced");
  },
);

Deno.test("control API: off unless asked for", SANITIZED, async () => {
  await using served = serveEmulator();
  const response = await fetch(`${served.baseUrl}/control/faults`);
  assert.equal(response.status, 404);
  await response.body?.cancel();
});

Deno.test(
  "control API: faults are set, seen and cleared",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ control: true });
    const url = `${served.baseUrl}/control/faults`;
    const call = async (method: string, body?: unknown, type?: string) => {
      const response = await fetch(url, {
        method,
        headers: { "content-type": type ?? "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
    assert.deepEqual(await call("GET"), { status: 200, body: NO_FAULTS });
    const rest = [{ kind: "error", status: 503, times: 2, path: "/Rooms*" }];
    const set = await call("POST", { rest, callbacks: { delayMs: 5 } });
    assert.equal(set.status, 200);
    assert.deepEqual(set.body.rest, rest);
    assert.equal(set.body.callbacks.delayMs, 5);
    // What is not named stays.
    const more = await call("POST", { clockSkewMs: -1000 });
    assert.deepEqual(more.body.rest, rest);
    assert.equal(more.body.clockSkewMs, -1000);
    await refused(served.client.video.v1.rooms.list(), 503, 20503);
    assert.equal((await call("GET")).body.rest[0].times, 1);
    assert.deepEqual(await call("DELETE"), { status: 200, body: NO_FAULTS });
    await served.client.video.v1.rooms.list();

    for (
      const wrong of [
        { rest: [{ kind: "explode" }] },
        { rest: [{ kind: "error", status: 200 }] },
        { sockets: { melt: true } },
        { callbacks: { lose: 2 } },
        { unknown: true },
        [],
      ]
    ) {
      const { status, body } = await call("POST", wrong);
      assert.equal(status, 400);
      assert.ok(body.error.length > 0);
    }
    // A form of a web page elsewhere could send this type without being asked.
    assert.equal((await call("POST", { rest: [] }, "text/plain")).status, 400);
    assert.equal((await call("PUT", {})).status, 405);
  },
);
