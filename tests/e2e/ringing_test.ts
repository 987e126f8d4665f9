/** Who is rung for, who goes in by itself, and who is asked first. */
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { startApp } from "../support/app_process.ts";
import { signIn, until, waitForStatus } from "../support/call_page.ts";
import { launchChromium } from "../support/chromium.ts";
import { ask, openWindow, PATIENT, PHONE } from "../support/clinic.ts";
import {
  askedFor,
  askFor,
  callOf,
  openSignedIn,
  QUEUE,
  rowOf,
  takeCalls,
} from "../support/on_demand.ts";

/** What a page has done to be noticed. */
interface Noise {
  tones: number;
  buzzes: number;
  screen: string[];
}

declare global {
  var noise: Noise;
  /** Puts the page into sight, or out of it. */
  var setSight: (isVisible: boolean) => void;
}

/** Counts what the pages of this window do to be noticed; `setSight` puts one out of sight. */
async function spy(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const noise: Noise = { tones: 0, buzzes: 0, screen: [] };
    globalThis.noise = noise;
    const { createOscillator } = BaseAudioContext.prototype;
    BaseAudioContext.prototype.createOscillator = function () {
      noise.tones++;
      return createOscillator.call(this);
    };
    navigator.vibrate = () => Boolean(++noise.buzzes);
    Object.defineProperty(navigator, "wakeLock", {
      value: {
        request: (type: string) => {
          noise.screen.push(type);
          return Promise.resolve({
            release: () => Promise.resolve(noise.screen.push("released")),
          });
        },
      },
    });
    let sight = "visible";
    Object.defineProperty(document, "visibilityState", { get: () => sight });
    globalThis.setSight = (isVisible) => {
      sight = isVisible ? "visible" : "hidden";
      document.dispatchEvent(new Event("visibilitychange"));
    };
  });
}

const noiseOf = (page: Page) => page.evaluate(() => globalThis.noise);
const tonesOf = async (page: Page) => (await noiseOf(page)).tones;

Deno.test("a queue that nobody has pressed on says that it is silent, and rings after any press", async () => {
  await using app = await startApp();
  // As browsers are by themselves: no sound before a press.
  await using browser = await launchChromium({
    args: ["--autoplay-policy=document-user-activation-required"],
  });
  const desk = await browser.newContext();
  await spy(desk);
  const before = await desk.newPage();
  await signIn(before, app.origin, "dr.rao@demo.bedside");
  await takeCalls(before, app);
  await before.close();
  const patient = await browser.newPage();
  await signIn(patient, app.origin, "asha@demo.bedside");

  const doctor = await desk.newPage();
  await doctor.goto(app.origin + QUEUE);
  const silent = doctor.getByRole("button", { name: "Press to turn sound on" });
  await silent.waitFor();
  assert.equal(await silent.getAttribute("aria-pressed"), "false");
  const id = await askFor(patient, app, "Voice call a doc");
  await rowOf(doctor, id).getByText(/Offered to you/).waitFor();
  assert.equal(await tonesOf(doctor), 0);

  await doctor.getByRole("heading", { name: "1 patient is waiting" }).click();
  const on = doctor.getByRole("button", { name: "Sound on" });
  await on.waitFor();
  await until(() => tonesOf(doctor), (tones) => tones > 0, "it rings");

  // The button itself is a press like any other, and turns nothing off.
  await doctor.reload();
  await silent.click();
  await on.waitFor();
  await until(() => tonesOf(doctor), (tones) => tones > 0, "it rings again");
});

Deno.test("where the sound is off nothing is played, not even at first", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await spy(doctor.context);
  await takeCalls(doctor.page, app);
  await doctor.page.getByRole("button", { name: "Sound on" }).click();
  const id = await askFor(patient.page, app, "Voice call a doc");
  await doctor.page.reload();
  await rowOf(doctor.page, id).getByText(/Offered to you/).waitFor();
  await doctor.page.waitForTimeout(1_000);
  assert.equal(await tonesOf(doctor.page), 0);
  await doctor.page.getByRole("button", { name: "Sound off" }).click();
  await until(() => tonesOf(doctor.page), (tones) => tones > 0, "it rings");
});

Deno.test("who cancels a moment too late is told, and is not put on camera", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await takeCalls(doctor.page, app);
  const { page } = patient;
  // The page has not heard yet.
  await page.route("**/events/**", (route) => route.abort());
  const id = await askFor(page, app, "Voice call a doc");
  await ask(doctor.page, "POST", `v1/calls/${id}/accept/`);
  await page.getByRole("button", { name: "Cancel call" }).click();
  await page.getByRole("heading", { name: "Dr Meera Rao took your call" })
    .waitFor();
  await page.getByRole("alert").getByText("does not wait any more").waitFor();
  await page.unroute("**/events/**");
  // Nor by coming back, nor in another tab.
  await page.goto(`${app.origin}/calls/${id}`);
  const other = await patient.context.newPage();
  await other.goto(`${app.origin}/calls/${id}`);
  await page.waitForTimeout(1_500);
  for (const one of [page, other]) {
    assert.match(one.url(), /\/calls\//);
    assert.equal(await askedFor(one), "");
  }
  await page.getByRole("link", { name: "Join Session" }).click();
  await page.waitForURL("**/telemedicine/*");
  await page.getByRole("button", { name: "Join Session" }).click();
  await waitForStatus(page, "Connected");
});

