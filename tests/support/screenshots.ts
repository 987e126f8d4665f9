/**
 * `task screenshots`: what the README shows, and what a reviewer looks at.
 * Starts the app with the demo clinic and photographs every screen at 390 and
 * 1440 px, light and dark, into the folder given (`.github/screenshots` with
 * the README's few if none is).
 */
import type { BrowserContext, Page } from "playwright-core";
import { startApp } from "./app_process.ts";
import { giveKnownMedia, signIn, waitForStatus } from "./call_page.ts";
import { launchChromium } from "./chromium.ts";

const README_FOLDER = ".github/screenshots";
/** The README's few: screen, width, scheme. */
const README_SHOTS = [
  "visit-1440-light",
  "sessions-390-light",
  "call-doctor-1440-light",
  "call-patient-390-dark",
  "details-1440-dark",
];

const folder = Deno.args[0] ?? README_FOLDER;
const isWanted = (name: string) =>
  folder !== README_FOLDER || README_SHOTS.includes(name);
await Deno.mkdir(folder, { recursive: true });

await using app = await startApp();
await using browser = await launchChromium();

const SIZES = {
  390: { width: 390, height: 844 },
  1440: { width: 1440, height: 900 },
};

for (const width of [1440, 390] as const) {
  for (const scheme of ["light", "dark"] as const) {
    const name = (screen: string) => `${screen}-${width}-${scheme}`;
    const shoot = async (page: Page, screen: string, fullPage = true) => {
      if (!isWanted(name(screen))) return;
      await page.evaluate(() => document.fonts.ready.then(() => {}));
      // What has just changed its colour is on its way to it.
      await page.evaluate(() =>
        Promise.allSettled(
          document.getAnimations()
            .filter((one) => one instanceof CSSTransition)
            .map(({ finished }) => finished),
        ).then(() => {})
      );
      await page.screenshot({
        path: `${folder}/${name(screen)}.png`,
        fullPage,
      });
    };
    const open = async (
      colour: string,
      portrait: string,
    ): Promise<BrowserContext> => {
      const context = await browser.newContext({
        viewport: SIZES[width],
        colorScheme: scheme,
        isMobile: width === 390,
        hasTouch: width === 390,
      });
      await giveKnownMedia(context, { colour, hertz: 440, portrait });
      return context;
    };
    const doctor = await (await open("#3a3346", "#e6e1dc")).newPage();
    const patient = await (await open("#4a4048", "#5f8088")).newPage();
    await portals(doctor, patient, shoot);
    await queue(doctor, patient, shoot);
    await call(doctor, patient, shoot);
    await doctor.context().close();
    await patient.context().close();
  }
}

type Shoot = (page: Page, screen: string, fullPage?: boolean) => Promise<void>;

async function portals(
  doctor: Page,
  patient: Page,
  shoot: Shoot,
): Promise<void> {
  await doctor.goto(`${app.origin}/login`);
  await shoot(doctor, "login");
  await signIn(doctor, app.origin, "dr.rao@demo.bedside");
  await shoot(doctor, "visits");
  await doctor.getByRole("link", { name: /Asha Kumar/ }).first().click();
  await doctor.waitForURL(/telemedicine$/);
  await shoot(doctor, "visit");
  await doctor.goto(doctor.url().replace(/\/telemedicine$/, ""));
  await shoot(doctor, "visit-details");
  await doctor.goto(`${doctor.url()}/messages#latest`);
  await doctor.getByText("Better. I woke up once").waitFor();
  await shoot(doctor, "messages-doctor");
  const past = await doctor.evaluate(async () => {
    const answer = await fetch("/api/v1/telemedicine/?status=COMPLETED");
    return (await answer.json()).results[0].id;
  });
  await doctor.goto(`${app.origin}/telemedicine/${past}/details`);
  await shoot(doctor, "details");
  await doctor.goto(`${app.origin}/nowhere`);
  await shoot(doctor, "not-found");
  await doctor.goto(`${app.origin}/problems/visit_closed`);
  await shoot(doctor, "problem");
  await signIn(patient, app.origin, "asha@demo.bedside");
  await shoot(patient, "dashboard");
  await patient.goto(`${app.origin}/patient-portal/messages`);
  await shoot(patient, "messages");
  await patient.getByRole("link", { name: "Dr Meera Rao" }).first().click();
  await patient.getByText("Better. I woke up once").waitFor();
  await shoot(patient, "messages-patient");
  await patient.goto(`${app.origin}/patient-portal/telemedicine`);
  await shoot(patient, "sessions");
  await patient.getByRole("link", { name: "Join Session" }).first().click();
  await patient.getByRole("button", { name: "Join Session" }).waitFor();
  await shoot(patient, "before-permission");
  await patient.getByRole("button", { name: /^Turn on/ }).click();
  await patient.getByText("Can you see and hear yourself?").waitFor();
  // Asked once; the next round finds the answer.
  const allow = patient.getByRole("button", { name: "Allow recording" });
  await allow.or(patient.getByText("You allow recording.")).waitFor();
  await shoot(patient, "device-check");
  await patient.getByRole("button", { name: "Join Session" }).click();
  if (await allow.isVisible()) await allow.click();
  await patient.locator("[data-waiting]").waitFor();
  await shoot(patient, "waiting-room");
  await patient.goto(`${app.origin}/patient-portal/telemedicine`);
}

