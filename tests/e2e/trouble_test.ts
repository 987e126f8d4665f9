import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { startApp } from "../support/app_process.ts";
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
import { launchChromium } from "../support/chromium.ts";

/** The demo clinic's running session, as the person on the page sees it. */
async function running(page: Page): Promise<{ id: string; status: string }> {
  const { body } = await ask(
    page,
    "GET",
    "v1/telemedicine/?status=IN_PROGRESS",
  );
  return body.results[0];
}

Deno.test("S2.31 a call survives what happens to calls", async (t) => {
  const step = story(t);
  await using clinic = await openClinic();
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  await signIn(doctor, app.origin, "dr.lee@demo.bedside");
  await signIn(patient, app.origin, "ben@demo.bedside");
  const { id } = await running(doctor);
  const url = `${app.origin}/telemedicine/${id}`;

  async function join(page: Page, button: string): Promise<void> {
    await page.goto(url);
    await page.getByRole("button", { name: button, exact: true }).click();
    await waitForStatus(page, "Connected");
  }

  async function assertBothSeeEachOther(patientPage = patient): Promise<void> {
    for (
      const [page, other] of [[doctor, PATIENT], [patientPage, DOCTOR]] as const
    ) {
      await remotesOn(page).first().waitFor();
      await assertMediaFlows(page);
      await assertContentOf(page, other);
    }
  }

  await step("both are in the call", async () => {
    await join(doctor, "Join Call");
    await join(patient, "Join Session");
    await assertBothSeeEachOther();
  });

  await step(
    "S3.13 a dropped socket says Reconnecting, then Connected, and the call goes on",
    async () => {
      const seen = patient.evaluate(() =>
        new Promise<string[]>((resolve) => {
          const words = new Set<string>();
          const look = () => {
            for (const status of document.querySelectorAll("[role=status]")) {
              words.add(status.textContent?.trim() ?? "");
            }
            if (
              words.has("Reconnecting…") &&
              document.querySelector("[role=status]")?.textContent?.includes(
                "Connected",
              )
            ) {
              observer.disconnect();
              resolve([...words]);
            }
          };
          const observer = new MutationObserver(look);
          observer.observe(document.body, {
            subtree: true,
            childList: true,
            characterData: true,
          });
          knownMedia.dropSockets();
        })
      );
      assert((await seen).includes("Reconnecting…"));
      await waitForStatus(patient, "Connected");
      await assertBothSeeEachOther();
    },
  );

  await step(
    "a page reloaded in mid-call is back with one click",
    async () => {
      await patient.reload();
      await patient.getByRole("button", { name: "Join Session", exact: true })
        .click();
      await waitForStatus(patient, "Connected");
      await assertBothSeeEachOther();
      assert.equal(await remotesOn(doctor).count(), 1);
    },
  );

  await step(
    "of two tabs of one person the newest wins, and the old one says so",
    async () => {
      const second = await clinic.patient.context.newPage();
      await second.goto(url);
      await second.getByRole("button", { name: "Join Session", exact: true })
        .click();
      await waitForStatus(second, "Connected");
      await patient.getByRole("heading", {
        name: "You joined from another device or tab",
      }).waitFor();
      await assertBothSeeEachOther(second);
      assert.equal(await remotesOn(doctor).count(), 1);
      await patient.getByRole("button", { name: "Use this device instead" })
        .click();
      await waitForStatus(patient, "Connected");
      await second.getByRole("heading", {
        name: "You joined from another device or tab",
      }).waitFor();
      await assertBothSeeEachOther();
      await second.close();
    },
  );

  await step(
    "S1.22 a closed tab is noticed, and the session goes on",
    async () => {
      await patient.close();
      await remotesOn(doctor).waitFor({ state: "detached" });
      assert.equal((await running(doctor)).status, "IN_PROGRESS");
    },
  );

  await step(
    "S2.22 S3.16 the doctor leaves with Leave Call and the session goes on",
    async () => {
      await doctor.getByRole("button", { name: "Leave Call" }).click();
      await doctor.waitForURL(/\/visits\/.*\/telemedicine/);
      assert.equal((await running(doctor)).status, "IN_PROGRESS");
    },
  );
});

