/**
 * Network quality, dominant speaker and track switch-off, as the unmodified
 * SDK tells of them. All tests share two Chromium processes, hence no
 * sanitizers.
 */
import { launchChromium, type TestChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import type { Caller, Media } from "./caller.ts";
import { type MediaScene, serveMediaScene } from "./media_scene.ts";

const RED = { colour: "#e01010", hertz: 440 };
const BLUE = { colour: "#1010e0", hertz: 880 };

const UNSANITIZED = { sanitizeOps: false, sanitizeResources: false } as const;

const OPTIONS = { clientSideRoomCreation: true, mediaSignaling: true };

const SDK = {
  networkQuality: { local: 2, remote: 1 },
  dominantSpeaker: true,
  bandwidthProfile: { video: { mode: "collaboration" } },
};

let chromium: [TestChromium, TestChromium];

Deno.test.beforeAll(async () => {
  chromium = await Promise.all([launchChromium(), launchChromium()]);
});

Deno.test.afterAll(async () => {
  for (const browser of chromium) await browser[Symbol.asyncDispose]();
});

/** Somebody who asks for media signalling. */
async function join(
  scene: MediaScene,
  process: 0 | 1,
  identity: string,
  media: Media,
): Promise<Caller> {
  const caller = await scene.caller(process);
  const joined = await caller.join({ identity, media, sdk: SDK });
  assert.equal(joined.error, undefined);
  return caller;
}

Deno.test(
  "media signalling: network quality, one's own and that of others",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium, OPTIONS);
    const { media, faults } = scene.served.emulator;
    const alice = await join(scene, 0, "alice", RED);
    const bob = await join(scene, 1, "bob", BLUE);
    await alice.hears("quality of alice 5 video 5");
    await bob.hears("quality of alice 5");
    media.setNetworkQuality("alice", {
      level: 2,
      video: { send: 1, recv: 2 },
    });
    await alice.hears("quality of alice 2 video 1");
    await bob.hears("quality of alice 2");
    // The connection outlives another publication and a lost socket.
    await alice.call("publish", { colour: "#10e010", name: "second" });
    await bob.sees("alice", ["audio", "video", "video"]);
    faults.dropSockets();
    await alice.hears("reconnected");
    media.setNetworkQuality("alice", null);
    media.setNetworkQuality("bob", { level: 0 });
    await Promise.all([
      alice.hears("quality of alice 5 video 5"),
      alice.hears("quality of bob 0"),
      bob.hears("quality of bob 0 video 0"),
    ]);
    await bob.receivesMore();
  },
);

Deno.test(
  "media signalling: the speaker, by loudness and by order",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium, OPTIONS);
    const { media } = scene.served.emulator;
    const alice = await join(scene, 0, "alice", RED);
    const bob = await join(scene, 1, "bob", { colour: BLUE.colour });
    await bob.hears("speaker alice");
    await alice.page.evaluate("call.track('audio').disable()");
    await bob.hears("speaker nobody");
    await bob.call("publish", { hertz: 880 });
    await alice.hears("speaker bob");
    const sid = await alice.page.evaluate<string>("call.room.sid");
    media.setDominantSpeaker(sid, null);
    await alice.hears("speaker nobody");
    await alice.page.evaluate("call.events.length = 0");
    media.setDominantSpeaker(sid, undefined);
    await alice.hears("speaker bob");
  },
);

Deno.test(
  "media signalling: tracks switched off and on",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium, OPTIONS);
    const { media } = scene.served.emulator;
    await join(scene, 0, "alice", RED);
    const bob = await join(scene, 1, "bob", BLUE);
    await bob.sees("alice", ["audio", "video"]);
    const sid = await bob.page.evaluate<string>(
      "[...[...call.room.participants.values()][0].videoTracks.keys()][0]",
    );
    await bob.hears("quality of bob 5 video 5");
    media.setSwitchedOff(sid, true);
    await bob.hears("video is off");
    media.setSwitchedOff(sid, false);
    await bob.hears("video is on");
  },
);

Deno.test(
  "media signalling: whoever does not ask, or is not offered it, gets none",
  UNSANITIZED,
  async () => {
    await using scene = await serveMediaScene(chromium, {
      clientSideRoomCreation: true,
    });
    const alice = await join(scene, 0, "alice", RED);
    const bob = await join(scene, 1, "bob", BLUE);
    await alice.receivesMore();
    await bob.receivesMore();
    assert.equal(
      await alice.page.evaluate(
        "call.room.localParticipant.networkQualityLevel",
      ),
      null,
    );
    const peers = await alice.page.evaluate(
      `[...call.peerConnections]
      .filter(({ connectionState }) => connectionState === "connected").length`,
    );
    assert.equal(peers, 1);
  },
);
