import assert from "node:assert/strict";
import { CHECKS } from "@/lib/setup/checks.ts";
import type { CheckResult } from "@/lib/setup/check.ts";
import { ConfigError } from "@/lib/config.ts";
import type { Probes } from "@/lib/setup/probes.ts";
import { silenceOf } from "@/lib/setup/refusal.ts";
import { runChecks } from "@/lib/setup/service.ts";
import { readSettings } from "@/lib/setup/settings.ts";
import { emulatorTarget } from "@/lib/setup/target.ts";
import { freePort } from "../../support/app_process.ts";
import {
  CREDENTIALS,
  examined,
  OTHERS,
  resultOf,
  type SetUp,
} from "./set_up.ts";

/** One way in which a check is not well. */
interface Case extends SetUp {
  /** Of the mission. */
  row?: string;
  id: string;
  outcome?: "error" | "warning";
  title?: RegExp;
  detail?: RegExp;
  remedy: RegExp;
  /** The fault keeps the checks from closing their room. */
  leavesRoom?: boolean;
}

/** Where nobody listens. */
const NOBODY = `http://127.0.0.1:${freePort()}`;

const restError = (
  status: number,
  path: string,
  more: { code?: number | null; method?: "GET" | "POST"; times?: number } = {},
) => ({ rest: [{ kind: "error" as const, status, path, ...more }] });

const app = (status: number, headers: Record<string, string> = {}) => () =>
  new Response(null, { status, headers });

const healthyButFor = (status: number) => (request: Request) =>
  new URL(request.url).pathname === "/healthz"
    ? Response.json({ status: "ok" })
    : new Response(null, { status });

