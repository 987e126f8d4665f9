import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import type { CallView } from "@/lib/calls/view.ts";
import { type AppProcess, startApp } from "../support/app_process.ts";
import {
  assertContentOf,
  assertMediaFlows,
  collectErrors,
  giveKnownMedia,
  type KnownMedia,
  signIn,
  story,
  waitForStatus,
} from "../support/call_page.ts";
import { launchChromium, type TestChromium } from "../support/chromium.ts";

const DOCTOR: KnownMedia = { colour: "#e01010", hertz: 440 };
const PATIENT: KnownMedia = { colour: "#1030e0", hertz: 660 };

const QUEUE = "/doctor/queue";

/** Somebody of the demo clinic in a browser window of their own. */
async function enter(
  browser: TestChromium,
  app: AppProcess,
  email: string,
  options: { media?: KnownMedia; width?: number } = {},
): Promise<{ page: Page; errors: string[]; context: BrowserContext }> {
  const { media = DOCTOR, width = 1280 } = options;
  const context = await browser.newContext({
    viewport: { width, height: 844 },
  });
  await giveKnownMedia(context, media);
  // Writes down which devices the page asks for.
  await context.addInitScript(() => {
    const asked: string[] = [];
    const devices = navigator.mediaDevices;
    const original = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (constraints) => {
      if (constraints?.video) asked.push("camera");
      sessionStorage.setItem("asked", asked.join());
      return original(constraints);
    };
  });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await signIn(page, app.origin, email);
  return { page, errors, context };
}

/** Opens the queue of a doctor who takes calls. */
async function takeCalls(page: Page, app: AppProcess): Promise<void> {
  await page.goto(app.origin + QUEUE);
  const available = page.getByRole("switch", { name: "Available for calls" });
  if (await available.getAttribute("aria-checked") === "false") {
    await available.click();
  }
  await page.getByText("You are available").waitFor();
}

/** Asks for a call from the dashboard. */
async function askFor(
  page: Page,
  app: AppProcess,
  button: "Voice call a doc" | "Video call a doc",
  reason = "",
): Promise<string> {
  await page.goto(`${app.origin}/patient-portal/dashboard`);
  if (reason !== "") await page.getByLabel("What is it about?").fill(reason);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL("**/calls/*");
  return new URL(page.url()).pathname.split("/")[2]!;
}

/** The request as its patient sees it. */
function callOf(page: Page, id: string): Promise<CallView> {
  return page.evaluate(async (id) => {
    const response = await fetch(`/api/v1/calls/${id}/`);
    return await response.json();
  }, id);
}

const rowOf = (page: Page, id: string) =>
  page.locator(`[data-call-id="${id}"]`);

async function endSession(doctor: Page): Promise<void> {
  await doctor.getByRole("button", { name: "End Session" }).click();
  await doctor.getByRole("dialog").getByRole("button", { name: "End Session" })
    .click();
  await doctor.getByText("has ended").waitFor();
}