Deno.test("S1.33 S3.40 without devices or permission there is an explanation, and a way in", async (t) => {
  const step = story(t);
  await using app = await startApp();

  async function openAs(
    options: Parameters<typeof launchChromium>[0],
    work: (page: Page, url: string) => Promise<void>,
  ): Promise<void> {
    await using browser = await launchChromium(options);
    const page = await browser.newPage({
      viewport: { width: 390, height: 844 },
    });
    await signIn(page, app.origin, "ben@demo.bedside");
    const { id } = await running(page);
    await work(page, `${app.origin}/telemedicine/${id}`);
  }

  /** Presses the main button, expects the explanation, and joins all the same. */
  async function joinAnyway(page: Page, title: RegExp): Promise<void> {
    await page.getByRole("button", { name: "Join Session", exact: true })
      .click();
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByRole("button", { name: "Just listen" }).click();
    await waitForStatus(page, "Connected");
  }

  await step("the question was sent away: asks for an OK", async () => {
    await openAs({ mediaPermission: "deny" }, async (page, url) => {
      await page.goto(url);
      await joinAnyway(page, /We still need your OK/);
    });
  });

  await step("the browser remembers a no: says how to undo it", async () => {
    await openAs({ mediaPermission: "deny" }, async (page, url) => {
      const cdp = await page.context().newCDPSession(page);
      const { targetInfo } = await cdp.send("Target.getTargetInfo");
      for (const name of ["camera", "microphone"]) {
        await cdp.send("Browser.setPermission", {
          permission: { name },
          setting: "denied",
          origin: app.origin,
          browserContextId: targetInfo.browserContextId!,
        });
      }
      await page.goto(url);
      await joinAnyway(page, /Your browser is blocking/);
    });
  });

  await step("another app has the device: says so", async () => {
    await openAs({}, async (page, url) => {
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException("in use", "NotReadableError"));
      });
      await page.goto(url);
      await joinAnyway(page, /Another app is using/);
    });
  });

  await step("there are no devices: says so", async () => {
    await openAs({ fakeMediaDevices: false }, async (page, url) => {
      await page.goto(url);
      await joinAnyway(page, /No camera and microphone found/);
    });
  });
});

Deno.test("S1.25 S2.18 S3.39 a failed join says which of the reasons it is", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const page = await browser.newPage();
  await signIn(page, app.origin, "ben@demo.bedside");
  const { id } = await running(page);
  await page.goto(`${app.origin}/telemedicine/${id}`);
  await page.route("**/token/", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({
        code: "video_unavailable",
        title: "The video service does not answer",
      }),
    }));
  await page.getByRole("button", { name: "Join Session", exact: true }).click();
  await page.getByText("Failed to join session").first().waitFor();
  await page.unroute("**/token/");
  await page.getByRole("button", { name: "Try again" }).click();
  await waitForStatus(page, "Connected");
  await until(
    () => page.locator("#remote-media-container").count(),
    (count) => count === 1,
    "the stage is there",
  );
});

Deno.test("a list comes alive again after the line to the server broke for good", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await browser.newPage();
  const patient = await browser.newPage();
  await signIn(doctor, app.origin, "dr.lee@demo.bedside");
  await signIn(patient, app.origin, "ben@demo.bedside");
  const { id } = await running(doctor);
  // What a proxy says in the middle of a deployment; no browser tries again.
  let isDeploying = true;
  await patient.route(
    "**/telemedicine/events/",
    (route) => isDeploying ? route.fulfill({ status: 503 }) : route.continue(),
  );
  const refused = patient.waitForResponse("**/telemedicine/events/");
  await patient.goto(`${app.origin}/patient-portal/telemedicine`);
  await refused;
  // The route stays: a request that is being held when it goes is held for ever.
  isDeploying = false;
  const ended = await ask(doctor, "POST", `v1/telemedicine/${id}/end/`);
  assert.equal(ended.status, 200);
  await patient.locator(`[data-session-id="${id}"]`).getByText("Completed")
    .waitFor();
});
