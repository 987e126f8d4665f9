/** The signalling protocol, frame by frame, without a browser. */
import assert from "node:assert/strict";
import {
  accessToken,
  eventually,
  SANITIZED,
  serveEmulator,
} from "./harness.ts";
import { Socket } from "./socket.ts";

const AUDIO = { id: "a1", kind: "audio", name: "microphone", enabled: true };
const DATA = { id: "d1", kind: "data", name: "chat" };

Deno.test(
  "signalling: welcome, heartbeats, and a silent client",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ heartbeatMs: 500 });
    await using socket = await Socket.open(served);
    socket.hello({ type: "ice", version: 1, token: accessToken() });
    assert.deepEqual(await socket.message("iced"), {
      type: "iced",
      version: 1,
      ice_servers: [],
    });
    assert.deepEqual(socket.frames[0], {
      type: "welcome",
      negotiatedTimeout: 500,
    });
    await socket.frame(({ type }) => type === "heartbeat");
    // This client never sends a heartbeat.
    assert.equal((await socket.closed).reason, "heartbeats missed");
  },
);

Deno.test("signalling: frames that are none", SANITIZED, async () => {
  await using served = serveEmulator();
  {
    await using socket = await Socket.open(served);
    for (const frame of ["nonsense", "[]", { type: "what" }, { type: 1 }]) {
      const before = socket.frames.length;
      socket.send(frame);
      await socket.frame((frame) =>
        frame.type === "bad" && socket.frames.length > before
      );
    }
    socket.hello({ type: "what" });
    assert.equal((await socket.message("error")).code, 53004);
  }
  {
    await using socket = await Socket.open(served);
    socket.send("x".repeat(2 ** 20 + 1));
    assert.equal((await socket.closed).code, 1009);
  }
  {
    await using socket = await Socket.open(served);
    socket.sendBinary();
    assert.equal((await socket.closed).code, 1003);
  }
  const plain = await fetch(served.wsServer.replace("ws:", "http:"));
  assert.equal(plain.status, 426);
  await plain.body?.cancel();
});

Deno.test("signalling: what each learns of the other", SANITIZED, async () => {
  await using served = serveEmulator({ clientSideRoomCreation: true });
  const { socket: alice, connected: first } = await Socket.join(
    served,
    "alice",
    "the room",
    [AUDIO],
  );
  await using _alice = alice;
  assert.equal(first.name, "the room");
  assert.deepEqual(first.participants, []);
  assert.equal(first.options.session_timeout, 30);
  const [published] = first.published.tracks;
  assert.deepEqual(
    { ...published, sid: null },
    { id: "a1", sid: null, state: "ready" },
  );

  const { socket: bob, connected: second } = await Socket.join(
    served,
    "bob",
    "the room",
    [DATA],
  );
  await using _bob = bob;
  assert.deepEqual(
    second.participants.map(({ identity, tracks }) => [
      identity,
      tracks.map(({ kind, enabled, name }) => [kind, enabled, name]),
    ]),
    [["alice", [["audio", true, "microphone"]]]],
  );
  assert.deepEqual(second.subscribed.tracks.map(({ id }) => id), ["a1"]);
  // The newcomer makes the offer.
  assert.deepEqual(
    second.peer_connections.map(({ description }) => description),
    [{ type: "create-offer", revision: 1 }],
  );
  const seen = await alice.message(
    "update",
    ({ participants }) => participants?.[0]?.identity === "bob",
  );
  assert.deepEqual(seen.subscribed?.tracks.map(({ id }) => id), ["d1"]);

  // An old revision changes nothing, a newer one does.
  const update = (revision: number, tracks: unknown[]) =>
    alice.say({
      type: "update",
      version: 2,
      session: first.session,
      participant: { revision, tracks },
    });
  update(1, []);
  update(2, [{ ...AUDIO, enabled: false }]);
  const muted = await bob.message(
    "update",
    ({ participants }) => participants?.[0]?.tracks[0]?.enabled === false,
  );
  assert.equal(muted.participants?.[0]?.tracks.length, 1);

  const { participants } = served.client.video.v1.rooms("the room");
  const listed = await participants.list();
  assert.deepEqual(listed.map(({ identity }) => identity), ["bob", "alice"]);
  const one = await participants("alice").fetch();
  assert.equal(one.status, "connected");
  assert.equal(one.endTime, null);
  assert.equal(one.duration, null);
  assert.deepEqual(
    (await participants.list({ identity: "bob" })).map(({ sid }) => sid),
    [second.participant.sid],
  );

  alice.say({ type: "disconnect", version: 2, session: first.session });
  const gone = await bob.message(
    "update",
    ({ participants }) => participants?.[0]?.state === "disconnected",
  );
  assert.deepEqual(gone.participants?.[0]?.tracks, []);
  assert.equal((await participants("alice").fetch()).status, "disconnected");
});