const CASES: Record<string, Case> = {
  "an unknown APP_ENV": {
    id: "app_env",
    environment: { APP_ENV: "staging" },
    remedy: /development, production or test/,
  },
  "a PORT that is none": {
    id: "other_settings",
    environment: { PORT: "many" },
    detail: /PORT/,
    remedy: /\.env/,
  },
  "a storage that does not open": {
    id: "storage_opens",
    openKv: () => Promise.reject(new ConfigError("Cannot open KV_PATH x")),
    detail: /Cannot open KV_PATH x/,
    remedy: /KV_PATH/,
  },
  "a storage that is closed": {
    id: "storage_keeps",
    async openKv() {
      const kv = await Deno.openKv(":memory:");
      kv.close();
      return kv;
    },
    remedy: /KV_PATH/,
  },
  "a public address that is none": {
    id: "public_address",
    environment: { PUBLIC_BASE_URL: "care.example.org" },
    detail: /is not an address/,
    remedy: /PUBLIC_BASE_URL/,
  },
  "no public address in production": {
    id: "public_address",
    environment: { PUBLIC_BASE_URL: "", APP_ENV: "production" },
    detail: /production needs it/,
    remedy: /https/,
  },
  "a public address without https in production": {
    id: "public_address",
    environment: { APP_ENV: "production" },
    detail: /begins with http:/,
    remedy: /https/,
  },
  "no public address while developing": {
    id: "public_address",
    environment: { PUBLIC_BASE_URL: "" },
    outcome: "warning",
    detail: /who came and went/,
    remedy: /PUBLIC_BASE_URL/,
  },
  "a public address without https while developing": {
    id: "public_address",
    outcome: "warning",
    remedy: /https/,
  },
  "an address that is none": {
    id: "address",
    environment: { TWILIO_BASE_URL: "127.0.0.1:4010" },
    detail: /TWILIO_BASE_URL has to be an address/,
    remedy: /TWILIO_BASE_URL/,
  },
  "an emulator in production": {
    id: "address",
    environment: {
      TWILIO_BASE_URL: "http://127.0.0.1:4010",
      APP_ENV: "production",
    },
    detail: /in production/,
    remedy: /TWILIO_BASE_URL/,
  },
  "no credentials in production": {
    id: "credentials",
    environment: {
      APP_ENV: "production",
      PUBLIC_BASE_URL: "https://127.0.0.1:1",
      TWILIO_ACCOUNT_SID: "",
      TWILIO_AUTH_TOKEN: "",
      TWILIO_API_KEY_SID: "",
      TWILIO_API_KEY_SECRET: "",
    },
    title: /No Twilio credentials/,
    remedy: /Console[^]*API keys & tokens[^]*US1/,
  },
  "two names with two values": {
    id: "old_names",
    environment: { TWILIO_API_SECRET: "another" },
    detail: /TWILIO_API_KEY_SECRET and TWILIO_API_SECRET/,
    remedy: /Keep TWILIO_API_KEY_SECRET/,
  },
  "no Account SID": {
    id: "account_sid",
    environment: { TWILIO_ACCOUNT_SID: "" },
    detail: /TWILIO_ACCOUNT_SID is not set/,
    remedy: /Twilio Console/,
  },
  "an Account SID cut short": {
    id: "account_sid",
    environment: { TWILIO_ACCOUNT_SID: "AC0123" },
    detail: /32 hexadecimal digits/,
    remedy: /Twilio Console/,
  },
  "an API key for an Account SID": {
    id: "account_sid",
    environment: { TWILIO_ACCOUNT_SID: CREDENTIALS.TWILIO_API_KEY_SID },
    detail: /holds an API key/,
    remedy: /Twilio Console/,
  },
  "no Auth Token": {
    id: "auth_token",
    environment: { TWILIO_AUTH_TOKEN: "" },
    outcome: "warning",
    title: /TWILIO_AUTH_TOKEN is not set/,
    remedy: /Twilio Console/,
  },
  "an Auth Token in another shape": {
    id: "auth_token",
    environment: { TWILIO_AUTH_TOKEN: "hunter2-hunter2" },
    outcome: "warning",
    remedy: /Twilio Console/,
  },
  "the Account SID for an Auth Token": {
    id: "auth_token_is_no_sid",
    environment: { TWILIO_AUTH_TOKEN: CREDENTIALS.TWILIO_ACCOUNT_SID },
    detail: /holds the Account SID/,
    remedy: /Twilio Console/,
  },
  "an API key for an Auth Token": {
    id: "auth_token_is_no_sid",
    environment: { TWILIO_AUTH_TOKEN: CREDENTIALS.TWILIO_API_KEY_SID },
    detail: /holds an identifier/,
    remedy: /Twilio Console/,
  },
  "no API key": {
    id: "api_key_sid",
    environment: { TWILIO_API_KEY_SID: "" },
    detail: /not set/,
    remedy: /Standard key in region US1/,
  },
  "an account for an API key": {
    id: "api_key_sid",
    environment: { TWILIO_API_KEY_SID: CREDENTIALS.TWILIO_ACCOUNT_SID },
    detail: /holds an account/,
    remedy: /Standard key in region US1/,
  },
  "an API key cut short": {
    id: "api_key_sid",
    environment: { TWILIO_API_KEY_SID: "SK0123" },
    detail: /32 hexadecimal digits/,
    remedy: /Standard key in region US1/,
  },
  "no secret": {
    id: "api_key_secret",
    environment: { TWILIO_API_KEY_SECRET: "" },
    detail: /not set/,
    remedy: /shown once/,
  },
  "the Auth Token for a secret": {
    id: "api_key_secret",
    environment: { TWILIO_API_KEY_SECRET: CREDENTIALS.TWILIO_AUTH_TOKEN },
    detail: /the same as TWILIO_AUTH_TOKEN/,
    remedy: /shown once/,
  },
  "another region": {
    id: "region",
    environment: { TWILIO_REGION: "ie1" },
    remedy: /Remove TWILIO_REGION/,
  },
  "Twilio out of reach": {
    id: "twilio_answers",
    aim: (target) => ({
      ...target,
      addresses: { ...target.addresses, video: NOBODY },
    }),
    detail: /No connection/,
    remedy: /firewall/,
  },
  "a connection that is not encrypted": {
    id: "twilio_answers",
    aim: (target) => ({
      ...target,
      addresses: {
        ...target.addresses,
        video: target.addresses.video.replace("http:", "https:"),
      },
    }),
    detail: /not encrypted/,
    remedy: /certificate/,
  },
  "Twilio silent": {
    id: "twilio_answers",
    faults: { rest: [{ kind: "hang" }] },
    detail: /no answer within/,
    remedy: /status\.twilio\.com/,
  },
  "Twilio in trouble": {
    id: "twilio_answers",
    faults: restError(503, "/*"),
    detail: /HTTP 503/,
    remedy: /status\.twilio\.com/,
  },
  "a proxy that answers for Twilio": {
    id: "twilio_answers",
    faults: restError(404, "/Rooms", { code: null, times: 1 }),
    outcome: "warning",
    title: /Something answers for Twilio/,
    remedy: /proxy/,
  },
  "a clock that is slow": {
    id: "clock",
    faults: { clockSkewMs: 3_600_000 },
    detail: /3600 seconds slow|3599 seconds slow/,
    remedy: /NTP/,
  },
  "a clock that is a little fast": {
    id: "clock",
    faults: { clockSkewMs: -90_000 },
    outcome: "warning",
    detail: /9\d seconds fast/,
    remedy: /NTP/,
  },
  "a wrong Auth Token": {
    row: "S3.41",
    id: "auth_token_works",
    environment: { TWILIO_AUTH_TOKEN: "0".repeat(32) },
    title: /^Unable to fetch record: Authenticate$/,
    detail: /20003/,
    remedy:
      /Auth Token is not the Account SID[^]*all of TWILIO_…[^]*run the test command again/,
  },
  "a suspended account": {
    id: "account_active",
    suspended: true,
    title: /not active/,
    remedy: /Console/,
  },
  "a wrong secret": {
    row: "S3.41",
    id: "api_key_works",
    environment: { TWILIO_API_KEY_SECRET: "wrong-secret-wrong-secret" },
    title: /^Unable to fetch record: Authenticate$/,
    remedy: /API secret is wrong/,
  },
  "a key without rights": {
    id: "api_key_works",
    faults: {
      rest: [
        // Without credentials it is refused as always.
        {
          kind: "error",
          status: 401,
          code: 20003,
          path: "/Rooms",
          times: 1,
        },
        { kind: "error", status: 401, code: 20003, path: "/Rooms", times: 1 },
        { kind: "error", status: 403, code: 70051, path: "/Rooms*" },
      ],
    },
    detail: /does not allow/,
    remedy: /Standard API key/,
  },
  "an account that cannot use Video": {
    row: "S1.2",
    id: "room_opens",
    faults: restError(403, "/Rooms", { code: 20403, method: "POST" }),
    title: /Video cannot be used/,
    remedy: /Video is available to this account/,
  },
  "too many requests": {
    id: "room_opens",
    faults: restError(429, "/Rooms", { method: "POST" }),
    detail: /more requests/,
    remedy: /Wait a minute/,
  },
  "too many rooms": {
    id: "room_opens",
    emulator: { quotas: { rooms: 0 } },
    detail: /as many rooms/,
    remedy: /Complete rooms/,
  },
  "a room whose answer gets lost": {
    id: "room_opens",
    faults: {
      rest: [{ kind: "truncate", method: "POST", path: "/Rooms", times: 1 }],
    },
    detail: /cut/,
    remedy: /Run the checks again/,
  },
  "a refusal that nobody foresaw": {
    id: "room_opens",
    faults: restError(400, "/Rooms", { code: 53126, method: "POST" }),
    detail: /HTTP 400, error 53126/,
    remedy: /twilio\.com\/docs\/api\/errors\/53126/,
  },
  "another account's key": {
    id: "api_key_account",
    environment: {
      TWILIO_API_KEY_SID: OTHERS.TWILIO_API_KEY_SID,
      TWILIO_API_KEY_SECRET: OTHERS.TWILIO_API_KEY_SECRET,
    },
    title: /^API Key Account SID mismatch!$/,
    detail: /belongs to AC…ffff, but TWILIO_ACCOUNT_SID is AC…cdef/,
    remedy: /choose the account of TWILIO_ACCOUNT_SID/,
  },
  "a room that vanishes": {
    id: "room_found",
    faults: restError(404, "/Rooms/*", { method: "GET", code: 20404 }),
    detail: /20404/,
    remedy: /20404/,
  },
  "no signalling": {
    id: "signalling",
    faults: { sockets: { refuse: true } },
    remedy: /WebSockets/,
  },
  "a signalling that hangs": {
    id: "token_accepted",
    faults: { sockets: { freeze: true } },
    detail: /no answer within/,
    remedy: /status\.twilio\.com/,
  },
  "a signalling that is busy": {
    id: "token_accepted",
    faults: { sockets: { busyMs: 60_000 } },
    outcome: "warning",
    detail: /busy/,
    remedy: /test call/,
  },
  "a token that has expired for Twilio": {
    id: "token_accepted",
    faults: { clockSkewMs: 3_600_000 },
    detail: /20104/,
    remedy: /clock/,
  },
  "a token of another account's key": {
    id: "token_accepted",
    environment: {
      TWILIO_API_KEY_SID: OTHERS.TWILIO_API_KEY_SID,
      TWILIO_API_KEY_SECRET: OTHERS.TWILIO_API_KEY_SECRET,
    },
    detail: /20103/,
    remedy: /region US1/,
  },
  "clients that may make rooms": {
    id: "client_rooms",
    emulator: { clientSideRoomCreation: true },
    outcome: "warning",
    title: /Anyone with a token can make a room/,
    remedy: /Client-side Room Creation off/,
  },
  "recording rules out of reach": {
    id: "recording_rights",
    faults: restError(403, "/Rooms/*/RecordingRules", { code: 70051 }),
    remedy: /Restricted one every right/,
  },
  "a room that does not close": {
    id: "room_closes",
    faults: restError(500, "/Rooms/bedside-setup-*", { method: "POST" }),
    detail: /closes by itself/,
    remedy: /status\.twilio\.com/,
    leavesRoom: true,
  },
  "recordings out of reach": {
    id: "recordings",
    faults: restError(403, "/Recordings*", { code: 20006 }),
    remedy: /Restricted one every right/,
  },
  "compositions out of reach": {
    id: "compositions",
    faults: restError(403, "/Compositions*", { code: 20006 }),
    remedy: /Restricted one every right/,
  },
  "an app that is not there": {
    id: "app_answers",
    environment: { PUBLIC_BASE_URL: NOBODY },
    remedy: /Start the app/,
  },
  "something else at the app's address": {
    id: "app_answers",
    app: app(404),
    detail: /it is not this app/,
    remedy: /PUBLIC_BASE_URL leads to it/,
  },
  "an address that leads somewhere else": {
    id: "app_answers",
    app: app(301, { location: "http://127.0.0.1:9/" }),
    detail: /leads somewhere else/,
    remedy: /Set PUBLIC_BASE_URL/,
  },
  "a proxy that eats callbacks": {
    id: "callback_refused",
    app: healthyButFor(405),
    title: /do not reach/,
    remedy: /proxy/,
  },
  "an app that believes everybody": {
    id: "callback_refused",
    app: healthyButFor(204),
    detail: /HTTP 204/,
    remedy: /Stop the app/,
  },
  "an app with another Auth Token": {
    id: "callback_accepted",
    // As the app is: it does not follow this change of the settings.
    environment: {
      TWILIO_ACCOUNT_SID: OTHERS.TWILIO_ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: OTHERS.TWILIO_AUTH_TOKEN,
      TWILIO_API_KEY_SID: OTHERS.TWILIO_API_KEY_SID,
      TWILIO_API_KEY_SECRET: OTHERS.TWILIO_API_KEY_SECRET,
    },
    detail: /for a wrong one/,
    remedy: /another TWILIO_AUTH_TOKEN/,
  },
};

