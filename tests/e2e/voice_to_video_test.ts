import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import type { SessionView } from "@/lib/sessions/view.ts";
import {
  assertContentOf,
  assertMediaFlows,
  signIn,
  story,
  until,
  waitForStatus,
} from "../support/call_page.ts";
import { ask, DOCTOR, openClinic, PATIENT } from "../support/clinic.ts";
import { inspect } from "../support/inspect.ts";

declare global {
  /** What the page has asked the browser for, e.g. `audio`. */
  var devicesAsked: string[];
  /** The longest silence of the remote sound since this was first called, in ms. */
  var longestSilence: () => number;
}

/** Writes down which devices every page of the context asks for. */
async function noteDevices(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.devicesAsked = [];
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia;
    mediaDevices.getUserMedia = (wanted) => {
      globalThis.devicesAsked.push(
        ...["audio", "video"].filter((kind) =>
          Boolean(wanted?.[kind as "audio" | "video"])
        ),
      );
      return open(wanted);
    };
  });
}

/** Listens, from now on, to whatever remote sound the page plays. */
function listen(page: Page): Promise<void> {
  return page.evaluate(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    let source: MediaStreamAudioSourceNode | undefined;
    let heard = "";
    let loudAt = performance.now();
    let longest = 0;
    setInterval(() => {
      const element = document.querySelector<HTMLAudioElement>(
        "#remote-media-container audio",
      );
      const [track] = (element?.srcObject as MediaStream | null)
        ?.getAudioTracks() ?? [];
      if (track !== undefined && track.id !== heard && !element!.paused) {
        heard = track.id;
        source?.disconnect();
        source = context.createMediaStreamSource(new MediaStream([track]));
        source.connect(analyser);
      }
      analyser.getFloatTimeDomainData(samples);
      if (!samples.some((sample) => Math.abs(sample) > 0.05)) return;
      const now = performance.now();
      longest = Math.max(longest, now - loudAt);
      loudAt = now;
    }, 50);
    globalThis.longestSilence = () =>
      Math.max(longest, performance.now() - loudAt);
  });
}

Deno.test("S2.29 S2.30 a voice call asks for no camera, and becomes a video call when both want it, without a gap in the voice", async (t) => {
  const step = story(t);
  await using clinic = await openClinic({ prepare: noteDevices });
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  const pages = [doctor, patient];
  let id = "";

  const session = async (): Promise<SessionView> =>
    (await ask(doctor, "GET", `v1/telemedicine/${id}/`)).body;
  const devicesOf = (page: Page) =>
    page.evaluate(() => globalThis.devicesAsked);
  const button = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true });

  const sheet = (page: Page) =>
    page.getByRole("region", { name: "Switch to video" });

  await step("a doctor and a patient talk, without pictures", async () => {
    await signIn(doctor, app.origin, "dr.rao@demo.bedside");
    await signIn(patient, app.origin, "asha@demo.bedside");
    const { body: planned } = await ask(
      doctor,
      "GET",
      "v1/telemedicine/?status=SCHEDULED",
    );
    id = planned.results.find((one: SessionView) => one.voice_only).id;
    await ask(doctor, "POST", `v1/telemedicine/${id}/start/`);
    for (
      const [page, join] of [
        [doctor, "Join Call"],
        [patient, "Join Session"],
      ] as const
    ) {
      await page.goto(`${app.origin}/telemedicine/${id}`);
      await button(page, join).click();
      await waitForStatus(page, "Connected");
    }
    for (const [page, other] of [[doctor, "AK"], [patient, "MR"]] as const) {
      await page.locator("[data-identity]").getByText(other).waitFor();
      await page.locator(".ring-speak").waitFor();
      await page.getByText("Voice only").waitFor();
      assert.equal(await page.locator("video").count(), 0);
      assert.deepEqual(await devicesOf(page), ["audio"]);
      await listen(page);
    }
  });

  await step("who asks for video can be refused; nothing changes", async () => {
    await button(doctor, "Switch to video").click();
    await sheet(doctor).getByText("Waiting for Asha to agree…").waitFor();
    await sheet(patient)
      .getByText("Dr Meera Rao would like to switch to video").waitFor();
    assert.deepEqual(await inspect(doctor), []);
    assert.deepEqual(await inspect(patient), []);
    await button(patient, "Stay on voice").click();
    await sheet(doctor).getByText("Asha did not switch to video").waitFor();
    await button(doctor, "OK").click();
    for (const page of pages) {
      assert.deepEqual(await devicesOf(page), ["audio"]);
    }
    assert.equal((await session()).voice_only, true);
  });

  await step("who asks can take the question back", async () => {
    await button(doctor, "Switch to video").click();
    await button(patient, "Turn on video").waitFor();
    await button(doctor, "Withdraw").click();
    await button(patient, "Turn on video").waitFor({ state: "detached" });
  });

  await step("with both agreeing, both see each other", async () => {
    await button(patient, "Switch to video").click();
    await sheet(patient).getByText("Waiting for Dr Meera Rao to agree…")
      .waitFor();
    assert.deepEqual(await devicesOf(patient), ["audio"]);
    await button(doctor, "Turn on video").click();
    for (
      const [page, other] of [[doctor, PATIENT], [patient, DOCTOR]] as const
    ) {
      await page.locator("#remote-media-container video").waitFor();
      await assertMediaFlows(page);
      await assertContentOf(page, other);
      await page.locator("#local-media-container video").waitFor();
      await page.getByRole("heading", { name: /^Video Call/ }).waitFor({
        state: "attached",
      });
      assert.deepEqual(await devicesOf(page), ["audio", "video"]);
      assert.equal(
        await page.locator("#remote-media-container > [data-identity]").count(),
        1,
      );
    }
  });

  await step("the voice went on all the time", async () => {
    for (const page of pages) {
      const ms = await page.evaluate(() => globalThis.longestSilence());
      assert(ms < 1_000, `${ms} ms of silence`);
    }
  });

  await step("the session is the same, and nobody was away", async () => {
    const moved = await until(
      session,
      ({ presence }) =>
        presence.doctor?.state === "connected" &&
        presence.patient?.state === "connected",
      "both are in the new room",
    );
    assert.deepEqual([moved.status, moved.voice_only, moved.video_offer], [
      "IN_PROGRESS",
      false,
      null,
    ]);
    for (const stays of Object.values(moved.attendance)) {
      assert.deepEqual(stays.map(({ left_at }) => left_at), [null]);
    }
  });

  await step("camera and microphone work as in any video call", async () => {
    await button(patient, "Turn camera off").click();
    await doctor.locator("[data-identity]").getByText("Camera off").waitFor();
    await button(patient, "Turn camera on").click();
    await assertContentOf(doctor, PATIENT);
    await button(doctor, "End Session").click();
    await doctor.getByRole("dialog").getByRole("button", {
      name: "End Session",
    }).click();
    for (const page of pages) {
      await page.getByRole("heading", { name: /has ended/ }).waitFor();
    }
  });

  assert.deepEqual([clinic.doctor.errors, clinic.patient.errors], [[], []]);
});
