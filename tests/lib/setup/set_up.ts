/**
 * A set-up to examine: a real emulator, the app's own webhook in front of it,
 * and credentials that fit.
 *
 * @module
 */
import assert from "node:assert/strict";
import { parseConfig } from "@/lib/config.ts";
import { createFrame } from "@/lib/http/app.ts";
import type { CheckResult, SetupReport } from "@/lib/setup/check.ts";
import { examine } from "@/lib/setup/service.ts";
import {
  addressesBelow,
  type SetupTarget,
  twilioTarget,
} from "@/lib/setup/target.ts";
import type {
  EmulatorOptions,
  FaultsPatch,
} from "@/lib/twilio_emulator/mod.ts";
import { openTwilio } from "@/lib/video/twilio.ts";
import * as healthz from "@/routes/healthz.ts";
import * as webhook from "@/routes/webhooks/twilio.ts";
import { NOON } from "../../support/noon.ts";
import { serveEmulator } from "../twilio_emulator/harness.ts";

/** Credentials as Twilio makes them; they open nothing but emulators. */
export const CREDENTIALS = {
  TWILIO_ACCOUNT_SID: "AC0123456789abcdef0123456789abcdef",
  TWILIO_AUTH_TOKEN: "5ec4e7a07h70ken5ec4e7a07h70ken00".replaceAll(
    /[^0-9a-f]/g,
    "b",
  ),
  TWILIO_API_KEY_SID: "SK0123456789abcdef0123456789abcdef",
  TWILIO_API_KEY_SECRET: "kL9vPq2RsT4uVw6XyZ8aBcDeFgHiJkLm",
};

/** Of somebody else, at the same emulator. */
export const OTHERS = {
  TWILIO_ACCOUNT_SID: "ACffffffffffffffffffffffffffffffff",
  TWILIO_AUTH_TOKEN: "ffffffffffffffffffffffffffffffff",
  TWILIO_API_KEY_SID: "SKffffffffffffffffffffffffffffffff",
  TWILIO_API_KEY_SECRET: "zZ9yYx8XwW7vVu6UtT5sSr4RqQ3pPo2O",
};

function accountOf(
  credentials: typeof CREDENTIALS,
): EmulatorOptions["accounts"][number] {
  return {
    accountSid: credentials.TWILIO_ACCOUNT_SID,
    authToken: credentials.TWILIO_AUTH_TOKEN,
    apiKeys: [{
      sid: credentials.TWILIO_API_KEY_SID,
      secret: credentials.TWILIO_API_KEY_SECRET,
    }],
  };
}

/** What is different about a set-up. */
export interface SetUp {
  /** Instead of, or beside, the right settings; empty means not set. */
  environment?: Record<string, string>;
  suspended?: boolean;
  emulator?: Partial<EmulatorOptions>;
  faults?: FaultsPatch;
  /** What answers instead of the app, with the address it was asked at. */
  app?: (request: Request) => Response;
  /** Changes where things are. */
  aim?: (target: SetupTarget) => SetupTarget;
  openKv?: () => Promise<Deno.Kv>;
}

/** Examines a set-up; afterwards no room is open, unless `leavesRoom`. */
export async function examined(
  { environment, suspended, emulator, faults, app, aim, openKv }: SetUp = {},
  { leavesRoom = false } = {},
): Promise<SetupReport> {
  using kv = await Deno.openKv(":memory:");
  const right = accountOf(CREDENTIALS);
  await using served = serveEmulator(
    {
      accounts: [
        suspended ? { ...right, suspended } : right,
        accountOf(OTHERS),
      ],
      ...emulator,
    },
    (request) => app === undefined ? handle(request) : app(request),
  );
  const { origin, baseUrl } = served;
  const target = twilioTarget(
    { ...CREDENTIALS, PUBLIC_BASE_URL: origin, ...environment },
    addressesBelow(baseUrl),
  );
  const handle = createFrame(
    {
      kv,
      now: () => NOON,
      setup: target,
      video: openTwilio({
        accountSid: CREDENTIALS.TWILIO_ACCOUNT_SID,
        authToken: CREDENTIALS.TWILIO_AUTH_TOKEN,
        apiKeySid: CREDENTIALS.TWILIO_API_KEY_SID,
        apiKeySecret: CREDENTIALS.TWILIO_API_KEY_SECRET,
        restBaseUrl: baseUrl,
        statusCallback: null,
        client: { service: "twilio", signaling: null },
      }),
    },
    parseConfig({ APP_ENV: "test" }),
  ).route("/webhooks/twilio", webhook).route("/healthz", healthz).handler();
  served.emulator.faults.set(faults ?? {});
  const report = await examine(aim?.(target) ?? target, {
    openKv: openKv ?? (() => Promise.resolve(kv)),
    now: () => NOON,
    timeoutMs: 300,
  });
  served.emulator.faults.clear();
  if (!leavesRoom) {
    assert.equal(await roomsOpen(baseUrl), 0, "a room is open");
  }
  return report;
}

/** How many rooms are open, of both accounts. */
async function roomsOpen(baseUrl: string): Promise<number> {
  const counts = await Promise.all([CREDENTIALS, OTHERS].map(async (of) => {
    const answer = await fetch(`${baseUrl}/v1/Rooms`, {
      headers: {
        authorization: `Basic ${
          btoa(`${of.TWILIO_ACCOUNT_SID}:${of.TWILIO_AUTH_TOKEN}`)
        }`,
      },
    });
    const body = await answer.json();
    return (body.rooms?.length ?? 0) as number;
  }));
  return counts.reduce((sum, count) => sum + count);
}

/** The result of one check. */
export function resultOf(report: SetupReport, id: string): CheckResult {
  const result = report.results.find((result) => result.id === id);
  assert(result !== undefined, `there is no check "${id}"`);
  return result;
}
