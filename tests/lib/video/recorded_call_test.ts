/**
 * The provider and a real recorded call: somebody comes, leaves and comes
 * back. The browser is shared, hence no sanitizers.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AppError } from "@/lib/errors.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { serveMediaScene } from "@/tests/lib/twilio_emulator/media_scene.ts";
import { serveReceiver } from "@/tests/lib/twilio_emulator/receiver.ts";
import { launchChromium } from "@/tests/support/chromium.ts";
import { providerOf } from "./clinic_service.ts";

const RED = "#e01010";
const GREEN = "#10e010";

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Which of red, green and blue the picture of a file mostly is at some times; black is none. */
async function coloursAt(
  page: Page,
  url: string,
  seconds: number[],
): Promise<string[]> {
  return await page.evaluate(async ({ url, seconds }) => {
    const video = Object.assign(document.createElement("video"), { src: url });
    document.body.append(video);
    const happens = (name: string) =>
      new Promise((resolve) =>
        video.addEventListener(name, resolve, { once: true })
      );
    await happens("loadeddata");
    const colours = [];
    for (const time of seconds) {
      video.currentTime = time;
      await happens("seeked");
      const context = new OffscreenCanvas(1, 1).getContext("2d")!;
      context.drawImage(video, 50, 50, 1, 1, 0, 0, 1, 1);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      const brightest = Math.max(red!, green!, blue!);
      colours.push(
        brightest < 100
          ? "none"
          : ["red", "green", "blue"][[red, green, blue].indexOf(brightest)]!,
      );
    }
    return colours;
  }, { url, seconds });
}

Deno.test({
  name:
    "a recorded call becomes one file of a person, in step with the room, " +
    "which is streamed in parts and deleted",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using chromium = await launchChromium();
    const folder = await Deno.makeTempDir();
    await using scene = await serveMediaScene([chromium, chromium], {}, folder);
    await using receiver = serveReceiver();
    const video = providerOf(scene.served, receiver.url);
    const room = await video.openRoom("visit-1", { voiceOnly: false });
    await video.setRecording(room.sid, true);
    // The patient lets the doctor wait.
    await sleep(3000);
    const who = { room: "visit-1", identity: "alice" };
    const attend = async (colour: string) => {
      await using alice = await scene.caller(0);
      const { participant } = await alice.join({
        ...who,
        media: { colour, hertz: 440 },
      });
      await eventually(
        () => video.listRecordings(room.sid),
        (list) =>
          list.filter((one) => one.participantSid === participant).length === 2,
        "two recordings",
      );
      await sleep(2000);
      await alice.page.evaluate("call.room.disconnect()");
      return participant!;
    };
    const sids = [await attend(RED), await attend(GREEN)];
    await video.closeRoom(room.sid);
    const tracks = await eventually(
      () => video.listRecordings(room.sid),
      (list) => list.every(({ status }) => status === "completed"),
      "completed recordings",
    );
    assert.deepEqual(
      tracks.map(({ participantSid, kind }) => [participantSid, kind]).sort(),
      sids.flatMap((sid) => [[sid, "audio"], [sid, "video"]]).sort(),
    );
    const lead = (Math.min(...tracks.map(({ startedAt }) =>
      Date.parse(startedAt)
    )) - Date.parse(room.createdAt)) / 1000;
    assert.ok(lead >= 2 && lead < 8, `${lead} s before the first track`);
    assert.ok(tracks.every(({ durationSeconds }) => durationSeconds! >= 1));

    const { sid } = await video.compose(room.sid, sids, { voiceOnly: false });
    const made = await eventually(
      () => video.fetchComposition(sid),
      (composition) => composition?.status === "ready",
      "a composition",
    );
    // Both are told in whole seconds.
    assert.ok(made!.durationSeconds! > lead + 3);
    await scene.served.emulator.callbacksSent();
    const [told] = receiver.of("composition-available");
    assert.equal(told!.CompositionSid, sid);

    const whole = (await video.openMedia(sid, null))!;
    assert.equal(whole.status, 200);
    assert.deepEqual([...whole.headers.keys()].sort(), [
      "accept-ranges",
      "content-length",
      "content-type",
    ]);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    assert.equal(bytes.length, made!.sizeBytes);
    const part = (await video.openMedia(sid, "bytes=100-199"))!;
    assert.equal(part.status, 206);
    assert.equal(
      part.headers.get("content-range"),
      `bytes 100-199/${bytes.length}`,
    );
    assert.deepEqual(
      new Uint8Array(await part.arrayBuffer()),
      bytes.slice(100, 200),
    );
    const beyond = (await video.openMedia(sid, `bytes=${bytes.length}-`))!;
    assert.equal(beyond.status, 416);
    await beyond.body?.cancel();
    const leaving = new AbortController();
    const left = (await video.openMedia(sid, null, leaving.signal))!;
    leaving.abort();
    await assert.rejects(left.arrayBuffer());
    // The address it leads to is no answer of Twilio's, and fails by itself.
    scene.served.emulator.faults.set({
      rest: [{ kind: "error", status: 500, path: "/Compositions*" }],
    });
    await assert.rejects(
      video.openMedia(sid, null),
      ({ code }: AppError) => code === "video_unavailable",
    );
    scene.served.emulator.faults.clear();

    await Deno.writeFile(`${folder}/composed.webm`, bytes);
    const { page } = await scene.player();
    const second = tracks.filter(({ participantSid }) =>
      participantSid === sids[1]
    ).map(({ offsetMs }) => offsetMs - Date.parse(room.createdAt));
    assert.deepEqual(
      await coloursAt(page, "/file/composed.webm", [
        lead + 1.5,
        Math.max(...second) / 1000 + 1.5,
      ]),
      ["red", "green"],
    );

    await video.deleteComposition(sid);
    await video.deleteComposition(sid);
    assert.equal(await video.fetchComposition(sid), null);
    assert.equal(await video.openMedia(sid, null), null);
    for (const track of tracks) {
      await video.deleteRecording(track.sid);
      await video.deleteRecording(track.sid);
    }
    assert.deepEqual(await video.listRecordings(room.sid), []);
    await Deno.remove(folder, { recursive: true });
  },
});
