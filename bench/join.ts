import type { BrowserContext, Page } from "playwright-core";
import { DEMO_PASSWORD, type DemoEmail } from "@/lib/demo/clinic.ts";
import { EMULATOR_PATH } from "@/lib/video/emulator.ts";
import { launchChromium, type TestChromium } from "@/tests/support/chromium.ts";
import { CALL_BESIDES_SDK, type Row, sizeRow } from "./row.ts";
import { compare } from "./support/compare.ts";
import { largestOf, PageScripts, type Script } from "./support/page_scripts.ts";
import { appCommand, startServer } from "./support/server.ts";

/** How much is measured. */
export interface JoinOptions {
  rounds?: number;
}

/** The demo clinic has one session that is running: theirs. */
const DOCTOR: DemoEmail = "dr.lee@demo.bedside";
const PATIENT: DemoEmail = "ben@demo.bedside";

/** Both pages have loaded whatever they load without being asked. */
const SETTLE_MS = 1_500;
const PATIENCE_MS = 20_000;

/** Chromium does not know that the bare page, which no server sent, is from this machine, and would refuse it the emulator's socket. */
const TRUST_BARE_PAGE = "--disable-features=LocalNetworkAccessChecks";

declare global {
  var pressedAt: number | null;
  var firstFrameAt: number | null;
}

/**
 * From the click on Join Call to the first frame of the other's picture,
 * against the least page that can do the same: same SDK, same emulator, same
 * session, same devices, same patient, who is in the room all the time in a
 * browser of their own. Each time the doctor is new: an empty cache and no
 * permission yet. The bare page is given a start: it has the SDK before the
 * click, which the app fetches after it, so that pages stay small. A second
 * row says how much script the app had loaded by then.
 */
export async function measureJoin(
  { rounds = 3 }: JoinOptions = {},
): Promise<Row[]> {
  const folder = await Deno.makeTempDir({ prefix: "bedside-bench-" });
  try {
    await using app = await startServer({
      ...appCommand(`${folder}/kv.sqlite3`),
      // The demo clinic and the emulator.
      env: {
        APP_ENV: "development",
        PUBLIC_BASE_URL: "",
        KV_PATH: `${folder}/kv.sqlite3`,
      },
    });
    await using doctors = await launchChromium({ args: [TRUST_BARE_PAGE] });
    await using patients = await launchChromium();
    const patient = await enterAsPatient(patients, app.origin);
    const session = new URL(patient.url()).pathname.split("/")[2]!;
    const sdk = await findSdk(app.origin, session, patient);
    const bare = await barePage(app.origin, session, sdk);
    let bytes = 0;
    const rejoin = async (open: (page: Page) => Promise<unknown>) => {
      const joined = await joinAsDoctor(doctors, app.origin, open);
      await isAlone(patient);
      return joined;
    };
    const joinApp = async () => {
      const joined = await rejoin((page) =>
        page.goto(`${app.origin}/telemedicine/${session}`)
      );
      bytes = joined.bytes;
      return joined.ms;
    };
    const joinBare = async () => (await rejoin(bare)).ms;
    // The first call of a browser starts its media and network processes.
    await joinApp();
    await joinBare();
    return [
      {
        what: "Join Call to first remote frame",
        unit: "ms",
        target: { atMost: 1.25 },
        note: "bare page",
        ...await compare(rounds, joinApp, joinBare),
      },
      {
        ...sizeRow(
          "script loaded when the call is on",
          "bytes",
          bytes,
          sdk.bytes + CALL_BESIDES_SDK,
        ),
        note: "SDK + 25 KB",
      },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function signIn(
  context: BrowserContext,
  origin: string,
  email: DemoEmail,
): Promise<void> {
  const answer = await context.request.post(`${origin}/api/v1/auth/login/`, {
    data: { email, password: DEMO_PASSWORD },
  });
  if (!answer.ok()) throw new Error(`Cannot sign in: ${await answer.text()}`);
}

async function enterAsPatient(
  browser: TestChromium,
  origin: string,
): Promise<Page> {
  const context = await browser.newContext();
  await signIn(context, origin, PATIENT);
  const page = await context.newPage();
  await page.goto(`${origin}/patient-portal/telemedicine`);
  await page.getByRole("link", { name: "Join Session" }).click();
  await page.waitForURL(/\/telemedicine\/[0-9A-Z]+$/);
  // A click before the island has come to life is lost.
  await page.waitForTimeout(SETTLE_MS);
  await page.getByRole("button", { name: "Join Session" }).click();
  await page.getByRole("status").filter({ hasText: "Connected" }).first()
    .waitFor();
  return page;
}

/** What joining came to. */
interface Joined {
  /** Milliseconds from the click to the frame. */
  ms: number;
  /** Script that was loaded by then. */
  bytes: number;
}

/** Joins as a doctor who was never here before, and leaves again. */
async function joinAsDoctor(
  browser: TestChromium,
  origin: string,
  open: (page: Page) => Promise<unknown>,
): Promise<Joined> {
  const context = await browser.newContext();
  try {
    await signIn(context, origin, DOCTOR);
    await context.addInitScript(await readReference("first_frame.js"));
    const page = await context.newPage();
    await open(page);
    await page.waitForTimeout(SETTLE_MS);
    await page.getByRole("button", { name: "Join Call" }).click();
    await page.waitForFunction(() => firstFrameAt !== null, null, {
      timeout: PATIENCE_MS,
    });
    const joined = await page.evaluate(() => ({
      ms: firstFrameAt! - pressedAt!,
      bytes: (performance.getEntriesByType(
        "resource",
      ) as PerformanceResourceTiming[])
        .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    }));
    // Either page hangs up when it is left.
    await page.goto("about:blank");
    return joined;
  } finally {
    await context.close();
  }
}

/** Nobody else is in the room any more. */
async function isAlone(patient: Page): Promise<void> {
  await patient.locator("#remote-media-container > [data-identity]")
    .waitFor({ state: "detached", timeout: PATIENCE_MS });
}

/** The script of the app's build that holds the SDK. */
async function findSdk(
  origin: string,
  session: string,
  patient: Page,
): Promise<Script> {
  const cookies = await patient.context().cookies(origin);
  const scripts = new PageScripts(origin);
  return largestOf(
    await scripts.reachable(
      await scripts.atOnce(
        `/telemedicine/${session}`,
        cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      ),
    ),
  );
}

/** Opens the bare page, on the app's own origin and with the app's own copy of the SDK. */
async function barePage(
  origin: string,
  session: string,
  sdk: Script,
): Promise<(page: Page) => Promise<unknown>> {
  const body = `<!DOCTYPE html><title>Bare call</title>
<body data-sdk-path="${sdk.path}" data-session-id="${session}" data-signaling-path="${EMULATOR_PATH}/signaling">
<button>Join Call</button><div id="remote-media-container"></div>
<script type="module">${await readReference("bare_call.js")}</script>`;
  const address = `${origin}/bare-call`;
  return async (page) => {
    await page.route(
      address,
      (route) => route.fulfill({ contentType: "text/html", body }),
    );
    await page.goto(address);
  };
}

function readReference(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`./reference/${name}`, import.meta.url));
}
