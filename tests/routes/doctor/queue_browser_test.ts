/** The queue at the browser: where the focus goes, and what a slow answer changes. */
import { equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { startApp } from "../../support/app_process.ts";
import { signIn, until } from "../../support/call_page.ts";
import { launchChromium } from "../../support/chromium.ts";
import { ask } from "../../support/clinic.ts";
import { askFor, QUEUE, rowOf, takeCalls } from "../../support/on_demand.ts";

/** What has the focus: its accessible words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement!;
    return `${one.localName} ${one.textContent!.trim()}`;
  });

async function focusIsAt(page: Page, expected: string): Promise<void> {
  await until(() => focused(page), (at) => at === expected, expected);
}

Deno.test("whoever works at the queue by keyboard never loses their place, and a second press does nothing", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const doctor = await (await browser.newContext()).newPage();
  await signIn(doctor, app.origin, "dr.rao@demo.bedside");
  const patient = await (await browser.newContext()).newPage();
  await signIn(patient, app.origin, "asha@demo.bedside");
  const other = await (await browser.newContext()).newPage();
  await signIn(other, app.origin, "ben@demo.bedside");

  await doctor.goto(app.origin + QUEUE);
  await doctor.getByRole("button", { name: "Sound on" }).waitFor();
  const takes = doctor.getByRole("switch", { name: "Available for calls" });
  let puts = 0;
  const answer = Promise.withResolvers<void>();
  const AVAILABILITY = "**/api/v1/calls/availability/";
  await doctor.route(AVAILABILITY, async (route) => {
    if (route.request().method() !== "PUT") return await route.continue();
    puts++;
    const response = await route.fetch();
    await answer.promise;
    await route.fulfill({ response });
  });
  await takes.focus();
  await takes.press("Enter");
  await doctor.locator("[role=switch][aria-disabled=true]").waitFor();
  await doctor.keyboard.press("Enter");
  await focusIsAt(doctor, "button Available for calls");

  // Meanwhile the doctor takes a call, at another page.
  const id = await askFor(patient, app, "Voice call a doc");
  await rowOf(doctor, id).waitFor();
  const accept = (id: string) => ask(doctor, "POST", `v1/calls/${id}/accept/`);
  const end = (sessionId: string) =>
    ask(doctor, "POST", `v1/telemedicine/${sessionId}/end/`);
  const { body: { session } } = await accept(id);
  const inSession = doctor.getByText("You are in a session");
  await inSession.waitFor();
  answer.resolve();
  await doctor.locator("[role=switch]:not([aria-disabled])").waitFor();
  equal(puts, 1);
  equal(await takes.getAttribute("aria-checked"), "true");
  equal(await inSession.isVisible(), true);
  await focusIsAt(doctor, "button Available for calls");
  await doctor.unroute(AVAILABILITY);

  // Its patient never met them: it comes back, and counts as unanswered.
  await end(session.id);
  await takeCalls(doctor, app);
  await rowOf(doctor, id).waitFor();

  // What is passed on keeps its row: there the focus goes.
  const second = await askFor(other, app, "Voice call a doc");
  const row = rowOf(doctor, second);
  const pass = row.getByRole("button", { name: "Pass" });
  await pass.focus();
  await pass.press("Enter");
  await pass.waitFor({ state: "detached" });
  await focusIsAt(doctor, "h3 Ben Ortiz");
  await doctor.getByRole("status").getByText(
    "Ben Ortiz is not offered to you any more.",
  ).waitFor();

  // Who is in a session takes nobody: the button that has the focus goes.
  await row.getByRole("button", { name: "Accept" }).focus();
  const again = await accept(id);
  await focusIsAt(doctor, "h3 Ben Ortiz");
  await end(again.body.session.id);
  // Three that were taken in vain, and none rings here any more.
  for (const one of [second, id]) {
    await rowOf(doctor, one).getByRole("button", { name: "Accept" }).waitFor();
    await end((await accept(one)).body.session.id);
  }
  const resume = doctor.getByRole("button", { name: "Take calls again" });
  await resume.focus();
  await resume.press("Enter");
  await resume.waitFor({ state: "detached" });
  await focusIsAt(doctor, "button Available for calls");
  equal(await takes.getAttribute("aria-checked"), "true");
});