function assertFound(result: CheckResult, expected: Case): void {
  const { outcome = "error", title = /./, detail = /./, remedy } = expected;
  assert.equal(result.outcome, outcome, JSON.stringify(result));
  assert.match(result.title, title);
  assert.match(result.detail, detail);
  assert.match(result.remedy ?? "", remedy);
}

for (const [name, expected] of Object.entries(CASES)) {
  const { id, row = "", leavesRoom = false } = expected;
  Deno.test(`set-up: ${name} (${id}) ${row}`.trimEnd(), async () => {
    assertFound(
      resultOf(await examined(expected, { leavesRoom }), id),
      expected,
    );
  });
}

/** Everything as it should be, by hand: for what no emulator does. */
function probesOfNothing(more: Partial<Probes> = {}): Probes {
  const target = emulatorTarget({}, {
    callbackOrigin: "http://127.0.0.1:9",
    baseUrl: "http://127.0.0.1:9",
    accountSid: CREDENTIALS.TWILIO_ACCOUNT_SID,
    authToken: CREDENTIALS.TWILIO_AUTH_TOKEN,
    apiKeySid: CREDENTIALS.TWILIO_API_KEY_SID,
    apiKeySecret: CREDENTIALS.TWILIO_API_KEY_SECRET,
  });
  const refused = () =>
    Promise.resolve(
      {
        answered: true,
        status: 401,
        code: 20003,
        body: null,
        ms: 1,
        aheadMs: 0,
      } as const,
    );
  return {
    target,
    settings: readSettings(target.environment),
    denoVersion: "2.9.6",
    openStorage: () => Promise.resolve(null),
    tryStorage: () => Promise.resolve({ kept: true, commitMs: 1 }),
    knock: refused,
    fetchAccount: refused,
    list: refused,
    createRoom: refused,
    fetchRoom: refused,
    setRecordingRules: refused,
    completeRoom: refused,
    createAccessToken: () => "not.a.token",
    openSocket: () => Promise.resolve(null),
    join: () => Promise.resolve({ state: "unclear", said: "" }),
    joinMissingRoom: () => Promise.resolve({ state: "unclear", said: "" }),
    fetchHealth: refused,
    sendCallback: refused,
    close: () => Promise.resolve(),
    ...more,
  };
}