async function queue(doctor: Page, patient: Page, shoot: Shoot): Promise<void> {
  const ask = async (button: string, reason: string) => {
    await patient.goto(`${app.origin}/patient-portal/dashboard`);
    await patient.getByLabel("What is it about?").fill(reason);
    await patient.getByRole("button", { name: button }).click();
    await patient.waitForURL("**/calls/*");
  };
  const cancel = async () => {
    await patient.getByRole("button", { name: "Cancel call" }).click();
    await patient.getByText("You have cancelled the call").waitFor();
  };
  await ask("Video call a doc", "Rash on both arms since yesterday");
  await shoot(patient, "call-nobody-there");
  await doctor.goto(`${app.origin}/doctor/queue/skills`);
  await shoot(doctor, "queue-skills");
  await doctor.goto(`${app.origin}/doctor/queue`);
  await shoot(doctor, "queue-off");
  await doctor.getByRole("switch").click();
  await doctor.getByText("Offered to you for").waitFor();
  await patient.context().clearCookies();
  await signIn(patient, app.origin, "ben@demo.bedside");
  await patient.goto(`${app.origin}/patient-portal/dashboard`);
  await patient.getByText("More about the call").click();
  await patient.getByLabel("Language").selectOption("es");
  await patient.getByLabel("Kind of doctor").selectOption("dermatology");
  await patient.getByLabel("It cannot wait").check();
  await shoot(patient, "dashboard-more");
  await patient.getByLabel("What is it about?").evaluate((field) =>
    field.removeAttribute("maxlength")
  );
  await patient.getByLabel("What is it about?").fill("Itching ".repeat(40));
  await patient.getByRole("button", { name: "Voice call a doc" }).click();
  await patient.getByText("This text has more than").waitFor();
  await shoot(patient, "call-refused");
  await patient.getByLabel("What is it about?").fill("Itching");
  await patient.getByRole("button", { name: "Voice call a doc" }).click();
  await patient.waitForURL("**/calls/*");
  await shoot(patient, "call-nobody-like-that");
  await cancel();
  await patient.goto(`${app.origin}/patient-portal/dashboard`);
  await patient.getByText("More about the call").click();
  await patient.getByLabel("Language").selectOption("en");
  await patient.getByLabel("Kind of doctor").selectOption("general-practice");
  await patient.getByLabel("It cannot wait").check();
  await patient.getByRole("button", { name: "Voice call a doc" }).click();
  await patient.waitForURL("**/calls/*");
  await doctor.getByRole("heading", { name: "2 patients are waiting" })
    .waitFor();
  await shoot(doctor, "queue");
  const turnOn = patient.getByRole("button", { name: /^Turn on/ });
  if (await turnOn.isVisible()) await turnOn.click();
  await patient.getByText("Your sound").waitFor();
  await shoot(patient, "call-waiting");
  await cancel();
  await shoot(patient, "call-cancelled");
  await patient.context().clearCookies();
  await signIn(patient, app.origin, "asha@demo.bedside");
  await patient.goto(`${app.origin}/patient-portal/dashboard`);
  await shoot(patient, "dashboard-in-line");
  await patient.getByRole("link", { name: "Back to the line" }).click();
  await cancel();
  await doctor.getByText("Nobody is waiting").waitFor();
  // The rows say for a moment why they are gone.
  await doctor.locator("[data-call-id]").first()
    .waitFor({ state: "detached" });
  await shoot(doctor, "queue-empty");
  await doctor.getByRole("switch").click();
  await doctor.getByText("You are not available").waitFor();
}

async function call(doctor: Page, patient: Page, shoot: Shoot): Promise<void> {
  await doctor.context().clearCookies();
  await patient.context().clearCookies();
  await signIn(doctor, app.origin, "dr.lee@demo.bedside");
  await signIn(patient, app.origin, "ben@demo.bedside");
  const id = await doctor.evaluate(async () => {
    const answer = await fetch("/api/v1/telemedicine/?status=IN_PROGRESS");
    return (await answer.json()).results[0].id;
  });
  for (
    const [page, button] of [[doctor, "Join Call"], [
      patient,
      "Join Session",
    ]] as const
  ) {
    await page.goto(`${app.origin}/telemedicine/${id}`);
    await page.getByRole("button", { name: button, exact: true }).click();
    await waitForStatus(page, "Connected");
    if (page === doctor) await shoot(doctor, "call-alone", false);
  }
  for (const page of [doctor, patient]) {
    await page.locator("#remote-media-container video").waitFor();
    await page.waitForFunction(() => {
      const video = document.querySelector<HTMLVideoElement>(
        "#remote-media-container video",
      );
      return (video?.videoWidth ?? 0) > 0;
    });
  }
  await shoot(doctor, "call-doctor", false);
  await shoot(patient, "call-patient", false);
  await shoot(doctor, "call-chat-unread", false);
  for (const page of [doctor, patient]) {
    await page.getByRole("button", { name: /^Chat/ }).click();
    await page.getByText("It itches most in the evening.").waitFor();
    await shoot(
      page,
      page === doctor ? "call-chat-doctor" : "call-chat-patient",
      false,
    );
    await page.getByRole("button", { name: "Close chat" }).click();
  }
  await patient.getByRole("button", { name: "Turn camera off" }).click();
  await doctor.getByText("Camera off").first().waitFor();
  await shoot(doctor, "call-camera-off", false);
  await doctor.getByRole("button", { name: "End Session" }).click();
  await doctor.getByRole("dialog").waitFor();
  await shoot(doctor, "call-end", false);
  await doctor.getByRole("button", { name: "Keep talking" }).click();
  await patient.getByRole("button", { name: "Leave Session" }).click();
  await patient.waitForURL(/left=/);
  await shoot(patient, "left");
}
