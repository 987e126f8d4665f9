/**
 * Recordings of real calls: made by the unmodified SDK in two Chromium
 * processes, fetched with the real REST client, played in a browser. All tests
 * share the two processes, hence no sanitizers (DTLS leaves ciphers to the
 * garbage collector besides).
 */
import { launchChromium, type TestChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import { rescueRecordings } from "@/lib/twilio_emulator/recording/rescue.ts";
import { Caller } from "./caller.ts";
import { eventually } from "./harness.ts";
import {
  assertShows,
  type MediaScene,
  mediaUrl,
  type Played,
  recordingProcess,
  serveMediaScene,
} from "./media_scene.ts";
import { serveReceiver } from "./receiver.ts";

const RED = { colour: "#e01010", hertz: 440 };
const BLUE = { colour: "#1010e0", hertz: 880 };
const PIXEL = { alice: [0xe0, 0x10, 0x10], bob: [0x10, 0x10, 0xe0] };

const RECORDED = { uniqueName: "recorded", recordParticipantsOnConnect: true };

const UNSANITIZED = { sanitizeOps: false, sanitizeResources: false } as const;

let chromium: [TestChromium, TestChromium];

Deno.test.beforeAll(async () => {
  chromium = await Promise.all([launchChromium(), launchChromium()]);
});

Deno.test.afterAll(async () => {
  for (const browser of chromium) await browser[Symbol.asyncDispose]();
});

/** Alice in red and Bob in blue, who see each other. */
async function pair(scene: MediaScene): Promise<[Caller, Caller]> {
  const alice = await scene.caller(0);
  const bob = await scene.caller(1);
  const room = "recorded";
  await alice.join({ room, identity: "alice", media: RED });
  await bob.join({ room, identity: "bob", media: BLUE });
  await alice.seesColour("bob", PIXEL.bob);
  return [alice, bob];
}

/** Waits until so many recordings of the account have a status. */
function recordings(scene: MediaScene, status: string, count: number) {
  const { recordings } = scene.served.client.video.v1;
  return eventually(
    async () => {
      // The client's types know the statuses only as an enumeration of theirs.
      const query = { status } as Parameters<typeof recordings.list>[0];
      return (await recordings.list(query)).reverse();
    },
    (list) => list.length === count,
    `${count} ${status} recordings`,
  );
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

Deno.test(
  "recording: a call of two is four files that play",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium);
    await using receiver = serveReceiver();
    const { video } = scene.served.client;
    const room = await video.v1.rooms.create({
      ...RECORDED,
      statusCallback: receiver.url,
    });
    const [alice] = await pair(scene);
    assert.equal(await alice.page.evaluate("call.room.isRecording"), true);
    const running = await recordings(scene, "processing", 4);
    assert.deepEqual(
      running.map(({ size, duration }) => [size, duration]),
      Array(4).fill([0, 0]),
    );
    await assert.rejects(mediaUrl(scene.served, running[0]!.sid), /404/);
    await assert.rejects(video.v1.recordings(running[0]!.sid).remove(), {
      code: 20009,
      status: 400,
    });
    await sleep(3000);
    await video.v1.rooms(room.sid).update({ status: "completed" });
    await scene.served.emulator.callbacksSent();

    const files = await video.v1.recordings.list({ groupingSid: [room.sid] });
    assert.equal(files.length, 4);
    const player = await scene.player();
    for (const { sid, type, duration, size, groupingSids, offset } of files) {
      const { participant_sid } = groupingSids as { participant_sid: string };
      const who = (await video.v1.rooms(room.sid).participants(participant_sid)
        .fetch()).identity as "alice" | "bob";
      const played = await player.play(await mediaUrl(scene.served, sid));
      assertShows(
        played,
        type === "video"
          ? { pixel: PIXEL[who] }
          : { hertz: who === "alice" ? 440 : 880 },
      );
      assert.ok(Math.abs(played.duration! - 4) < 1.5, `${played.duration} s`);
      assert.ok(Math.abs(played.duration! - duration) <= 0.5);
      assert.ok(size > 5000, `${size} bytes`);
      assert.ok(Math.abs(offset - Date.now()) < 30_000);

      const [started] = receiver.of("recording-started")
        .filter(({ RecordingSid }) => RecordingSid === sid);
      const [completed] = receiver.of("recording-completed")
        .filter(({ RecordingSid }) => RecordingSid === sid);
      assert.equal(started!.Container, type === "video" ? "mkv" : "mka");
      assert.equal(started!.Codec, type === "video" ? "VP8" : "OPUS");
      assert.equal(started!.ParticipantIdentity, who);
      assert.equal(started!.TrackName, type === "video" ? "colour" : "tone");
      assert.equal(completed!.MediaUri, `/v1/Recordings/${sid}/Media`);
      assert.equal(completed!.Size, String(size));
      assert.equal(completed!.Duration, String(duration));
      assert.equal(completed!.OffsetFromTwilioVideoEpoch, String(offset));
    }

    const [file] = files;
    assert.equal(await video.v1.recordings(file!.sid).remove(), true);
    await assert.rejects(mediaUrl(scene.served, file!.sid), /404/);
    assert.equal(
      (await video.v1.recordings(file!.sid).fetch()).status,
      "deleted",
    );
    const inRoom = video.v1.rooms(room.sid).recordings;
    assert.equal((await inRoom.list()).length, 3);
  },
);

