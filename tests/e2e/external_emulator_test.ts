import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { DEMO_PASSWORD } from "@/lib/demo/clinic.ts";
import { type AppProcess, startApp } from "../support/app_process.ts";
import {
  assertContentOf,
  assertMediaFlows,
  signIn,
  waitForStatus,
} from "../support/call_page.ts";
import { DOCTOR, openClinic, PATIENT } from "../support/clinic.ts";
import { ACCOUNT, serveEmulator } from "../lib/twilio_emulator/harness.ts";

/** An app whose calls are carried by an emulator that is not a part of it. */
function startOn(baseUrl: string): Promise<AppProcess> {
  return startApp({
    TWILIO_ACCOUNT_SID: ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: ACCOUNT.authToken,
    TWILIO_API_KEY_SID: ACCOUNT.apiKeys[0]!.sid,
    TWILIO_API_KEY_SECRET: ACCOUNT.apiKeys[0]!.secret,
    TWILIO_BASE_URL: baseUrl,
  });
}

/** Dr Lee's session that runs, as the demo clinic has it. */
async function runningSession(
  origin: string,
): Promise<{ id: string; cookie: string }> {
  const login = await fetch(`${origin}/api/v1/auth/login/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      email: "dr.lee@demo.bedside",
      password: DEMO_PASSWORD,
    }),
  });
  await login.body?.cancel();
  const cookie = login.headers.get("set-cookie")!.split(";")[0]!;
  const list = await fetch(
    `${origin}/api/v1/telemedicine/?status=IN_PROGRESS`,
    { headers: { cookie } },
  );
  const { results: [session] } = await list.json();
  return { id: session.id, cookie };
}

/** Joins from the page of the call. */
async function join(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await waitForStatus(page, "Connected");
}

Deno.test("the call page speaks with the emulator that TWILIO_BASE_URL names, and may speak with nobody else", async () => {
  await using served = serveEmulator();
  await using app = await startOn(served.baseUrl);
  assert(app.output().includes(`a Twilio emulator at ${served.baseUrl}`));
  const { id, cookie } = await runningSession(app.origin);
  const page = await fetch(`${app.origin}/telemedicine/${id}`, {
    headers: { cookie },
  });
  assert((await page.text()).includes(served.wsServer));
  const policy = page.headers.get("content-security-policy") ?? "";
  const { host } = new URL(served.wsServer);
  assert.match(policy, new RegExp(`connect-src 'self' ws://${host};`));
});

Deno.test("a call on an emulator of its own goes on when the app is killed", async () => {
  await using served = serveEmulator();
  await using clinic = await openClinic({
    start: () => startOn(served.baseUrl),
  });
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  const { id } = await runningSession(app.origin);
  await signIn(doctor, app.origin, "dr.lee@demo.bedside");
  await signIn(patient, app.origin, "ben@demo.bedside");
  await doctor.goto(`${app.origin}/telemedicine/${id}`);
  await patient.goto(`${app.origin}/telemedicine/${id}`);
  await join(doctor, "Join Call");
  await join(patient, "Join Session");
  await assertMediaFlows(doctor);
  await app.kill();
  for (const [page, other] of [[doctor, PATIENT], [patient, DOCTOR]] as const) {
    await assertMediaFlows(page);
    await assertContentOf(page, other);
    await waitForStatus(page, "Connected");
  }
  assert.deepEqual([clinic.doctor.errors, clinic.patient.errors], [[], []]);
});
