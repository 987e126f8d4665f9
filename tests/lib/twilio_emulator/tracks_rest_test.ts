/** Published and subscribed tracks and subscribe rules, read by the vendor's client. */
import assert from "node:assert/strict";
import { SANITIZED, serveEmulator } from "./harness.ts";
import { refused, withoutDates } from "./rest.ts";
import { Socket } from "./socket.ts";

const MICROPHONE = { id: "a1", kind: "audio", name: "microphone" };
const CAMERA = { id: "v1", kind: "video", name: "camera", enabled: false };
const CHAT = { id: "d1", kind: "data", name: "chat" };

/** Alice with a microphone and a camera that is off, Bob with a data track. */
async function twoInARoom(served: ReturnType<typeof serveEmulator>) {
  const alice = await Socket.join(served, "alice", "the room", [
    MICROPHONE,
    CAMERA,
  ]);
  const bob = await Socket.join(served, "bob", "the room", [CHAT]);
  return { alice, bob, room: served.client.video.v1.rooms("the room") };
}

/** The names of the tracks a snapshot subscribes to are not in it: their ids are. */
const ids = (message: { subscribed?: { tracks: { id: string }[] } }) =>
  message.subscribed?.tracks.map(({ id }) => id).join();

Deno.test("REST: published tracks", SANITIZED, async () => {
  await using served = serveEmulator({ clientSideRoomCreation: true });
  const { alice, bob, room } = await twoInARoom(served);
  await using _alice = alice.socket;
  await using _bob = bob.socket;
  const { publishedTracks } = room.participants("alice");
  const listed = await publishedTracks.list();
  assert.deepEqual(listed.map(({ name }) => name), ["camera", "microphone"]);
  const { sid } = alice.connected.participant;
  const [camera] = listed;
  assert.deepEqual(withoutDates(await publishedTracks("camera").fetch()), {
    sid: camera!.sid,
    participantSid: sid,
    roomSid: alice.connected.sid,
    name: "camera",
    kind: "video",
    enabled: false,
    url:
      `${served.baseUrl}/v1/Rooms/${alice.connected.sid}/Participants/${sid}/PublishedTracks/${
        camera!.sid
      }`,
  });
  assert.match(camera!.sid, /^MT[0-9a-f]{32}$/);
  assert.equal((await publishedTracks(camera!.sid).fetch()).name, "camera");
  assert.equal((await publishedTracks.list({ pageSize: 1 })).length, 2);

  alice.socket.say({
    type: "update",
    version: 2,
    session: alice.connected.session,
    participant: { revision: 2, tracks: [MICROPHONE] },
  });
  await bob.socket.message(
    "update",
    ({ participants }) => participants?.[0]?.tracks.length === 1,
  );
  await refused(publishedTracks("camera").fetch(), 404, 20404);
  assert.equal((await publishedTracks.list()).length, 1);
  await refused(room.participants("x").publishedTracks.list(), 404, 20404);
});

Deno.test("REST: subscribed tracks", SANITIZED, async () => {
  await using served = serveEmulator({ clientSideRoomCreation: true });
  const { alice, bob, room } = await twoInARoom(served);
  await using _alice = alice.socket;
  await using _bob = bob.socket;
  const { subscribedTracks } = room.participants("bob");
  const listed = await subscribedTracks.list();
  assert.deepEqual(listed.map(({ name }) => name), ["camera", "microphone"]);
  const [, microphone] = listed;
  const { sid } = bob.connected.participant;
  assert.deepEqual(
    withoutDates(await subscribedTracks(microphone!.sid).fetch()),
    {
      sid: microphone!.sid,
      participantSid: sid,
      publisherSid: alice.connected.participant.sid,
      roomSid: alice.connected.sid,
      name: "microphone",
      kind: "audio",
      enabled: true,
      url:
        `${served.baseUrl}/v1/Rooms/${alice.connected.sid}/Participants/${sid}/SubscribedTracks/${
          microphone!.sid
        }`,
    },
  );
  // Names are not unique on the subscriber's side.
  await refused(subscribedTracks("microphone").fetch(), 404, 20404);
});

Deno.test(
  "REST: subscribe rules decide what is received",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ clientSideRoomCreation: true });
    const { alice, bob, room } = await twoInARoom(served);
    await using _alice = alice.socket;
    await using _bob = bob.socket;
    const { subscribeRules, subscribedTracks } = room.participants("bob");
    const before = await subscribeRules.fetch();
    // The client makes classes of the rules.
    assert.deepEqual(JSON.parse(JSON.stringify(before)), {
      participantSid: bob.connected.participant.sid,
      roomSid: bob.connected.sid,
      rules: [{
        type: "include",
        all: true,
        publisher: null,
        track: null,
        kind: null,
        priority: null,
      }],
      dateCreated: null,
      dateUpdated: null,
    });
    const updated = await subscribeRules.update({
      rules: [
        { type: "include", all: true },
        { type: "exclude", publisher: "alice", kind: "video" },
      ],
    });
    assert.equal(updated.rules.length, 2);
    assert.ok(updated.dateUpdated instanceof Date);
    await bob.socket.message("update", (message) => ids(message) === "a1");
    assert.deepEqual(
      (await subscribedTracks.list()).map(({ name }) => name),
      ["microphone"],
    );
    // What is published later is judged by the same rules.
    alice.socket.say({
      type: "update",
      version: 2,
      session: alice.connected.session,
      participant: {
        revision: 2,
        tracks: [MICROPHONE, CAMERA, {
          id: "v2",
          kind: "video",
          name: "screen",
        }, { id: "d2", kind: "data", name: "pointer" }],
      },
    });
    await bob.socket.message("update", (message) => ids(message) === "a1,d2");
    // The old rules stay in force when the new ones are bad.
    await refused(subscribeRules.update({ rules: [] }), 400, 53215);
    await refused(subscribeRules.update(), 400, 53215);
    assert.equal((await subscribeRules.fetch()).rules.length, 2);
    // What was answered can be sent back.
    await subscribeRules.update({ rules: before.rules });
    await bob.socket.message(
      "update",
      (message) => ids(message) === "a1,v1,v2,d2",
    );

    await room.update({ status: "completed" });
    const { sid } = bob.connected;
    await refused(
      served.client.video.v1.rooms(sid).participants("bob").subscribeRules
        .update({ rules: before.rules }),
      400,
      53118,
    );
  },
);

Deno.test(
  "REST: rules of a client that subscribes by itself",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ clientSideRoomCreation: true });
    const alice = await Socket.join(served, "alice", "the room", [MICROPHONE]);
    await using _alice = alice.socket;
    const bob = await Socket.join(served, "bob", "the room", [], {
      subscribe: { revision: 1, rules: [{ type: "exclude", all: true }] },
    });
    await using _bob = bob.socket;
    assert.deepEqual(bob.connected.subscribed.tracks, []);
    const { subscribeRules, subscribedTracks } = served.client.video.v1
      .rooms("the room").participants("bob");
    assert.equal((await subscribeRules.fetch()).rules[0]!.type, "exclude");
    await subscribeRules.update({
      rules: [{ type: "include", track: "microphone" }],
    });
    await bob.socket.message("update", (message) => ids(message) === "a1");
    assert.equal((await subscribedTracks.list()).length, 1);
  },
);