Deno.test(
  "recording: rules stop and start it; each start is a new recording",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium);
    const { rooms } = scene.served.client.video.v1;
    const room = await rooms.create({ uniqueName: "recorded" });
    const setRules = (rules: unknown[]) =>
      rooms(room.sid).recordingRules.update({ rules });
    const [alice] = await pair(scene);
    await alice.page.evaluate(`for (const event of
    ["recordingStarted", "recordingStopped"]) {
      call.room.on(event, () => call.events.push(event));
  }`);
    assert.equal(await alice.page.evaluate("call.room.isRecording"), false);
    await sleep(300);
    assert.deepEqual(await rooms(room.sid).recordings.list(), []);

    await setRules([{ type: "include", publisher: "alice", kind: "audio" }]);
    await alice.hears("recordingStarted");
    await recordings(scene, "processing", 1);
    await setRules([{ type: "include", publisher: "alice" }]);
    await recordings(scene, "processing", 2);
    await sleep(1500);
    await setRules([{ type: "exclude", all: true }]);
    await alice.hears("recordingStopped");
    const [sound, picture] = await recordings(scene, "completed", 2);
    assert.deepEqual([sound!.type, picture!.type], ["audio", "video"]);
    const player = await scene.player();
    const url = await mediaUrl(scene.served, picture!.sid);
    assertShows(await player.play(url), { pixel: PIXEL.alice });

    await setRules([{ type: "include", kind: "video" }]);
    const again = await recordings(scene, "processing", 2);
    assert.ok(again.every(({ type }) => type === "video"));
    assert.ok(again.some(({ sourceSid }) => sourceSid === picture!.sourceSid));
    assert.ok(again.every(({ sid }) => sid !== picture!.sid));
    await alice.receivesMore();
  },
);

Deno.test(
  "recording: unpublishing and leaving end a file",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium);
    await scene.served.client.video.v1.rooms.create(RECORDED);
    const [alice, bob] = await pair(scene);
    await recordings(scene, "processing", 4);
    await alice.call("unpublish", "video");
    await recordings(scene, "completed", 1);
    await alice.call("publish", { colour: "#10e010" });
    await bob.seesColour("alice", [0x10, 0xe0, 0x10]);
    await recordings(scene, "processing", 4);
    await bob.page.evaluate("call.room.disconnect()");
    await recordings(scene, "completed", 3);
    await sleep(1000);
    await alice.page.evaluate("call.room.disconnect()");
    const files = await recordings(scene, "completed", 5);
    const last = files.findLast(({ type }) => type === "video")!;
    const player = await scene.player();
    const url = await mediaUrl(scene.served, last.sid);
    assertShows(await player.play(url), { pixel: [0x10, 0xe0, 0x10] });
  },
);

