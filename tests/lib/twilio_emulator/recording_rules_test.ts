/** Recording rules: over REST, in what clients are told, and in what the recorder is told. */
import { createCore } from "@/lib/twilio_emulator/core.ts";
import { parseRoomOptions } from "@/lib/twilio_emulator/rooms/room_options.ts";
import type { WantedTrack } from "@/lib/twilio_emulator/rooms/tracks.ts";
import { resolveSettings } from "@/lib/twilio_emulator/settings.ts";
import assert from "node:assert/strict";
import { ACCOUNT, SANITIZED, serveEmulator } from "./harness.ts";
import { refused } from "./rest.ts";
import { Socket } from "./socket.ts";

const rulesOf = (instance: { rules: unknown }) =>
  JSON.parse(JSON.stringify(instance.rules));

Deno.test("REST: recording rules of a room", SANITIZED, async () => {
  await using served = serveEmulator();
  const { rooms } = served.client.video.v1;
  const plain = await rooms.create();
  const { recordingRules } = rooms(plain.sid);
  const before = await recordingRules.fetch();
  assert.equal(before.roomSid, plain.sid);
  assert.deepEqual(rulesOf(before), [{ type: "exclude", all: true }]);

  const rules = [
    { type: "include", publisher: "Alice" },
    { type: "include", kind: "audio" },
  ];
  const updated = await recordingRules.update({ rules });
  assert.deepEqual(rulesOf(updated), rules);
  assert.ok(updated.dateCreated instanceof Date);
  await refused(
    recordingRules.update({ rules: [{ type: "include", kind: "data" }] }),
    400,
    53120,
  );
  await refused(recordingRules.update(), 400, 53120);
  assert.deepEqual(rulesOf(await recordingRules.fetch()), rules);

  const all = await rooms.create({ recordParticipantsOnConnect: true });
  assert.deepEqual(rulesOf(await rooms(all.sid).recordingRules.fetch()), [
    { type: "include", all: true },
  ]);
  const both = await rooms.create({
    recordParticipantsOnConnect: true,
    recordingRules: rules,
  });
  assert.deepEqual(
    rulesOf(await rooms(both.sid).recordingRules.fetch()),
    rules,
  );
  await rooms(plain.sid).update({ status: "completed" });
  await refused(recordingRules.update({ rules }), 400, 53118);
  await refused(rooms("nowhere").recordingRules.fetch(), 404, 20404);
});

Deno.test(
  "signalling: clients are told whether the room is recorded",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    await rooms.create({ uniqueName: "the room" });
    const alice = await Socket.join(served, "alice");
    await using _alice = alice.socket;
    assert.equal(alice.connected.recording.is_recording, false);
    const { recordingRules } = rooms("the room");
    for (const type of ["include", "exclude"]) {
      await recordingRules.update({ rules: [{ type, all: true }] });
      const update = await alice.socket.message(
        "update",
        ({ recording }) => recording?.is_recording === (type === "include"),
      );
      assert.ok(
        update.recording!.revision > alice.connected.recording.revision,
      );
    }

    await rooms.create({
      uniqueName: "recorded",
      recordParticipantsOnConnect: true,
    });
    const bob = await Socket.join(served, "bob", "recorded");
    await using _bob = bob.socket;
    assert.equal(bob.connected.recording.is_recording, true);
  },
);

/** A core with one extension, which notes what is to be recorded. */
function recordedRoom(form: Record<string, string>) {
  const core = createCore(resolveSettings({ accounts: [ACCOUNT] }));
  const told: string[][] = [];
  core.plug({
    onRecordedTracks: (_room, tracks) =>
      told.push(tracks.map(({ track }) => track.name)),
  });
  const options = parseRoomOptions(new URLSearchParams(form));
  const room = core.rooms.create(ACCOUNT.accountSid, options);
  return { core, room, told };
}

function track(kind: WantedTrack["kind"], name: string): WantedTrack {
  return { id: name, kind, name, enabled: true, priority: "standard" };
}

Deno.test("extensions: are told when another set of tracks is to be recorded", () => {
  const { core, room, told } = recordedRoom({
    RecordParticipantsOnConnect: "true",
  });
  const alice = core.rooms.join(room, "alice");
  const publish = (...tracks: WantedTrack[]) =>
    core.rooms.setTracks(alice, tracks);
  const microphone = track("audio", "microphone");
  const camera = track("video", "camera");
  publish(microphone, track("data", "chat"));
  publish(microphone, track("data", "chat"), camera);
  // Muting changes nothing about the set.
  publish({ ...microphone, enabled: false }, camera);
  core.administration.setRecordingRules(room, [
    { type: "include", kind: "audio" },
  ]);
  core.administration.setRecordingRules(room, [
    { type: "include", track: "microphone" },
  ]);
  core.administration.setRecordingRules(room, [
    { type: "exclude", kind: "audio" },
  ]);
  core.rooms.complete(room);
  core.timers.close();
  assert.deepEqual(told, [
    ["microphone"],
    ["microphone", "camera"],
    ["microphone"],
    // The last rules take from everything: the room was to record everything.
    ["camera"],
    [],
  ]);
});

Deno.test("extensions: a composition is wanted of each hook when a room ends", () => {
  const { core, room } = recordedRoom({});
  const wanted: string[] = [];
  core.plug({
    onCompositionWanted: (ended, { friendlyName }) => {
      assert.equal(ended.status, "completed");
      wanted.push(friendlyName);
    },
  });
  const composition = {
    audioSources: ["*"],
    audioSourcesExcluded: [],
    videoLayout: {},
    resolution: "640x480",
    format: "webm",
    trim: true,
    statusCallback: null,
    statusCallbackMethod: "POST",
  } as const;
  const { accountSid } = ACCOUNT;
  const create = (friendlyName: string, enabled: boolean, account: string) =>
    core.hooks.create(account, { friendlyName, enabled, composition });
  create("first", true, accountSid);
  create("off", false, accountSid);
  create("second", true, accountSid);
  create("of another account", true, "ACffffffffffffffffffffffffffffffff");
  core.rooms.complete(room);
  core.timers.close();
  assert.deepEqual(wanted, ["first", "second"]);
});
