/** The page of a waiting patient at the browser: where the focus goes. */
import { startApp } from "../../support/app_process.ts";
import { signIn, until } from "../../support/call_page.ts";
import { launchChromium } from "../../support/chromium.ts";
import { askFor } from "../../support/on_demand.ts";

Deno.test("whoever turns the microphone on by keyboard goes on from what stands there then", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const page = await (await browser.newContext()).newPage();
  await signIn(page, app.origin, "asha@demo.bedside");
  await askFor(page, app, "Voice call a doc");
  const turnOn = page.locator("button:enabled", {
    hasText: "Turn on microphone",
  });
  await turnOn.focus();
  await turnOn.press("Enter");
  await turnOn.waitFor({ state: "detached" });
  await until(
    () => page.evaluate(() => document.activeElement!.textContent),
    (text) => text!.includes("Your sound"),
    "the sheet has the focus",
  );
});
