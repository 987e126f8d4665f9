/** Status callbacks, checked with the vendor's own signature check. */
import assert from "node:assert/strict";
import { ACCOUNT, SANITIZED, serveEmulator } from "./harness.ts";
import { names, serveReceiver } from "./hook_server.ts";
import { Socket } from "./socket.ts";

const CAMERA = { id: "v1", kind: "video", name: "camera", enabled: true };

Deno.test("callbacks: a whole call, in order, signed", SANITIZED, async () => {
  // The first ones are answered slowest: order must not depend on luck.
  await using receiver = serveReceiver((count) => Math.max(0, 30 - count * 10));
  await using served = serveEmulator();
  const { rooms } = served.client.video.v1;
  const room = await rooms.create({
    uniqueName: "größe",
    statusCallback: receiver.url,
  });
  const { socket, connected } = await Socket.join(served, "alice", "größe", [
    CAMERA,
  ]);
  await using _socket = socket;
  const update = (revision: number, tracks: unknown[]) =>
    socket.say({
      type: "update",
      version: 2,
      session: connected.session,
      participant: { revision, tracks },
    });
  update(2, [{ ...CAMERA, enabled: false }]);
  update(3, [CAMERA]);
  await socket.message("update", ({ published }) => published?.revision === 3);
  await rooms(room.sid).update({ status: "completed" });
  await served.emulator.callbacksSent();

  const { received } = receiver;
  assert.deepEqual(names(received), [
    "room-created",
    "participant-connected",
    "track-added",
    "track-disabled",
    "track-enabled",
    "track-removed",
    "participant-disconnected",
    "room-ended",
  ]);
  assert.ok(received.every(({ valid, method }) => valid && method === "POST"));
  assert.equal(receiver.mostAtOnce(), 1);
  for (const [index, { params }] of received.entries()) {
    assert.equal(params.AccountSid, ACCOUNT.accountSid);
    assert.equal(params.RoomSid, room.sid);
    assert.equal(params.RoomName, "größe");
    assert.equal(params.RoomType, "group");
    assert.equal(params.SequenceNumber, String(index));
    assert.match(
      params.Timestamp!,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    );
    const ended = index === received.length - 1;
    assert.equal(params.RoomStatus, ended ? "completed" : "in-progress");
  }
  assert.equal(received[1]!.params.ParticipantStatus, "connected");
  assert.equal(received[1]!.params.ParticipantIdentity, "alice");
  assert.equal(received[2]!.params.TrackKind, "video");
  assert.equal(received[2]!.params.TrackName, "camera");
  assert.match(received[2]!.params.TrackSid!, /^MT/);
  assert.equal(received[6]!.params.ParticipantStatus, "disconnected");
  assert.equal(received[6]!.params.ParticipantDuration, "0");
  assert.equal(received[7]!.params.RoomDuration, "0");
});

Deno.test(
  "callbacks: by GET, the parameters are in the signed URL",
  SANITIZED,
  async () => {
    await using receiver = serveReceiver();
    await using served = serveEmulator();
    await served.client.video.v1.rooms.create({
      statusCallback: receiver.url,
      statusCallbackMethod: "GET",
    });
    await served.emulator.callbacksSent();
    const [callback] = receiver.received;
    assert.equal(callback?.method, "GET");
    assert.equal(callback?.valid, true);
    assert.equal(callback?.params.StatusCallbackEvent, "room-created");
    assert.equal(callback?.params.visit, "1 2");
  },
);

Deno.test(
  "callbacks: a second session of one identity",
  SANITIZED,
  async () => {
    await using receiver = serveReceiver();
    await using served = serveEmulator();
    await served.client.video.v1.rooms.create({
      uniqueName: "the room",
      statusCallback: receiver.url,
    });
    const older = await Socket.join(served, "alice");
    await using _older = older.socket;
    const newer = await Socket.join(served, "alice");
    await using _newer = newer.socket;
    assert.equal((await older.socket.message("error")).code, 53205);
    await served.emulator.callbacksSent();
    assert.deepEqual(
      receiver.received.slice(1).map(({ params }) => [
        params.StatusCallbackEvent,
        params.ParticipantSid,
      ]),
      [
        ["participant-connected", older.connected.participant.sid],
        ["participant-connected", newer.connected.participant.sid],
        ["participant-disconnected", older.connected.participant.sid],
      ],
    );
  },
);

Deno.test(
  "callbacks: a receiver that is slow or absent holds nothing up",
  SANITIZED,
  async () => {
    await using receiver = serveReceiver(() => 200);
    await using served = serveEmulator({ callbackTimeoutMs: 50 });
    const { rooms } = served.client.video.v1;
    await rooms.create({ statusCallback: receiver.url });
    await rooms.create({ statusCallback: "http://127.0.0.1:1/" });
    await served.emulator.callbacksSent();
    assert.equal(served.logged.length, 2);
    assert.ok(served.logged.every((line) => /callback .* failed/.test(line)));
  },
);
