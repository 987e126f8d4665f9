import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { startApp } from "../support/app_process.ts";
import { signIn, waitForStatus } from "../support/call_page.ts";
import { launchChromium } from "../support/chromium.ts";
import { ask } from "../support/clinic.ts";
import { inspect } from "../support/inspect.ts";

/** Lets no script arrive that has these words in it. Returns how many did not, and the way to let them all through. */
async function withhold(
  page: Page,
  words: string,
): Promise<{ count(): number; stop(): void }> {
  let stopped = false;
  let count = 0;
  await page.route("**/*.js*", async (route) => {
    if (stopped) return await route.continue();
    const response = await route.fetch();
    if ((await response.text()).includes(words)) {
      count++;
      await route.abort();
    } else await route.fulfill({ response });
  });
  return { count: () => count, stop: () => void (stopped = true) };
}

const press = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).click();

const missing = (page: Page) =>
  page.getByRole("alert").filter({
    hasText: "A part of this page did not arrive.",
  });

Deno.test("code that does not arrive is told of, with a way on", async (t) => {
  await using app = await startApp();
  await using browser = await launchChromium();

  async function openAs(
    email: string,
    width = 390,
  ): Promise<{ page: Page; url: string; id: string }> {
    const page = await browser.newPage({ viewport: { width, height: 844 } });
    await signIn(page, app.origin, email);
    const { body } = await ask(
      page,
      "GET",
      "v1/telemedicine/?status=IN_PROGRESS",
    );
    const { id } = body.results[0];
    return { page, id, url: `${app.origin}/telemedicine/${id}` };
  }

  await t.step("the SDK: trying again fetches it again", async () => {
    const { page, url } = await openAs("ben@demo.bedside");
    await page.goto(url);
    let withheld = true;
    await page.route(
      "**/twilio-video.js*",
      (route) => withheld ? route.abort() : route.continue(),
    );
    await press(page, "Join Session");
    await page.getByText("A part of this page did not arrive.").waitFor();
    withheld = false;
    await press(page, "Try again");
    await waitForStatus(page, "Connected");
    await page.context().close();
  });

  await t.step("the call itself: reloading fetches it again", async () => {
    const { page, url } = await openAs("ben@demo.bedside");
    const withheld = await withhold(page, "Tap to hear");
    await page.goto(url);
    await press(page, "Join Session");
    await missing(page).waitFor();
    withheld.stop();
    await press(page, "Reload this page");
    await press(page, "Join Session");
    await waitForStatus(page, "Connected");
    await page.context().close();
  });

  await t.step("the keys of the call come with the first press", async () => {
    const { page, url } = await openAs("ben@demo.bedside");
    await page.goto(url);
    await press(page, "Join Session");
    await waitForStatus(page, "Connected");
    await page.keyboard.press("m");
    await page.getByText("You are muted.").waitFor();
    await page.context().close();
  });

  await t.step(
    "a reason not to go on is there before it is needed",
    async () => {
      const { page, url } = await openAs("ben@demo.bedside");
      await page.goto(url);
      const fetched = page.waitForResponse(async (response) =>
        response.url().includes("/_fresh/js/") &&
        (await response.text()).includes("Not joined")
      );
      await press(page, "Join Session");
      await waitForStatus(page, "Connected");
      await fetched;
      await page.context().close();
    },
  );

  await t.step(
    "the question before ending: a page asks it instead",
    async () => {
      const { page, url, id } = await openAs("dr.lee@demo.bedside");
      const withheld = await withhold(page, "End the visit for everyone?");
      await page.goto(url);
      await press(page, "Join Call");
      await waitForStatus(page, "Connected");
      await press(page, "End Session");
      await missing(page).waitFor();
      assert.ok(withheld.count() > 0);
      assert.deepEqual(await inspect(page), []);
      await press(page, "Back to the call");
      await missing(page).waitFor({ state: "detached" });
      await press(page, "End Session");
      await missing(page).getByRole("link", { name: "End Session" }).click();
      await page.waitForURL(`**/telemedicine/${id}/end`);
      await press(page, "End Session");
      await page.waitForURL("**/visits/*/telemedicine");
      const { body } = await ask(page, "GET", `v1/telemedicine/${id}/`);
      assert.equal(body.status, "COMPLETED");
      await page.context().close();
    },
  );
});

Deno.test("a page that waits for a doctor says at once what it lacks for later", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const page = await browser.newPage({
    viewport: { width: 390, height: 844 },
  });
  await signIn(page, app.origin, "asha@demo.bedside");
  const withheld = await withhold(page, "wakeLock");
  await page.goto(`${app.origin}/patient-portal/dashboard`);
  await press(page, "Voice call a doc");
  await missing(page).waitFor();
  assert.ok(withheld.count() > 0);
  assert.deepEqual(await inspect(page), []);
  withheld.stop();
  const arrived = page.waitForResponse(async (response) =>
    response.url().includes("/_fresh/js/") &&
    (await response.text()).includes("wakeLock")
  );
  await page.getByRole("link", { name: "reload this page" }).click();
  await arrived;
  assert.equal(await missing(page).count(), 0);
});

Deno.test("S3.6 where the code about recording does not arrive, it is told, and whether it records is still said", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const page = await browser.newPage({
    viewport: { width: 390, height: 844 },
  });
  await signIn(page, app.origin, "dr.rao@demo.bedside");
  const visits = (await ask(page, "GET", "v1/visits/")).body.results;
  const { body: { id } } = await ask(page, "POST", "v1/telemedicine/", {
    visit_id: visits.find(({ status }: { status: string }) =>
      status === "OPEN"
    ).id,
    scheduled_start: new Date(Date.now() + 60_000).toISOString(),
    recording_enabled: true,
  });
  await ask(page, "POST", `v1/telemedicine/${id}/start/`);
  const question = await withhold(page, "Please answer first");
  await page.goto(`${app.origin}/telemedicine/${id}`);
  await press(page, "Join Call");
  await missing(page).waitFor();
  question.stop();
  await page.unroute("**/*.js*");

  const plate = await withhold(page, "waiting for consent of");
  await press(page, "Reload this page");
  await press(page, "Join Call");
  await press(page, "Allow recording");
  await waitForStatus(page, "Connected");
  await page.getByText("Not recording", { exact: true }).waitFor();
  assert.ok(plate.count() > 0);
  assert.deepEqual(await inspect(page), []);
});
