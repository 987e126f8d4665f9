import assert from "node:assert/strict";
import { startApp } from "../../support/app_process.ts";
import { signIn } from "../../support/call_page.ts";
import { launchChromium } from "../../support/chromium.ts";

Deno.test("S3.49 an admin runs the checks and copies the support info", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const context = await browser.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: app.origin,
  });
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") refused.push(message.text());
  });
  await signIn(page, app.origin, "admin@demo.bedside");
  await page.getByRole("link", { name: "Check the set-up" }).click();
  await page.getByRole("button", { name: "Run the checks" }).click();
  await page.getByRole("heading", { name: "Everything works on the emulator" })
    .waitFor();
  const button = page.getByRole("button", { name: "Copy support info" });
  await button.click();
  await button.getByText("Copied").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^Bedside set-up\n/);
  assert.match(copied, /\[OK\] Callbacks that Twilio signed are accepted$/);
  assert.deepEqual(refused, []);
});

Deno.test("without JavaScript the checks run, too, and the support info can be selected", async () => {
  await using app = await startApp();
  await using browser = await launchChromium();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, app.origin, "admin@demo.bedside");
  await page.goto(`${app.origin}/admin/setup`);
  await page.getByRole("button", { name: "Run the checks" }).click();
  await page.getByRole("heading", { name: "Everything works on the emulator" })
    .waitFor();
  assert.equal(await page.getByText("Copy support info").isVisible(), false);
  assert(await page.getByText("Bedside set-up").isVisible());
});