Deno.test(
  "signalling: a session is resumed with its secret only",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ clientSideRoomCreation: true });
    const { socket: before, connected } = await Socket.join(served, "alice");
    await before[Symbol.asyncDispose]();
    const { participants } = served.client.video.v1.rooms("the room");
    await eventually(
      async () => (await participants("alice").fetch()).status,
      (status) => status === "reconnecting",
      "reconnecting",
    );
    const sync = (session: string, token = accessToken()) => ({
      type: "sync",
      version: 2,
      session,
      token,
      name: "the room",
      participant: { revision: 1, tracks: [] },
      peer_connections: [],
    });
    const refusals: [Record<string, unknown>, number][] = [
      [sync("guessed"), 53001],
      [sync(connected.session, accessToken({ identity: "mallory" })), 53204],
      [sync(connected.session, accessToken({ ttl: -1 })), 20104],
    ];
    for (const [message, code] of refusals) {
      await using socket = await Socket.open(served);
      socket.hello(message);
      assert.equal((await socket.message("error")).code, code);
    }
    await using socket = await Socket.open(served);
    socket.hello(sync(connected.session));
    const synced = await socket.message("synced");
    assert.equal(synced.participant.sid, connected.participant.sid);
    assert.equal((await participants("alice").fetch()).status, "connected");
  },
);

Deno.test(
  "signalling: who comes back too late learns why",
  SANITIZED,
  async () => {
    await using served = serveEmulator({
      clientSideRoomCreation: true,
      sessionTimeoutSeconds: 0.05,
    });
    const { socket: watcher } = await Socket.join(served, "watcher");
    await using _watcher = watcher;
    const { socket: before, connected } = await Socket.join(served, "alice");
    await before[Symbol.asyncDispose]();
    await watcher.message(
      "update",
      ({ participants }) => participants?.[0]?.state === "disconnected",
    );
    await using late = await Socket.open(served);
    late.hello({
      type: "sync",
      version: 2,
      session: connected.session,
      token: accessToken(),
      participant: { revision: 1, tracks: [] },
    });
    assert.equal((await late.message("error")).code, 53204);
  },
);

Deno.test("signalling: rooms end by their timeouts", SANITIZED, async () => {
  const pending = new Map<() => void, number>();
  await using served = serveEmulator({
    // Minutes pass when the test says so; milliseconds as they do.
    schedule: (ms, task) => {
      if (ms >= 60_000) {
        pending.set(task, ms);
        return () => pending.delete(task);
      }
      const id = setTimeout(task, ms);
      return () => clearTimeout(id);
    },
  });
  const elapse = (minutes: number) => {
    for (const [task, ms] of [...pending]) {
      if (ms !== minutes * 60_000 || !pending.delete(task)) continue;
      task();
    }
  };
  const { rooms } = served.client.video.v1;
  const statusOf = async (sid: string) => (await rooms(sid).fetch()).status;

  const unused = await rooms.create({ unusedRoomTimeout: 3 });
  elapse(3);
  assert.equal(await statusOf(unused.sid), "completed");

  const used = await rooms.create({
    uniqueName: "the room",
    unusedRoomTimeout: 3,
    emptyRoomTimeout: 2,
    maxParticipantDuration: 600,
  });
  const { socket: alice } = await Socket.join(served, "alice");
  await using _alice = alice;
  elapse(3);
  assert.equal(await statusOf(used.sid), "in-progress");
  elapse(10);
  assert.equal((await alice.message("error")).code, 53216);
  assert.equal(await statusOf(used.sid), "in-progress");
  elapse(2);
  assert.equal(await statusOf(used.sid), "completed");

  const old = await rooms.create({ uniqueName: "the room" });
  const { socket: bob } = await Socket.join(served, "bob");
  await using _bob = bob;
  elapse(24 * 60);
  assert.equal((await bob.message("disconnected")).status, "completed");
  assert.equal(await statusOf(old.sid), "completed");
});