/** What the machine, and no server, does wrong. */
const OF_THE_MACHINE: Record<string, Case & { probes: Partial<Probes> }> = {
  "an old Deno": {
    id: "deno",
    probes: { denoVersion: "2.4.0" },
    detail: /2\.4\.0/,
    remedy: /npx -y deno@2\.9\.6/,
  },
  "a slow storage": {
    id: "storage_keeps",
    probes: {
      tryStorage: () => Promise.resolve({ kept: true, commitMs: 900 }),
    },
    outcome: "warning",
    detail: /900 ms/,
    remedy: /local disk/,
  },
  "a storage that forgets": {
    id: "storage_keeps",
    probes: { tryStorage: () => Promise.resolve({ kept: false, commitMs: 1 }) },
    remedy: /KV_PATH/,
  },
  "a slow Twilio": {
    id: "twilio_answers",
    probes: {
      knock: () =>
        Promise.resolve({
          answered: true,
          status: 401,
          code: 20003,
          body: null,
          ms: 3000,
          aheadMs: null,
        }),
    },
    outcome: "warning",
    detail: /3000 ms/,
    remedy: /status\.twilio\.com/,
  },
  "tokens that say something else": {
    id: "token_shape",
    probes: {},
    remedy: /TWILIO_API_KEY_SID/,
  },
};

