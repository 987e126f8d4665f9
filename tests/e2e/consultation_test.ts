import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import type { SessionView } from "@/lib/sessions/view.ts";
import {
  assertContentOf,
  assertMediaFlows,
  signIn,
  story,
  until,
  waitForStatus,
} from "../support/call_page.ts";
import {
  ask,
  DOCTOR,
  openClinic,
  PATIENT,
  remotesOn,
} from "../support/clinic.ts";
import { inspect } from "../support/inspect.ts";

/** Addresses of the scripts a page loads that are as large as the Twilio SDK, which nothing else is. */
function watchForSdk(page: Page): string[] {
  const urls: string[] = [];
  page.on("response", async (response) => {
    if (response.request().resourceType() !== "script") return;
    const body = await response.body().catch(() => null);
    if (body !== null && body.length > 200_000) urls.push(response.url());
  });
  return urls;
}

Deno.test("S1.1 S1.29 S1.31 S3.23 a doctor and a patient hold a consultation, from the visit to the end", async (t) => {
  const step = story(t);
  await using clinic = await openClinic();
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  const sdk = watchForSdk(patient);
  let id = "";
  const row = (page: Page) => page.locator(`[data-session-id="${id}"]`);
  const session = async (): Promise<SessionView> =>
    (await ask(doctor, "GET", `v1/telemedicine/${id}/`)).body;
  await step(
    "S3.2 S3.3 the doctor opens an OPEN visit's telemedicine page",
    async () => {
      await signIn(doctor, app.origin, "dr.rao@demo.bedside");
      await doctor.waitForURL("**/visits");
      await doctor.getByRole("link", { name: /Asha Kumar/ }).first().click();
      await doctor.waitForURL(/\/visits\/[0-9A-Z]+\/telemedicine$/);
    },
  );

  await step("S3.4–S3.8 + Create Session plans one, SCHEDULED", async () => {
    const rows = doctor.locator("[data-session-id]");
    const before = await rows.evaluateAll((all) =>
      all.map((row) => row.getAttribute("data-session-id"))
    );
    await doctor.getByText("+ Create Session", { exact: true }).click();
    const soon = new Date(Date.now() + 2 * 60_000);
    const local = await doctor.evaluate((ms) => {
      const date = new Date(ms);
      return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString()
        .slice(0, 16);
    }, soon.getTime());
    await doctor.getByLabel("Scheduled Start Time").fill(local);
    await doctor.getByLabel("Enable Recording").check();
    await doctor.getByLabel("Notes").fill("Listen to the chest.");
    await doctor.getByRole("button", { name: "Create Session", exact: true })
      .click();
    id = await until(
      () =>
        rows.evaluateAll((all) =>
          all.map((row) => row.getAttribute("data-session-id")!)
        ),
      (ids) => ids.some((each) => !before.includes(each)),
      "the new session is in the list",
    ).then((ids) => ids.find((each) => !before.includes(each))!);
    assert.match(await row(doctor).innerText(), /Scheduled/);
    assert.equal((await session()).status, "SCHEDULED");
    assert.equal((await session()).notes, "Listen to the chest.");
  });

  await step(
    "S3.19 S3.20 S3.21 the patient finds it, joins early and waits",
    async () => {
      await signIn(patient, app.origin, "asha@demo.bedside");
      await patient.waitForURL("**/patient-portal/dashboard");
      await patient.getByRole("link", { name: "Telemedicine", exact: true })
        .click();
      await patient.waitForURL("**/patient-portal/telemedicine");
      assert.match(await row(patient).innerText(), /Scheduled/);
      await row(patient).getByRole("link", { name: "Join Session" }).click();
      const join = patient.getByRole("button", { name: "Join Session" });
      await join.waitFor();
      assert.deepEqual(sdk, []);
      await join.click();
      await patient.getByRole("button", { name: "Don't record" }).click();
      await until(
        async () => (await session()).presence.patient?.state,
        (state) => state === "waiting",
        "waits",
      );
    },
  );

  await step("S3.9 Start Session puts it IN_PROGRESS", async () => {
    await row(doctor).getByRole("button", { name: "Start Session" }).click();
    await row(doctor).getByText("In progress").waitFor();
    assert.equal((await session()).status, "IN_PROGRESS");
  });

  await step(
    "S3.21 the waiting patient is taken in without a click",
    async () => {
      await waitForStatus(patient, "Connected");
    },
  );

  await step(
    "S1.17 the Twilio SDK came with joining, once, and from here",
    async () => {
      await until(
        () => Promise.resolve(sdk),
        (urls) => urls.length > 0,
        "the SDK came",
      );
      assert.deepEqual(
        sdk.map((url) => new URL(url).origin),
        [app.origin],
      );
    },
  );

  await step("S3.10 S3.11 S3.13 Join Call connects the doctor", async () => {
    await row(doctor).getByRole("link", { name: "Join Call" }).click();
    await doctor.getByRole("button", { name: "Join Call" }).click();
    await doctor.getByRole("button", { name: "Allow recording" }).click();
    await waitForStatus(doctor, "Connected");
  });

  await step(
    "S3.6 one said no: the session goes on, and both see that it is not recorded",
    async () => {
      await doctor.getByText("Not recorded: Asha said no").waitFor();
      await patient.getByText("Not recorded: you said no").waitFor();
      const { recording } = await session();
      assert.deepEqual([recording.requested, recording.active], [true, false]);
    },
  );

  await step(
    "S1.20 S1.21 S1.23 S1.24 S2.17 each sees and hears the other, and it is the other",
    async () => {
      for (
        const [page, other] of [[doctor, PATIENT], [patient, DOCTOR]] as const
      ) {
        await remotesOn(page).first().waitFor();
        assert.equal(await remotesOn(page).count(), 1);
        await assertMediaFlows(page);
        await assertContentOf(page, other);
      }
    },
  );

  await step(
    "S1.19 S2.16 S2.20 S2.21 S3.12 one's own picture is in the bottom corner, the other's fills the stage",
    async () => {
      const { room_name } = await session();
      for (const page of [doctor, patient]) {
        await page.getByRole("heading", {
          name: `Video Call - Room: ${room_name}`,
        }).waitFor({ state: "attached" });
        for (const id of ["local-video", "remote-video"]) {
          const pictures = page.locator(`#video-container #${id} video`);
          assert.equal(await pictures.count(), 1, id);
        }
        const own = await page.locator("#local-media-container").boundingBox();
        const other = await page.locator("#remote-media-container")
          .boundingBox();
        assert(own !== null && other !== null);
        assert(own.width < other.width / 2 && own.height < other.height / 2);
        assert(own.x > other.x + other.width / 2);
        assert(own.y > other.y + other.height / 2);
        assert(
          await page.locator("#local-media-container video").count() === 1,
        );
      }
    },
  );

  await step(
    "S2.32 S3.14 S3.15 camera off and mute are seen by the other side",
    async () => {
      await patient.getByRole("button", { name: "Turn camera off" }).click();
      await remotesOn(doctor).getByText("Camera off").waitFor();
      await patient.getByRole("button", {
        name: "Mute microphone",
        exact: true,
      }).click();
      await remotesOn(doctor).getByText("Muted").waitFor();
      await until(
        () => doctor.evaluate(() => knownMedia.remoteTone()),
        (heard) => heard !== null && heard.level < 60,
        "silence",
      );
      await patient.getByRole("button", { name: "Turn camera on" }).click();
      await patient.getByRole("button", { name: "Unmute microphone" }).click();
      await remotesOn(doctor).getByText("Muted").waitFor({ state: "detached" });
      await assertContentOf(doctor, PATIENT);
    },
  );

  await step(
    "S1.34 S3.42 the self-check tells both who sees and hears whom, as it changes",
    async () => {
      const open = async (page: Page) => {
        await page.getByRole("button", { name: "More" }).click();
        return page.getByRole("dialog", { name: "Devices and help" });
      };
      const [ofDoctor, ofPatient] = [await open(doctor), await open(patient)];
      const says = async (dialog: Locator, ...sentences: string[]) => {
        for (const sentence of sentences) {
          await dialog.getByText(sentence, { exact: true }).waitFor();
        }
      };
      await says(
        ofDoctor,
        "Asha is in the call.",
        "Asha can hear you.",
        "Asha can see you.",
        "You can hear Asha.",
        "You can see Asha.",
      );
      await says(
        ofPatient,
        "Dr Meera Rao can hear you.",
        "Dr Meera Rao can see you.",
        "You can hear Dr Meera Rao.",
        "You can see Dr Meera Rao.",
      );
      assert.deepEqual(await inspect(doctor), []);
      assert.deepEqual(await inspect(patient), []);
      await ofPatient.getByRole("button", { name: "Back to the call" }).click();
      await patient.getByRole("button", { name: "Turn camera off" }).click();
      await patient.getByRole("button", {
        name: "Mute microphone",
        exact: true,
      }).click();
      await says(
        ofDoctor,
        "You cannot see Asha: Asha's camera is off.",
        "You cannot hear Asha: Asha is muted.",
      );
      await open(patient);
      await says(
        ofPatient,
        "Dr Meera Rao cannot see you: your camera is off.",
        "Dr Meera Rao cannot hear you: your microphone is muted.",
        "You can see Dr Meera Rao.",
      );
      for (const name of ["Turn camera on", "Unmute microphone"]) {
        await ofPatient.getByRole("button", { name }).click();
      }
      await says(
        ofPatient,
        "Dr Meera Rao can hear you.",
        "Dr Meera Rao can see you.",
      );
      await says(ofDoctor, "You can hear Asha.", "You can see Asha.");
      for (const dialog of [ofDoctor, ofPatient]) {
        await dialog.getByRole("button", { name: "Back to the call" }).click();
      }
      await assertContentOf(doctor, PATIENT);
    },
  );

  await step(
    "S3.22 S1.22 S1.28 Leave Session returns to the list; the session goes on",
    async () => {
      await patient.getByRole("button", { name: "Leave Session" }).click();
      await patient.waitForURL(/\/patient-portal\/telemedicine/);
      await remotesOn(doctor).waitFor({ state: "detached" });
      await until(
        async () => (await session()).presence.patient?.state,
        (state) => state === "disconnected",
        "left",
      );
      assert.equal((await session()).status, "IN_PROGRESS");
    },
  );

  await step("S3.16 S3.25 the patient rejoins", async () => {
    await row(patient).getByRole("link", { name: "Join Session" }).click();
    await patient.getByRole("button", { name: "Join Session" }).click();
    await waitForStatus(patient, "Connected");
    await assertMediaFlows(doctor);
    await assertContentOf(doctor, PATIENT);
    await assertContentOf(patient, DOCTOR);
  });

  await step(
    "S3.17 S3.18 End Session ends it for both, COMPLETED, with its duration",
    async () => {
      await doctor.getByRole("button", { name: "End Session" }).click();
      const dialog = doctor.getByRole("dialog");
      await dialog.getByRole("button", { name: "End Session" }).click();
      for (const page of [doctor, patient]) {
        await page.getByRole("heading", { name: /has ended/ }).waitFor();
      }
      const ended = await session();
      assert.equal(ended.status, "COMPLETED");
      const seconds =
        (Date.parse(ended.ended_at!) - Date.parse(ended.started_at!)) / 1000;
      assert.equal(ended.duration_seconds, Math.round(seconds));
      assert(ended.duration_seconds! > 0);
    },
  );

  await step("S3.26 nobody gets a token any more", async () => {
    for (const page of [doctor, patient]) {
      const { status, body } = await ask(
        page,
        "POST",
        "v1/telemedicine/token/",
        { session_id: id },
      );
      assert.deepEqual([status, body.code], [409, "session_over"]);
    }
  });

  await step(
    "S3.38 S3.35 the history lists create, start, join, leave and end",
    async () => {
      await doctor.goto(`${app.origin}/telemedicine/${id}/details`);
      const history = await until(
        () => doctor.getByRole("main").innerText(),
        (text) => /ended/i.test(text),
        "the end is in the history",
      );
      for (
        const word of [
          /created|planned/i,
          /started/i,
          /joined/i,
          /left/i,
          /ended/i,
        ]
      ) {
        assert.match(history, word);
      }
    },
  );

  assert.deepEqual([clinic.doctor.errors, clinic.patient.errors], [[], []]);
});
