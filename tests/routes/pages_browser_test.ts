import { deepEqual, equal, ok } from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { type AppProcess, startApp } from "../support/app_process.ts";
import { launchChromium, type TestChromium } from "../support/chromium.ts";
import { inspect } from "../support/inspect.ts";

/** Signs somebody of the demo clinic in, in a browser of their own. */
async function openAs(
  browser: TestChromium,
  app: AppProcess,
  name: string,
  options: Parameters<TestChromium["newContext"]>[0] = {},
): Promise<Page> {
  const context: BrowserContext = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${app.origin}/login`);
  await page.getByRole("button", { name: `Sign in as ${name}` }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
  return page;
}

/** The pages of each role, and the ways to those whose address is not fixed. */
const PAGES: Record<string, (string | ((page: Page) => Promise<void>))[]> = {
  "Dr Meera Rao": [
    "/visits?show=all",
    "/problems/video_unavailable",
    openVisit,
    async (page) => {
      await openVisit(page);
      await page.getByRole("button", { name: "+ Create Session" }).click();
      await page.getByLabel("Scheduled Start Time").fill("2020-01-01T10:00");
      await page.getByRole("button", { name: "Create Session", exact: true })
        .click();
      await page.getByText("This time is in the past.").waitFor();
    },
    async (page) => {
      await openVisit(page);
      await page.getByRole("button", { name: "Cancel session" }).first()
        .click();
      await page.getByRole("dialog").waitFor();
    },
    async (page) => {
      await openVisit(page);
      await page.getByRole("link", { name: /^View session/ }).first().click();
      await page.getByRole("heading", { name: "History" }).waitFor();
    },
    async (page) => {
      await openVisit(page);
      await page.getByRole("link", { name: "Visit details" }).click();
      await page.getByText("Close visit…").click();
    },
    async (page) => {
      await openVisit(page);
      await page.getByRole("link", { name: /^Messages/ }).click();
      await page.getByRole("heading", { name: "Messages with Asha Kumar" })
        .waitFor();
    },
    "/doctor/queue",
    "/doctor/queue?problem=call_taken",
    "/doctor/queue/skills",
    async (page) => {
      await page.getByLabel("Hindi").check();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Patients can ask for it now.").waitFor();
    },
  ],
  "Asha Kumar": [
    "/patient-portal/dashboard",
    "/patient-portal/telemedicine",
    "/patient-portal/messages",
    async (page) => {
      await openMessages(page);
      await page.route("**/messages/", (route) => route.abort());
      await page.getByLabel("Message to").fill("Do I have to fast?");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("Sending…").waitFor();
    },
    async (page) => {
      await page.goto(new URL("/patient-portal/messages", page.url()).href);
      await page.getByRole("link", { name: "Dr Meera Rao" }).last().click();
      await page.getByText("The visit is closed.").waitFor();
    },
    "/nowhere",
    "/visits",
    sayMore,
    async (page) => {
      await sayMore(page);
      await page.getByLabel("What is it about?").evaluate((field) =>
        field.removeAttribute("maxlength")
      );
      await page.getByLabel("What is it about?").fill("x".repeat(301));
      await page.getByRole("button", { name: "Voice call a doc" }).click();
      await page.getByText("This text has more than 300 characters.").waitFor();
    },
    async (page) => {
      await sayMore(page);
      await page.getByRole("button", { name: "Voice call a doc" }).click();
      await page.getByRole("button", { name: "Ask any doctor", exact: true })
        .waitFor();
      await settle(page);
    },
    async (page) => {
      await page.getByRole("button", { name: "Ask any doctor", exact: true })
        .click();
      await page.getByText("Dermatology").waitFor({ state: "detached" });
      await settle(page);
    },
    async (page) => {
      await askForCall(page);
      await settle(page);
    },
    "/patient-portal/dashboard?left=",
    async (page) => {
      await askForCall(page);
      await page.getByRole("button", { name: "Turn on microphone" }).click();
      await page.getByText("Your sound").waitFor();
      await page.getByRole("button", { name: "Cancel call" }).click();
      await page.getByText("You have cancelled the call").waitFor();
    },
  ],
  "Ada Brandt": ["/admin", "/admin/setup", async (page) => {
    await page.getByRole("button", { name: /^Run the checks/ }).click();
    await page.getByRole("heading", { name: "Working" }).waitFor();
  }],
};

/** What else can be said of a call, on the dashboard. */
async function sayMore(page: Page): Promise<void> {
  await page.goto(new URL("/patient-portal/dashboard", page.url()).href);
  await page.getByText("More about the call").click();
  await page.getByLabel("Language").selectOption("Spanish (nobody right now)");
  await page.getByLabel("Kind of doctor").selectOption({
    value: "dermatology",
  });
  await page.getByLabel("It cannot wait").check();
}

/** A page of waiting on which a button that has just woken up is not on its way to its colour any more. */
async function settle(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Turn on/, disabled: false })
    .waitFor();
  await page.evaluate(() =>
    Promise.all(
      document.getAnimations()
        .filter((one) => one instanceof CSSTransition)
        .map(({ finished }) => finished),
    ).then(() => {})
  );
}

/** Into the queue; who waits already gets back to the same place. */
async function askForCall(page: Page): Promise<void> {
  await page.goto(new URL("/patient-portal/dashboard", page.url()).href);
  const again = page.getByRole("link", { name: "Back to the line" });
  const ask = page.getByRole("button", { name: "Voice call a doc" });
  await again.or(ask).click();
  await page.waitForURL("**/calls/*");
}

async function openVisit(page: Page): Promise<void> {
  await page.goto(new URL("/visits", page.url()).href);
  await page.getByRole("link", { name: "Asha Kumar" }).first().click();
  await page.waitForURL("**/telemedicine");
}

async function openMessages(page: Page): Promise<void> {
  await page.goto(new URL("/patient-portal/messages", page.url()).href);
  await page.getByRole("link", { name: "Dr Meera Rao" }).first().click();
  await page.getByLabel("Message to").waitFor();
}

Deno.test("every page is accessible and fits, from 320 px, light and dark", async (t) => {
  await using app = await startApp();
  await using browser = await launchChromium();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [320, 1440]) {
      const options = {
        colorScheme,
        viewport: { width, height: 800 },
        isMobile: width < 700,
      };
      await t.step(`${width} px, ${colorScheme}`, async () => {
        const guest = await (await browser.newContext(options)).newPage();
        await guest.goto(`${app.origin}/login`);
        deepEqual(await inspect(guest), []);
        await guest.context().close();
        for (const [name, pages] of Object.entries(PAGES)) {
          const page = await openAs(browser, app, name, options);
          for (const way of pages) {
            await (typeof way === "string"
              ? page.goto(app.origin + way)
              : way(page));
            const at = page.url();
            deepEqual({ at, found: await inspect(page) }, { at, found: [] });
          }
          await page.context().close();
        }
      });
    }
  }
});

Deno.test("lists are live, and a session that ends asks first", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await openAs(browser, app, "Dr Meera Rao");
  const patient = await openAs(browser, app, "Asha Kumar");
  const refused: string[] = [];
  for (const page of [doctor, patient]) {
    page.on("console", (message) => {
      if (message.type() === "error") refused.push(message.text());
    });
  }
  await patient.goto(`${app.origin}/patient-portal/telemedicine`);
  await openVisit(doctor);
  const id = await doctor.locator("[data-session-id]").first().getAttribute(
    "data-session-id",
  );
  const row = doctor.locator(`[data-session-id="${id}"]`);
  const card = patient.locator(`[data-session-id="${id}"]`);
  await card.getByText("Scheduled").waitFor();

  await row.getByRole("button", { name: "Start Session" }).click();
  await row.getByRole("link", { name: "Join Call" }).waitFor();
  await card.getByText("In progress").waitFor();

  await row.getByRole("button", { name: "End Session" }).click();
  const dialog = doctor.getByRole("dialog");
  await dialog.getByRole("button", { name: "Keep it open" }).click();
  await dialog.waitFor({ state: "detached" });
  await row.getByText("In progress").waitFor();

  await row.getByRole("button", { name: "End Session" }).click();
  await dialog.getByRole("button", { name: "End Session" }).click();
  await row.getByText("Completed").waitFor();
  await card.getByText("Completed").waitFor();
  equal(await card.getByRole("link", { name: "Join Session" }).count(), 0);
  deepEqual(refused, []);
});

Deno.test("a click that comes too late shows how the session stands", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await openAs(browser, app, "Dr Meera Rao");
  // No events: the page does not learn of what happens elsewhere.
  await doctor.route("**/events/**", (route) => route.abort());
  await openVisit(doctor);
  const id = await doctor.locator("[data-session-id]").first().getAttribute(
    "data-session-id",
  );
  const row = doctor.locator(`[data-session-id="${id}"]`);
  await doctor.context().request.post(
    `${app.origin}/api/v1/telemedicine/${id}/cancel/`,
    {
      data: {},
      headers: { "sec-fetch-site": "same-origin" },
    },
  );
  await row.getByRole("button", { name: "Start Session" }).click();
  await row.getByText("Cancelled", { exact: true }).waitFor();
  equal(
    await row.getByRole("alert").innerText(),
    "The session cannot do this now. The session is Cancelled.",
  );
});

Deno.test("a double click is one request, and a press whose answer got lost still counts once", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await openAs(browser, app, "Dr Meera Rao");
  await openVisit(doctor);
  const id = await doctor.locator("[data-session-id]").first().getAttribute(
    "data-session-id",
  );
  const row = doctor.locator(`[data-session-id="${id}"]`);
  const sent: [path: string, key: string | undefined][] = [];
  const count = (path: string) => sent.filter(([to]) => to === path).length;
  let lost = true;
  await doctor.route("**/api/v1/telemedicine/*/*/", async (route) => {
    const request = route.request();
    if (request.method() !== "POST") return route.fallback();
    const command = new URL(request.url()).pathname.split("/").at(-2)!;
    sent.push([command, request.headers()["idempotency-key"]]);
    // The server does it, and the browser never hears of it.
    const response = await route.fetch();
    if (command === "end" && lost) {
      lost = false;
      await route.abort();
    } else await route.fulfill({ response });
  });

  await row.getByRole("button", { name: "Start Session" }).dblclick();
  await row.getByText("In progress").waitFor();
  equal(count("start"), 1);

  await row.getByRole("button", { name: "End Session" }).click();
  // The first answer never comes: this is the second.
  const answered = doctor.waitForResponse((response) =>
    response.url().endsWith("/end/")
  );
  await doctor.getByRole("dialog").getByRole("button", { name: "End Session" })
    .dblclick();
  equal((await answered).headers()["idempotent-replayed"], "true");
  await row.getByText("Completed").waitFor();
  const keys = sent.filter(([to]) => to === "end").map(([, key]) => key);
  equal(keys.length, 2);
  equal(keys[0], keys[1]);
  equal(await row.getByRole("alert").count(), 0);
});

Deno.test("everything can be done without JavaScript", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const page = await openAs(browser, app, "Dr Meera Rao", {
    javaScriptEnabled: false,
  });
  await openVisit(page);
  await page.getByRole("button", { name: "+ Create Session" }).click();
  await page.getByRole("button", { name: "Create Session", exact: true })
    .click();
  await page.getByText("Session created").waitFor();
  const id = new URL(page.url()).searchParams.get("created");
  const row = page.locator(`[data-session-id="${id}"]`);
  await row.getByRole("button", { name: "Start Session" }).click();
  await row.getByText("In progress").waitFor();
  await row.getByRole("button", { name: "End Session" }).click();
  await page.getByRole("heading", { name: "End the session for everyone?" })
    .waitFor();
  await page.getByRole("button", { name: "End Session" }).click();
  await row.getByText("Completed").waitFor();
  await holdCallWithoutScript(browser, app, page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
});

/** A call is asked for, waits, is taken back, and another one is accepted; only the call itself needs script. */
async function holdCallWithoutScript(
  browser: TestChromium,
  app: AppProcess,
  doctor: Page,
): Promise<void> {
  const patient = await openAs(browser, app, "Asha Kumar", {
    javaScriptEnabled: false,
  });
  await askForCall(patient);
  await patient.getByRole("heading", { name: "You are next" }).waitFor();
  await patient.getByRole("button", { name: "Cancel call" }).click();
  await patient.getByText("You have cancelled the call").waitFor();
  await askForCall(patient);
  await doctor.goto(`${app.origin}/doctor/queue`);
  await doctor.getByRole("switch", { name: "Available for calls" }).click();
  await doctor.getByText("You are available").waitFor();
  await doctor.getByRole("button", { name: "Accept" }).click();
  await doctor.waitForURL("**/telemedicine/*");
  // The page looks again by itself, and leads to the call.
  await patient.getByText("Dr Meera Rao took your call").waitFor();
  await patient.getByRole("link", { name: "Join Session" }).click();
  await patient.waitForURL("**/telemedicine/*");
  await patient.context().close();
  await doctor.goto(`${app.origin}/doctor/queue`);
  await doctor.getByText("You are in a session").waitFor();
}

/**
 * Pages, who opens them, and how many bytes of script each may load (as sent, compressed): what they load now and a
 * little more, so that growth is noticed long before the 14,000 that any page may load, and the 10,000 of a patient's.
 */
const BUDGETS: [path: string, name: string, bytes: number][] = [
  ["/visits", "Dr Meera Rao", 0],
  ["/patient-portal/dashboard", "Asha Kumar", 0],
  ["/patient-portal/telemedicine", "Asha Kumar", 10_000],
  ["/patient-portal/messages", "Asha Kumar", 0],
  ["/doctor/queue", "Dr Meera Rao", 13_000],
  ["/doctor/queue/skills", "Dr Meera Rao", 0],
];

Deno.test("pages before a call load little script, or none", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  for (const [path, name, budget] of BUDGETS) {
    const page = await openAs(browser, app, name);
    const bytes = await scriptBytes(page, () => page.goto(app.origin + path));
    ok(
      bytes <= budget,
      `${path} loads ${bytes} bytes of script, more than ${budget}`,
    );
    await page.context().close();
  }
  const caller = await openAs(browser, app, "Asha Kumar");
  const waiting = await scriptBytes(caller, () => askForCall(caller));
  ok(waiting <= 10_000, `waiting for a call loads ${waiting} bytes`);
  const page = await openAs(browser, app, "Dr Meera Rao");
  const bytes = await scriptBytes(page, () => openVisit(page));
  ok(
    bytes <= 12_500,
    `the sessions of a visit load ${bytes} bytes of script`,
  );
  const patient = await openAs(browser, app, "Asha Kumar");
  const chat = await scriptBytes(patient, () => openMessages(patient));
  ok(chat <= 12_500, `messages load ${chat} bytes of script`);
});

/** What a call may load besides the SDK to be joined, until somebody opens a dialog or the chat. */
const CALL_BYTES = 25_000;
/** The names of scripts are hashes: how they compress differs from build to build. */
const CHANCE_BYTES = 200;
/** What it may load by itself some seconds later, for when nothing can be loaded any more. Nobody waits for it. */
const AHEAD_BYTES = 2_500;

Deno.test("a joined call loads the SDK, and little more", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  // The demo clinic has a session of theirs that is running.
  const page = await openAs(browser, app, "Ben Ortiz");
  await page.goto(`${app.origin}/patient-portal/telemedicine`);
  await page.getByRole("link", { name: "Join Session" }).click();
  await page.getByRole("button", { name: "Join Session", disabled: false })
    .waitFor();
  const before = await loadedScripts(page);
  ok(before <= 9_500, `the call page loads ${before} bytes of script`);
  await page.getByRole("button", { name: "Join Session" }).click();
  await page.getByRole("status").filter({ hasText: "Connected" }).first()
    .waitFor();
  // Whatever joining needs has come.
  await page.waitForTimeout(1_000);
  const bytes = await loadedScripts(page);
  ok(
    before < bytes && bytes <= CALL_BYTES + CHANCE_BYTES,
    `a joined call loads ${bytes} bytes of script besides the SDK`,
  );
  await page.waitForTimeout(2_000);
  const ahead = await loadedScripts(page) - bytes;
  ok(
    0 < ahead && ahead <= AHEAD_BYTES,
    `a joined call loads ${ahead} bytes of script ahead`,
  );
});

/** How much script a page has loaded, compressed, without the SDK. */
function loadedScripts(page: Page): Promise<number> {
  return page.evaluate(() =>
    performance.getEntriesByType("resource")
      .map((entry) => entry as PerformanceResourceTiming)
      .filter(({ name }) => /\/(?!twilio-video)[^/]+\.js(\?|$)/.test(name))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
  );
}

async function scriptBytes(
  page: Page,
  open: () => Promise<unknown>,
): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    sizes.push(
      response.allHeaders().then((headers) =>
        Number(headers["content-length"])
      ),
    );
  });
  await open();
  await page.waitForTimeout(500);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