Deno.test(
  "recording: a killed process leaves files that play",
  UNSANITIZED,
  async () => {
    const folder = await Deno.makeTempDir();
    await using scene = await serveMediaScene(chromium, {}, folder);
    await using victim = await recordingProcess(folder);
    await using caller = await Caller.open(chromium[1], victim.served);
    await caller.join({ room: "recorded", identity: "bob", media: BLUE });
    const start = performance.now();
    await eventually(
      () => [...Deno.readDirSync(folder)].length,
      (files) => files === 2,
      "two files",
    );
    await sleep(4000);
    await victim.kill();
    const lived = (performance.now() - start) / 1000;

    const player = await scene.player();
    const files = async () => {
      const played = [];
      for await (const { name } of Deno.readDir(folder)) {
        played.push({ name, ...await player.play(`/file/${name}`) });
      }
      return played.sort((a, b) => a.name.localeCompare(b.name));
    };
    const check = (of: Played[]) => {
      assertShows(of.find(({ pixel }) => pixel)!, { pixel: PIXEL.bob });
      assertShows(of.find(({ pixel }) => !pixel)!, { hertz: 880 });
    };
    check(await files());
    await rescueRecordings(folder, () => {});
    const rescued = await files();
    check(rescued);
    for (const { name, duration } of rescued) {
      assert.match(name, /^RT[0-9a-f]{32}\.mk[av]$/);
      assert.ok(duration! > lived - 2, `${duration} s of ${lived} s`);
    }
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test(
  "composition: of one, of all, and by a hook",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium);
    await using receiver = serveReceiver();
    const { v1: video } = scene.served.client.video;
    await video.compositionHooks.create({
      friendlyName: "every room",
      audioSources: ["*"],
      statusCallback: receiver.url,
    });
    const room = await video.rooms.create(RECORDED);
    await pair(scene);
    await recordings(scene, "processing", 4);
    const bob = await video.rooms(room.sid).participants("bob").fetch();
    const [both, one] = await Promise.all(
      [["*"], [bob.sid]].map((sources) =>
        video.compositions.create({
          roomSid: room.sid,
          audioSources: sources,
          videoLayout: { grid: { video_sources: sources } },
          statusCallback: receiver.url,
        })
      ),
    );
    assert.equal(both!.status, "enqueued");
    await assert.rejects(video.compositions(one!.sid).remove(), {
      code: 20009,
    });
    await sleep(3000);
    await video.rooms(room.sid).update({ status: "completed" });
    await scene.served.emulator.callbacksSent();

    const player = await scene.player();
    for (
      const [sid, wanted] of [
        [both!.sid, { pixel: PIXEL.alice, hertz: 440 }],
        [one!.sid, { pixel: PIXEL.bob, hertz: 880 }],
      ] as const
    ) {
      const composition = await video.compositions(sid).fetch();
      assert.equal(composition.status, "completed");
      const played = await player.play(await mediaUrl(scene.served, sid));
      assertShows(played, wanted);
      assert.ok(Math.abs(played.duration! - composition.duration) <= 0.5);
      const mine = receiver.received
        .filter(({ CompositionSid }) => CompositionSid === sid);
      const events = mine.map((params) => params.StatusCallbackEvent);
      assert.equal(events[0], "composition-started");
      assert.equal(events.at(-1), "composition-available");
      assert.ok(events.includes("composition-progress"));
      assert.equal(mine.at(-1)!.MediaUri, `/v1/Compositions/${sid}/Media`);
      assert.equal(mine.at(-1)!.Size, String(composition.size));
    }
    const [enqueued] = receiver.of("composition-enqueued");
    assert.equal(enqueued!.HookFriendlyName, "every room");
    const hooked = await video.compositions(enqueued!.CompositionSid!).fetch();
    assert.equal(hooked.status, "completed");

    assert.equal(await video.compositions(one!.sid).remove(), true);
    const left = await video.compositions.list({ roomSid: room.sid });
    assert.deepEqual(left.map(({ sid }) => sid), [hooked.sid, both!.sid]);
  },
);

Deno.test(
  "recording: without a place for files it fails, and the call goes on",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium, {
      recordingsDir: "/dev/null/nowhere",
    });
    await using receiver = serveReceiver();
    const { rooms } = scene.served.client.video.v1;
    await rooms.create({ ...RECORDED, statusCallback: receiver.url });
    const [alice] = await pair(scene);
    await recordings(scene, "failed", 4);
    await eventually(
      () => receiver.of("recording-failed"),
      (failed) => failed.length === 4,
      "four callbacks",
    );
    const [failed] = receiver.of("recording-failed");
    assert.equal(failed!.FailedOperation, "RecordingStart");
    assert.deepEqual(receiver.of("recording-started"), []);
    await alice.receivesMore();
  },
);