Deno.test("S2.8 S2.24 S2.28 a video call from the dashboard to the dashboard: asked, reloaded, seen, accepted, held, left", async (t) => {
  const step = story(t);
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await enter(browser, app, "dr.rao@demo.bedside");
  const patient = await enter(browser, app, "asha@demo.bedside", {
    media: PATIENT,
    width: 390,
  });
  let id = "";

  await step(
    "the patient is told plainly that no doctor is there",
    async () => {
      id = await askFor(
        patient.page,
        app,
        "Video call a doc",
        "Rash on my arm",
      );
      await patient.page.getByRole("heading", { name: "You are next" })
        .waitFor();
      await patient.page.getByText("No doctor is available right now")
        .waitFor();
    },
  );

  await step(
    "hears when one is, and keeps the place over a reload",
    async () => {
      await takeCalls(doctor.page, app);
      await patient.page.getByText("Usually within a minute").waitFor();
      await patient.page.reload();
      await patient.page.getByRole("heading", { name: "You are next" })
        .waitFor();
      assert(patient.page.url().endsWith(id));
    },
  );

  await step("tries camera and microphone meanwhile", async () => {
    const turnOn = patient.page.getByRole("button", {
      name: "Turn on camera and microphone",
    });
    // Where the browser asks nothing, they are on by themselves.
    await turnOn.or(patient.page.locator("video")).first().waitFor();
    if (await turnOn.isVisible()) await turnOn.click();
    await patient.page.locator("video").waitFor();
  });

  await step(
    "a request is in the doctor's browser within a second",
    async () => {
      await patient.page.getByRole("button", { name: "Cancel call" }).click();
      await doctor.page.getByText("Nobody is waiting").waitFor();
      const appeared = doctor.page.evaluate(() =>
        new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            if (document.querySelector("[data-call-id]") === null) return;
            observer.disconnect();
            resolve(Date.now());
          });
          observer.observe(document.body, { childList: true, subtree: true });
        })
      );
      id = await askFor(
        patient.page,
        app,
        "Video call a doc",
        "Rash on my arm",
      );
      const { created_at } = await callOf(patient.page, id);
      const tookMs = await appeared - Date.parse(created_at);
      assert(tookMs < 1_000, `${tookMs} ms`);
    },
  );

  await step(
    "it rings at the doctor, with name, reason and count",
    async () => {
      const row = rowOf(doctor.page, id);
      await row.getByText("Asha Kumar").waitFor();
      await row.getByText("Rash on my arm").waitFor();
      await row.getByText("Video").waitFor();
      await row.getByText(/Offered to you for \d+ more seconds/).waitFor();
      assert.equal(await doctor.page.title(), "(1) Queue · Bedside");
      await doctor.page.getByRole("heading", { name: "1 patient is waiting" })
        .waitFor();
    },
  );

  await step("Accept leads both straight into the call", async () => {
    await rowOf(doctor.page, id).getByRole("button", { name: "Accept" })
      .click();
    for (const { page } of [doctor, patient]) {
      await page.waitForURL("**/telemedicine/*");
      await waitForStatus(page, "Connected");
    }
    for (const { page } of [doctor, patient]) await assertMediaFlows(page);
    await assertContentOf(doctor.page, PATIENT);
    await assertContentOf(patient.page, DOCTOR);
  });

  await step("a doctor in a call is told so in the queue", async () => {
    const other = await doctor.context.newPage();
    await other.goto(app.origin + QUEUE);
    await other.getByText("You are in a session").waitFor();
    await other.close();
  });

  await step(
    "who leaves is back on the dashboard, and can go in again",
    async () => {
      await patient.page.getByRole("button", { name: "Leave Session" }).click();
      await patient.page.waitForURL("**/patient-portal/dashboard?left=*");
      await patient.page.getByText("You left. The visit is still open")
        .waitFor();
      await patient.page.getByRole("link", { name: "Back to the call" })
        .click();
      await patient.page.getByRole("button", { name: "Join Session" }).click();
      await waitForStatus(patient.page, "Connected");
    },
  );

  await step("the end is the end for both", async () => {
    await endSession(doctor.page);
    await patient.page.getByText("has ended").waitFor();
    await patient.page.getByRole("link", { name: "Back to your home page" })
      .click();
    await patient.page.getByRole("button", { name: "Video call a doc" })
      .waitFor();
  });

  assert.deepEqual([doctor.errors, patient.errors], [[], []]);
});

