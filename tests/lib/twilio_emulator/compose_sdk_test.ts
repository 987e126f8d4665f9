/**
 * A grid with mixed audio: a call of the unmodified SDK, recorded, and rendered
 * by the emulator's page in a third browser page.
 */
import { launchChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import { eventually } from "./harness.ts";
import { assertShows, mediaUrl, serveMediaScene } from "./media_scene.ts";
import { serveReceiver } from "./receiver.ts";

const RED = { colour: "#e01010", hertz: 440 };
const BLUE = { colour: "#1010e0", hertz: 1000 };
const PIXELS = [[0xe0, 0x10, 0x10], [0x10, 0x10, 0xe0]];

Deno.test(
  "compose: a page renders a grid with mixed audio",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    await using first = await launchChromium();
    await using second = await launchChromium();
    await using scene = await serveMediaScene([first, second], {
      renderGrids: true,
    });
    await using receiver = serveReceiver();
    const { v1: video } = scene.served.client.video;
    const room = await video.rooms.create({
      uniqueName: "recorded",
      recordParticipantsOnConnect: true,
    });
    const alice = await scene.caller(0);
    const bob = await scene.caller(1);
    const name = "recorded";
    await alice.join({ room: name, identity: "alice", media: RED });
    await bob.join({ room: name, identity: "bob", media: BLUE });
    await alice.seesColour("bob", PIXELS[1]!);
    await eventually(
      () => video.recordings.list({ groupingSid: [room.sid] }),
      (list) => list.length === 4,
      "four recordings",
    );
    const participant = await video.rooms(room.sid).participants("bob").fetch();
    const [grid, one] = await Promise.all(
      [["*"], [participant.sid]].map((sources) =>
        video.compositions.create({
          roomSid: room.sid,
          audioSources: sources,
          videoLayout: { grid: { video_sources: sources } },
          statusCallback: receiver.url,
        })
      ),
    );
    await new Promise((done) => setTimeout(done, 4000));
    await video.rooms(room.sid).update({ status: "completed" });
    await scene.served.emulator.callbacksSent();
    const status = async (sid: string) =>
      String((await video.compositions(sid).fetch()).status);
    assert.equal(
      await status(one!.sid),
      "completed",
      scene.served.logged.join("\n"),
    );
    assert.equal(await status(grid!.sid), "processing", "waits for a page");

    const page = await second.newPage();
    const problems: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(`${scene.served.baseUrl}/compose`);
    await eventually(
      async () => [
        await status(grid!.sid),
        await page.locator("main").innerText(),
        ...problems,
      ],
      ([now]) => now !== "processing",
      "the page to render it",
      30_000,
    );
    await page.getByText(`${grid!.sid} is completed`).waitFor();
    await scene.served.emulator.callbacksSent();
    assert.deepEqual(problems, []);

    const composition = await video.compositions(grid!.sid).fetch();
    assert.equal(composition.status, "completed");
    const player = await scene.player();
    const played = await player.play(await mediaUrl(scene.served, grid!.sid));
    assert.ok(played.frames > 5, `${played.frames} frames`);
    assert.ok(played.played > 0.4, `played ${played.played} s`);
    assert.ok(played.duration! > 3.5, `${played.duration} s`);
    assert.ok(Math.abs(played.duration! - composition.duration) <= 0.5);
    // Whose recording began first is on the left.
    const sides = played.sides!.toSorted((a, b) => b[0]! - a[0]!);
    for (const [side, wanted] of PIXELS.entries()) {
      assertShows({ ...played, pixel: sides[side]! }, { pixel: wanted });
    }
    for (const hertz of [440, 1000]) {
      assert.ok(
        played.peaks.some((peak) => Math.abs(peak - hertz) < 15),
        `${hertz} Hz among ${played.peaks}`,
      );
    }

    const mine = receiver.received
      .filter(({ CompositionSid }) => CompositionSid === grid!.sid);
    const events = mine.map((params) => params.StatusCallbackEvent);
    assert.equal(events[0], "composition-started");
    assert.equal(events.at(-1), "composition-available");
    const progress = mine.filter(({ PercentageDone }) => PercentageDone);
    assert.ok(progress.length >= 3, events.join());
    assert.ok(progress.every(({ SecondsRemaining }) => +SecondsRemaining! > 0));
    assert.equal(mine.at(-1)!.Size, String(composition.size));
  },
);
