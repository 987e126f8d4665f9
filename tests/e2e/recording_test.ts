import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { SessionView } from "@/lib/sessions/view.ts";
import { signIn, story, until, waitForStatus } from "../support/call_page.ts";
import { ask, openClinic } from "../support/clinic.ts";
import { inspect } from "../support/inspect.ts";

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Where each player is, and which of red, green and blue its picture mostly is. */
function players(page: Page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("video")].map((video) => {
      const context = new OffscreenCanvas(1, 1).getContext("2d")!;
      context.drawImage(video, 100, 100, 1, 1, 0, 0, 1, 1);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      const most = Math.max(red!, green!, blue!);
      return {
        time: video.currentTime,
        controls: video.controls,
        colour: most < 100
          ? "none"
          : ["red", "green", "blue"][[red, green, blue].indexOf(most)],
      };
    })
  );
}

Deno.test("S3.6 S3.18 a session is recorded with the consent of both, played back by both, and deleted", async (t) => {
  const step = story(t);
  await using clinic = await openClinic();
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  let id = "";
  const session = async (): Promise<SessionView> =>
    (await ask(doctor, "GET", `v1/telemedicine/${id}/`)).body;
  const press = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).click();

  await step("a session with a recording is planned and started", async () => {
    await signIn(doctor, app.origin, "dr.rao@demo.bedside");
    await signIn(patient, app.origin, "asha@demo.bedside");
    const visits = (await ask(doctor, "GET", "v1/visits/")).body.results;
    const visit = visits.find((one: { status: string }) =>
      one.status === "OPEN"
    );
    const { body } = await ask(doctor, "POST", "v1/telemedicine/", {
      visit_id: visit.id,
      scheduled_start: new Date(Date.now() + 60_000).toISOString(),
      recording_enabled: true,
    });
    id = body.id;
    await ask(doctor, "POST", `v1/telemedicine/${id}/start/`);
  });

  await step(
    "each is asked before joining, and is let in by the answer",
    async () => {
      await patient.goto(`${app.origin}/telemedicine/${id}`);
      await press(patient, "Join Session");
      await patient.getByText("Please answer first").waitFor();
      assert.deepEqual(await inspect(patient), []);
      await press(patient, "Allow recording");
      await waitForStatus(patient, "Connected");
      await patient.getByText(
        "Not recorded: waiting for consent of Dr Meera Rao",
      ).waitFor();
      assert.equal((await session()).recording.active, false);
      await doctor.goto(`${app.origin}/telemedicine/${id}`);
      await press(doctor, "Join Call");
      await press(doctor, "Allow recording");
      await waitForStatus(doctor, "Connected");
    },
  );

  await step("both see that it is recorded", async () => {
    for (const page of [doctor, patient]) {
      await page.getByText("Recording", { exact: true }).waitFor();
    }
    assert.equal((await session()).recording.active, true);
    assert.equal(await patient.locator(".rec-frame").count(), 1);
    assert.deepEqual(await inspect(patient), []);
    await sleep(3000);
  });

  await step(
    "the patient stops it, after a question, and the call goes on",
    async () => {
      await press(patient, "Stop recording");
      const dialog = patient.getByRole("dialog");
      await dialog.getByRole("button", { name: "Keep recording" }).click();
      await dialog.waitFor({ state: "detached" });
      await press(patient, "Stop recording");
      await dialog.getByRole("button", { name: "Stop recording" }).click();
      await doctor.getByText("Not recorded: Asha said no").waitFor();
      await patient.getByText("Not recorded: you said no").waitFor();
      await until(
        async () => (await session()).recording.active,
        (active) => !active,
        "the room records no more",
      );
      await waitForStatus(patient, "Connected");
      await sleep(1500);
    },
  );

  await step("and allows it again", async () => {
    await press(patient, "Allow recording");
    await patient.getByRole("dialog")
      .getByRole("button", { name: "Allow recording" }).click();
    await doctor.getByText("Recording", { exact: true }).waitFor();
    await sleep(3000);
  });

  await step("after the end it is prepared, and then ready", async () => {
    await press(doctor, "End Session");
    await doctor.getByRole("dialog")
      .getByRole("button", { name: "End Session" }).click();
    await doctor.getByRole("heading", { name: /has ended/ }).waitFor();
    const { recording } = await until(
      session,
      ({ recording }) => recording.state === "ready",
      "the recording is ready",
      30_000,
    );
    assert(recording.duration_seconds! >= 6, `${recording.duration_seconds} s`);
    await doctor.goto(`${app.origin}/telemedicine/${id}/details`);
    await doctor.getByText("The recording is ready").waitFor();
    await doctor.getByText("Recording ready", { exact: true }).waitFor();
    assert.deepEqual(await inspect(doctor), []);
  });

  await step("the patient plays both parts in step", async () => {
    await patient.goto(`${app.origin}/telemedicine/${id}/details`);
    await patient.getByRole("link", { name: /^Play recording/ }).click();
    await press(patient, "Play");
    const playing = await until(
      () => players(patient),
      (both) =>
        both[0]?.colour === "red" && both[1]?.colour === "blue" &&
        both.every(({ controls }) => !controls),
      "both pictures are there",
    );
    const later = await until(
      () => players(patient),
      (both) =>
        both.every(({ time }, place) => time > playing[place]!.time + 1),
      "both play",
    );
    assert(Math.abs(later[0]!.time - later[1]!.time) < 0.5);
    await patient.getByRole("slider", { name: "Position" }).fill("5");
    await until(
      () => players(patient),
      (both) =>
        both[0]?.colour === "red" && both[1]?.colour === "blue" &&
        Math.abs(both[0].time - both[1].time) < 0.5 &&
        both.every(({ time }, place) => time > later[place]!.time + 0.5),
      "what was recorded after the pause",
    );
    assert.deepEqual(await inspect(patient), []);
  });

  await step("without JavaScript there are two players", async () => {
    const context = await clinic.doctor.browser.newContext({
      javaScriptEnabled: false,
      storageState: await clinic.doctor.context.storageState(),
    });
    const plain = await context.newPage();
    await plain.goto(`${app.origin}/telemedicine/${id}/recording`);
    assert.equal(await plain.locator("video[controls]").count(), 2);
    await context.close();
  });

  await step(
    "the history tells who played it; the doctor deletes it",
    async () => {
      await doctor.goto(`${app.origin}/telemedicine/${id}/details`);
      await doctor.getByText("Asha Kumar played the recording").waitFor();
      await doctor.getByRole("link", { name: "Delete recording" }).click();
      await doctor.getByRole("heading", { name: "Delete the recording?" })
        .waitFor();
      assert.deepEqual(await inspect(doctor), []);
      await press(doctor, "Delete recording");
      await doctor.getByText("You deleted the recording.").waitFor();
      await until(
        async () => (await session()).recording.state,
        (state) => state === "deleted",
        "it is gone at the video service, too",
      );
      await patient.goto(`${app.origin}/telemedicine/${id}/recording`);
      await patient.getByText("Dr Meera Rao deleted the recording.").waitFor();
      const { status } = await patient.evaluate(
        (path) => fetch(path).then(({ status }) => ({ status })),
        `/api/v1/telemedicine/${id}/recording/patient/media/`,
      );
      assert.equal(status, 404);
    },
  );

  assert.deepEqual([clinic.doctor.errors, clinic.patient.errors], [[], []]);
});