Deno.test("S2.23 a voice call never asks for a camera", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await enter(browser, app, "dr.rao@demo.bedside");
  const patient = await enter(browser, app, "asha@demo.bedside", {
    media: PATIENT,
    width: 390,
  });
  await takeCalls(doctor.page, app);
  const id = await askFor(patient.page, app, "Voice call a doc");
  await rowOf(doctor.page, id).getByText("Voice").waitFor();
  // Accepted while the patient's page is away: it joins as soon as it is back.
  await patient.page.goto("about:blank");
  await rowOf(doctor.page, id).getByRole("button", { name: "Accept" }).click();
  await doctor.page.waitForURL("**/telemedicine/*");
  await patient.page.goto(`${app.origin}/calls/${id}`);
  for (const { page } of [doctor, patient]) {
    await page.waitForURL("**/telemedicine/*");
    await waitForStatus(page, "Connected");
  }
  for (const { page } of [doctor, patient]) {
    const asked = await page.evaluate(() => sessionStorage.getItem("asked"));
    assert.equal(asked, "", "only the microphone");
    assert.equal(await page.locator("video").count(), 0);
  }
  await endSession(doctor.page);
});

Deno.test("a call that is passed rings at the next doctor; one that is cancelled rings nowhere", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const rao = await enter(browser, app, "dr.rao@demo.bedside");
  const patient = await enter(browser, app, "asha@demo.bedside", {
    media: PATIENT,
  });
  await takeCalls(rao.page, app);
  // Dr Lee is in a session of the demo clinic, and ends it first.
  const lee = await enter(browser, app, "dr.lee@demo.bedside");
  await endRunning(lee.page);
  await takeCalls(lee.page, app);
  const id = await askFor(patient.page, app, "Video call a doc");
  const offered = /Offered to you/;
  await rowOf(rao.page, id).getByText(offered).waitFor();
  assert.equal(await rowOf(lee.page, id).getByText(offered).count(), 0);

  await rowOf(rao.page, id).getByRole("button", { name: "Pass" }).click();
  await rowOf(lee.page, id).getByText(offered).waitFor();
  await rowOf(rao.page, id).getByText(offered).waitFor({ state: "detached" });

  await patient.page.getByRole("button", { name: "Cancel call" }).click();
  await patient.page.getByRole("heading", {
    name: "You have cancelled the call",
  }).waitFor();
  for (const { page } of [rao, lee]) {
    await page.getByRole("heading", { name: "Nobody is waiting" }).waitFor();
    assert.equal(await page.title(), "Queue · Bedside");
  }
});

Deno.test("S2.33 two doctors accept at once: one is in the call, the other is told", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const rao = await enter(browser, app, "dr.rao@demo.bedside");
  const lee = await enter(browser, app, "dr.lee@demo.bedside");
  await endRunning(lee.page);
  const patient = await enter(browser, app, "asha@demo.bedside", {
    media: PATIENT,
  });
  for (const { page } of [rao, lee]) await takeCalls(page, app);
  const id = await askFor(patient.page, app, "Video call a doc");
  for (const { page } of [rao, lee]) await rowOf(page, id).waitFor();
  // Neither hears of the other before pressing.
  for (const { page } of [rao, lee]) {
    await page.evaluate(() => {
      globalThis.EventSource.prototype.dispatchEvent = () => false;
    });
  }
  await Promise.all(
    [rao, lee].map(({ page }) =>
      rowOf(page, id).getByRole("button", { name: "Accept" })
        .evaluate((button: HTMLButtonElement) => button.click())
    ),
  );
  const won = await Promise.race(
    [rao, lee].map(async ({ page }) => {
      await page.waitForURL("**/telemedicine/*");
      return page;
    }),
  );
  const lost = won === rao.page ? lee.page : rao.page;
  await lost.getByText("Another doctor was faster.").waitFor();
  await waitForStatus(won, "Connected");
  await patient.page.waitForURL("**/telemedicine/*");
  const seen = await callOf(patient.page, id);
  assert.equal(
    seen.doctor?.name,
    won === rao.page ? "Dr Meera Rao" : "Dr Jonas Lee",
  );
  assert(lost.url().endsWith(QUEUE));
});

/** Ends the sessions that run, so that the doctor is free. */
async function endRunning(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const answer = await fetch("/api/v1/telemedicine/?status=IN_PROGRESS");
    for (const { id } of (await answer.json()).results) {
      await fetch(`/api/v1/telemedicine/${id}/end/`, { method: "POST" });
    }
  });
}
