/** Limits and refusals of signalling, frame by frame. */
import assert from "node:assert/strict";
import {
  accessToken,
  eventually,
  SANITIZED,
  serveEmulator,
} from "./harness.ts";
import { names, serveReceiver } from "./hook_server.ts";
import { Socket } from "./socket.ts";

/** Tracks with ids from one number to another. */
function dataTracks(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    id: `d${from + index}`,
    kind: "data",
    name: `track ${from + index}`,
  }));
}

/** Tries to join; the answer is the code of the refusal. */
async function refusal(
  served: ReturnType<typeof serveEmulator>,
  identity: string,
  message: Record<string, unknown> = {},
): Promise<number> {
  await using socket = await Socket.open(served);
  socket.hello({
    type: "connect",
    version: 2,
    token: accessToken({ identity }),
    name: "the room",
    participant: { revision: 1, tracks: [] },
    peer_connections: [],
    ...message,
  });
  return (await socket.message("error")).code;
}

Deno.test(
  "limits: 170 tracks in a room, the next is refused",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ clientSideRoomCreation: true });
    const alice = await Socket.join(
      served,
      "alice",
      "the room",
      dataTracks(0, 169),
    );
    await using _alice = alice.socket;
    const bob = await Socket.join(served, "bob", "the room", dataTracks(0, 2));
    await using _bob = bob.socket;
    const [first, second] = bob.connected.published.tracks;
    assert.equal(first?.state, "ready");
    assert.ok(second?.state === "failed");
    assert.equal(second.error.code, 53203);
  },
);

Deno.test("limits: MaxPublishedTracks of a room", SANITIZED, async () => {
  await using served = serveEmulator();
  const authorization = `Basic ${
    btoa(`${served.client.username}:${served.client.password}`)
  }`;
  const response = await fetch(`${served.baseUrl}/v1/Rooms`, {
    method: "POST",
    headers: { authorization },
    // The client of today does not know it; Twilio still does.
    body: new URLSearchParams({
      UniqueName: "the room",
      MaxPublishedTracks: "1",
    }),
  });
  assert.equal((await response.json()).max_concurrent_published_tracks, 1);
  const alice = await Socket.join(
    served,
    "alice",
    "the room",
    dataTracks(0, 2),
  );
  await using _alice = alice.socket;
  assert.deepEqual(
    alice.connected.published.tracks.map(({ state }) => state),
    ["ready", "failed"],
  );
});

Deno.test("limits: a full room and a full account", SANITIZED, async () => {
  await using served = serveEmulator({ quotas: { participants: 2 } });
  const { rooms } = served.client.video.v1;
  await rooms.create({ uniqueName: "the room", maxParticipants: 2 });
  await rooms.create({ uniqueName: "another" });
  const alice = await Socket.join(served, "alice");
  await using _alice = alice.socket;
  const bob = await Socket.join(served, "bob");
  await using _bob = bob.socket;
  assert.equal(await refusal(served, "carol"), 53105);
  assert.equal(await refusal(served, "carol", { name: "another" }), 53206);
  // A second session of the same person takes nobody's place.
  const again = await Socket.join(served, "alice");
  await using _again = again.socket;
  assert.equal((await alice.socket.message("error")).code, 53205);
  const { session } = bob.connected;
  bob.socket.say({ type: "disconnect", version: 2, session });
  await eventually(
    async () => (await rooms("the room").participants.list()).length,
    (count) => count === 1,
    "Bob's leaving",
  );
  const carol = await Socket.join(served, "carol", "another");
  await using _carol = carol.socket;
});

Deno.test(
  "limits: a token that has expired cannot resume a session",
  SANITIZED,
  async () => {
    await using receiver = serveReceiver();
    let skew = 0;
    await using served = serveEmulator({
      sessionTimeoutSeconds: 0.3,
      now: () => new Date(Date.now() + skew),
    });
    await served.client.video.v1.rooms.create({
      uniqueName: "the room",
      statusCallback: receiver.url,
    });
    const token = accessToken({ ttl: 60 });
    const alice = await Socket.join(served, "alice", "the room", [], { token });
    await using _alice = alice.socket;
    // A running session is not cut when its token expires.
    skew = 61_000;
    const { session } = alice.connected;
    alice.socket.say({
      type: "update",
      version: 2,
      session,
      participant: { revision: 2, tracks: dataTracks(0, 1) },
    });
    await alice.socket.message(
      "update",
      ({ published }) => published?.tracks.length === 1,
    );
    served.emulator.faults.dropSockets("alice");
    await alice.socket.closed;
    await using late = await Socket.open(served);
    late.hello({
      type: "sync",
      version: 2,
      session,
      token,
      participant: { revision: 2, tracks: [] },
      peer_connections: [],
    });
    assert.equal((await late.message("error")).code, 20104);
    await eventually(
      () => names(receiver.received),
      (events) => events.includes("participant-disconnected"),
      "the end of the session",
    );
  },
);

Deno.test(
  "limits: regions of the room and of signalling",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ signalingRegion: "ie1" });
    await served.client.video.v1.rooms.create({
      uniqueName: "the room",
      mediaRegion: "de1",
    });
    const alice = await Socket.join(served, "alice");
    await using _alice = alice.socket;
    assert.equal(alice.connected.options.signaling_region, "ie1");
    assert.equal(alice.connected.options.media_region, "de1");
  },
);

Deno.test(
  "limits: rules that make no sense are a bad message",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ clientSideRoomCreation: true });
    const subscribe = { revision: 1, rules: [{ type: "include", all: false }] };
    assert.equal(await refusal(served, "alice", { subscribe }), 53004);
  },
);

Deno.test(
  "limits: rooms of clients have the settings of the Console",
  SANITIZED,
  async () => {
    await using receiver = serveReceiver();
    await using served = serveEmulator({
      clientSideRoomCreation: true,
      clientRoomParameters: {
        StatusCallback: receiver.url,
        MaxParticipants: "1",
      },
    });
    const alice = await Socket.join(served, "alice");
    await using _alice = alice.socket;
    assert.equal(await refusal(served, "bob"), 53105);
    const room = await served.client.video.v1.rooms("the room").fetch();
    assert.equal(room.emptyRoomTimeout, 0);
    assert.equal(room.unusedRoomTimeout, 0);
    const { session } = alice.connected;
    alice.socket.say({ type: "disconnect", version: 2, session });
    await eventually(
      () => names(receiver.received).join(),
      (events) =>
        events ===
          "room-created,participant-connected,participant-disconnected,room-ended",
      "the callbacks of a room that a client made",
    );
  },
);