for (const [name, expected] of Object.entries(OF_THE_MACHINE)) {
  Deno.test(`set-up: ${name} (${expected.id})`, async () => {
    const results = await runChecks(probesOfNothing(expected.probes));
    const result = results.find(({ id }) => id === expected.id);
    assertFound(result!, expected);
  });
}

Deno.test("set-up: why nothing came is told apart", () => {
  const said = {
    "client error (Connect): dns error: failed to lookup address information":
      "name_unknown",
    "client error (Connect): received corrupt message of type X": "not_trusted",
    "client error (Connect): invalid peer certificate: Expired": "not_trusted",
    "client error (Connect): tcp connect error: Connection refused":
      "no_connection",
    "client error (SendRequest): connection closed before message completed":
      "cut_off",
    "error reading a body from connection": "cut_off",
  };
  for (const [words, silence] of Object.entries(said)) {
    assert.equal(silenceOf(words), silence);
  }
});

Deno.test("set-up: every check is seen failing, and there are enough of them", () => {
  const seen = new Set(
    [...Object.values(CASES), ...Object.values(OF_THE_MACHINE)]
      .map(({ id }) => id),
  );
  assert.deepEqual(
    CHECKS.map(({ id }) => id).filter((id) => !seen.has(id)),
    [],
  );
  assert(CHECKS.length >= 20);
});

Deno.test("set-up: a check needs only checks above it", () => {
  const above = new Set<string>();
  for (const { id, needs } of CHECKS) {
    assert.deepEqual(needs.filter((need) => !above.has(need)), [], id);
    assert(!above.has(id), `${id} is there twice`);
    above.add(id);
  }
});