Deno.test("a page out of sight rings and goes in when it is looked at; a second one offers the way", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await spy(patient.context);
  await takeCalls(doctor.page, app);
  const { page } = patient;
  const id = await askFor(page, app, "Voice call a doc");
  const second = await patient.context.newPage();
  await second.goto(`${app.origin}/calls/${id}`);
  for (const one of [page, second]) {
    await one.getByRole("heading", { name: "You are next" }).waitFor();
    const { screen } = await until(
      () => noiseOf(one),
      ({ screen }) => screen.length > 0,
      "the screen stays on",
    );
    assert.deepEqual(screen, ["screen"]);
    await one.evaluate(() => globalThis.setSight(false));
  }

  await rowOf(doctor.page, id).getByRole("button", { name: "Accept" }).click();
  for (const one of [page, second]) {
    const { screen } = await until(
      () => noiseOf(one),
      ({ tones, buzzes }) => tones > 0 && buzzes > 0,
      "it rings",
    );
    assert.equal(screen.at(-1), "released");
    assert.equal(await one.title(), "Dr Meera Rao is ready");
    assert.equal(await askedFor(one), "");
  }
  await page.evaluate(() => globalThis.setSight(true));
  await page.waitForURL("**/telemedicine/*");
  await waitForStatus(page, "Connected");

  await second.evaluate(() => globalThis.setSight(true));
  await second.getByRole("heading", { name: "Dr Meera Rao took your call" })
    .waitFor();
  await second.getByRole("link", { name: "Join Session" }).waitFor();
  assert.match(second.url(), /\/calls\//);
  assert.equal(await second.title(), "Waiting for a doctor · Bedside");
  await waitForStatus(page, "Connected");
});

Deno.test("of two devices one goes in; the other stops ringing, says so, and pushes nobody out", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await spy(patient.context);
  await takeCalls(doctor.page, app);
  const { page } = patient;
  const id = await askFor(page, app, "Voice call a doc");
  const { page: other, context } = await openWindow(
    patient.browser,
    PATIENT,
    PHONE,
  );
  await spy(context);
  await signIn(other, app.origin, "asha@demo.bedside");
  await other.goto(`${app.origin}/calls/${id}`);
  await other.getByRole("heading", { name: "You are next" }).waitFor();
  await other.evaluate(() => globalThis.setSight(false));

  await rowOf(doctor.page, id).getByRole("button", { name: "Accept" }).click();
  await page.waitForURL("**/telemedicine/*");
  await waitForStatus(page, "Connected");
  await other.getByText("You can join the call here").waitFor();
  assert.equal(await other.title(), "Waiting for a doctor · Bedside");
  await other.evaluate(() => globalThis.setSight(true));
  await other.waitForTimeout(1_000);
  assert.match(other.url(), /\/calls\//);
  await waitForStatus(page, "Connected");
});

Deno.test("a patient to whom no doctor came is led back to the line as soon as they look", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await spy(patient.context);
  await takeCalls(doctor.page, app);
  const { page } = patient;
  const id = await askFor(page, app, "Voice call a doc");
  await page.getByRole("heading", { name: "You are next" }).waitFor();
  const { body } = await ask(doctor.page, "POST", `v1/calls/${id}/accept/`);
  await page.waitForURL("**/telemedicine/*");
  await page.getByRole("button", { name: "Leave Session" }).waitFor();
  await page.evaluate(() => globalThis.setSight(false));
  await ask(doctor.page, "POST", `v1/telemedicine/${body.session.id}/end/`);
  const told = page.getByRole("status").getByText("You keep your place");
  await told.waitFor();
  assert.equal(
    await page.getByRole("link", { name: "Back to the line" })
      .getAttribute("href"),
    `/calls/${id}`,
  );
  // Nobody is there who does not look.
  await until(() => callOf(page, id), ({ away }) => away, "it is back, alone");
  await page.waitForTimeout(5_500);
  assert.match(page.url(), /\/telemedicine\//);
  await page.evaluate(() => globalThis.setSight(true));
  await page.waitForURL(`**/calls/${id}`);
  await page.getByRole("heading", { name: "You are next" }).waitFor();
  await page.getByRole("button", { name: "Cancel call" }).waitFor();
  // Whoever looks at that call later is led to what is true now.
  await page.goto(`${app.origin}/telemedicine/${body.session.id}`);
  await page.waitForURL(`**/calls/${id}`);
});

Deno.test("a page that rings stops when the call is over: it waits on where no doctor came, and says so where one did", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await spy(patient.context);
  await takeCalls(doctor.page, app);
  const { page } = patient;
  const id = await askFor(page, app, "Voice call a doc");
  const inLine = page.getByRole("heading", { name: "You are next" });
  const accept = async () => {
    await inLine.waitFor();
    await page.evaluate(() => globalThis.setSight(false));
    const { body } = await ask(doctor.page, "POST", `v1/calls/${id}/accept/`);
    await until(
      () => page.title(),
      (title) => title === "Dr Meera Rao is ready",
      "it rings",
    );
    return `v1/telemedicine/${body.session.id}/`;
  };
  await ask(doctor.page, "POST", `${await accept()}end/`);
  await inLine.waitFor();
  assert.equal(await page.title(), "Waiting for a doctor · Bedside");
  await page.getByRole("button", { name: "Cancel call" }).waitFor();

  const path = await accept();
  const session_id = path.split("/")[2];
  await ask(doctor.page, "POST", "v1/telemedicine/token/", { session_id });
  await ask(doctor.page, "POST", `${path}end/`);
  await page.waitForURL("**/telemedicine/*");
  await page.getByRole("heading", { name: /has ended/ }).waitFor();
});
