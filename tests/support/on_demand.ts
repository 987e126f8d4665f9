/** Calls on demand, at the browser. */
import type { BrowserContext, Page } from "playwright-core";
import type { CallView } from "@/lib/calls/view.ts";
import type { AppProcess } from "./app_process.ts";
import { signIn } from "./call_page.ts";
import { ask, type Clinic, openClinic } from "./clinic.ts";

/** Where doctors see who waits. */
export const QUEUE = "/doctor/queue";

/** Writes down, for as long as the window is open, what its pages ask for: see `askedFor`. */
async function noteCamera(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const original = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (constraints) => {
      const asked = constraints?.video ? "camera" : "microphone";
      const before = sessionStorage.getItem("asked") ?? "";
      sessionStorage.setItem("asked", `${before} ${asked}`);
      return original(constraints);
    };
  });
}

/** The demo clinic with Dr Rao and Asha signed in. */
export async function openSignedIn(): Promise<Clinic> {
  const clinic = await openClinic({ prepare: noteCamera });
  await signIn(clinic.doctor.page, clinic.app.origin, "dr.rao@demo.bedside");
  await signIn(clinic.patient.page, clinic.app.origin, "asha@demo.bedside");
  return clinic;
}

/** Opens the queue of a doctor who takes calls. */
export async function takeCalls(page: Page, app: AppProcess): Promise<void> {
  await page.goto(app.origin + QUEUE);
  const available = page.getByRole("switch", { name: "Available for calls" });
  if (await available.getAttribute("aria-checked") === "false") {
    await available.click();
  }
  await page.getByText("You are available").waitFor();
}

/** Asks for a call from the dashboard. */
export async function askFor(
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
export async function callOf(page: Page, id: string): Promise<CallView> {
  return (await ask(page, "GET", `v1/calls/${id}/`)).body;
}

/** A request in the queue of a doctor. */
export const rowOf = (page: Page, id: string) =>
  page.locator(`[data-call-id="${id}"]`);

/** Ends the session from the doctor's call page. */
export async function endSession(doctor: Page): Promise<void> {
  await doctor.getByRole("button", { name: "End Session" }).click();
  await doctor.getByRole("dialog").getByRole("button", { name: "End Session" })
    .click();
  await doctor.getByText("has ended").waitFor();
}

/** What the pages of this window have asked for so far: " microphone camera". */
export function askedFor(page: Page): Promise<string> {
  return page.evaluate(() => sessionStorage.getItem("asked") ?? "");
}
