/** `task test_twilio`, as a process of its own. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { serveEmulator } from "../twilio_emulator/harness.ts";
import { CREDENTIALS, OTHERS } from "../setup/set_up.ts";
import { freePort } from "../../support/app_process.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

async function end(command: Deno.Command): Promise<Ended> {
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs it where there is no `.env` but the one given. */
async function run(
  env: Record<string, string>,
  args: string[] = [],
  dotEnv?: string,
): Promise<Ended> {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    if (dotEnv !== undefined) {
      await Deno.writeTextFile(`${folder}/.env`, dotEnv);
    }
    const ended = await end(
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--config",
          `${ROOT}deno.json`,
          `${ROOT}lib/server/test_twilio.ts`,
          ...args,
        ],
        cwd: folder,
        env: { NO_COLOR: "1", KV_PATH: ":memory:", ...env },
        stdin: "null",
      }),
    );
    for (
      const { TWILIO_AUTH_TOKEN, TWILIO_API_KEY_SECRET } of [
        CREDENTIALS,
        OTHERS,
      ]
    ) {
      for (const secret of [TWILIO_AUTH_TOKEN, TWILIO_API_KEY_SECRET]) {
        assert(!(ended.stdout + ended.stderr).includes(secret), "a secret");
      }
    }
    return ended;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An emulator in this process, which knows both accounts. */
function serve() {
  return serveEmulator({
    accounts: [CREDENTIALS, OTHERS].map((of) => ({
      accountSid: of.TWILIO_ACCOUNT_SID,
      authToken: of.TWILIO_AUTH_TOKEN,
      apiKeys: [{
        sid: of.TWILIO_API_KEY_SID,
        secret: of.TWILIO_API_KEY_SECRET,
      }],
    })),
  });
}

Deno.test("S3.44 without credentials test_twilio passes with the emulator, and says so", async () => {
  const { code, stdout, stderr } = await run({});
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /built-in Twilio emulator/);
  assert.match(stdout, /^\[OK\] API Key belongs to the correct account$/m);
  assert.match(stdout, /\[SUCCESS\] All Twilio tests passed!\n$/);
  assert(stdout.match(/^\[OK\]/gm)!.length >= 20);
  assert.doesNotMatch(stdout, /^\[(WARNING|ERROR|SKIPPED)\]/m);
});

Deno.test("S3.44 it is a task, has an alias, and --json prints one document and nothing else", async () => {
  for (const task of ["test_twilio", "doctor"]) {
    const { code, stdout } = await end(
      new Deno.Command(Deno.execPath(), {
        args: ["task", task, "--json"],
        cwd: ROOT,
        env: { NO_COLOR: "1", KV_PATH: ":memory:" },
        stdin: "null",
      }),
    );
    const report = JSON.parse(stdout);
    assert.equal(report.service, "emulator");
    assert.equal(report.passed, true);
    assert.equal(code, 0);
    assert(report.checks.length >= 20);
    for (const check of report.checks) {
      assert.deepEqual(Object.keys(check), [
        "id",
        "title",
        "outcome",
        "detail",
        "remedy",
      ]);
    }
  }
});

Deno.test("S3.41 test_twilio recognises a wrong Auth Token and gives the hint", async () => {
  await using served = serve();
  const { code, stdout } = await run(
    { ...CREDENTIALS, TWILIO_AUTH_TOKEN: "0".repeat(32) },
    ["--against", served.baseUrl],
  );
  assert.equal(code, 1);
  assert.match(stdout, /^\[ERROR\] Unable to fetch record: Authenticate$/m);
  assert.match(stdout, /The Auth Token is not the Account SID\./);
  assert.match(stdout, /all of TWILIO_…/);
  assert.match(stdout, /deno task test_twilio/);
  assert.doesNotMatch(stdout, /SUCCESS/);
});

Deno.test("S3.44 test_twilio tells the key of another account", async () => {
  await using served = serve();
  const { code, stdout } = await run(
    {
      ...CREDENTIALS,
      TWILIO_API_KEY_SID: OTHERS.TWILIO_API_KEY_SID,
      TWILIO_API_KEY_SECRET: OTHERS.TWILIO_API_KEY_SECRET,
    },
    ["--against", `${served.baseUrl}/`],
  );
  assert.equal(code, 1);
  assert.match(stdout, /^\[ERROR\] API Key Account SID mismatch!$/m);
});

Deno.test("test_twilio passes with warnings, and reads .env", async () => {
  await using served = serve();
  const dotEnv = Object.entries(CREDENTIALS).map((pair) => pair.join("="))
    .join("\n");
  const { code, stdout } = await run({}, ["--against", served.baseUrl], dotEnv);
  assert.equal(code, 0, stdout);
  // Nothing tells Twilio where the app is.
  assert.match(stdout, /^\[WARNING\] Twilio cannot reach this app$/m);
  assert.match(
    stdout,
    /^\[SKIPPED\] Callbacks that Twilio signed are accepted/m,
  );
  assert.match(stdout, /\[SUCCESS\] All Twilio tests passed!\n$/);
});

Deno.test("test_twilio examines the emulator that TWILIO_BASE_URL names", async () => {
  await using served = serve();
  const { code, stdout } = await run({
    ...CREDENTIALS,
    TWILIO_BASE_URL: served.baseUrl,
    PORT: String(freePort()),
  });
  assert(stdout.includes("with a Twilio emulator, as TWILIO_BASE_URL says."));
  assert(stdout.includes(`a Twilio emulator at ${served.baseUrl}`));
  assert.match(stdout, /^\[OK\] Tokens are accepted/m);
  // Its callbacks go to the app on this machine, which does not run.
  assert.match(stdout, /^\[ERROR\] The app does not answer/m);
  assert.equal(code, 1);
});

Deno.test("test_twilio says which setting of a half-set configuration is missing, and asks nobody", async () => {
  const { code, stdout } = await run({
    TWILIO_ACCOUNT_SID: CREDENTIALS.TWILIO_ACCOUNT_SID,
  });
  assert.equal(code, 1);
  assert.match(stdout, /TWILIO_API_KEY_SID is not set/);
  assert.match(stdout, /TWILIO_API_KEY_SECRET is not set/);
  assert.match(stdout, /^\[SKIPPED\] Twilio answers$/m);
});

Deno.test("test_twilio fails in production without credentials, and says how to get them", async () => {
  const { code, stdout } = await run({
    APP_ENV: "production",
    PUBLIC_BASE_URL: "https://127.0.0.1:9",
  });
  assert.equal(code, 1);
  assert.match(stdout, /no video service/);
  assert.match(stdout, /^\[ERROR\] No Twilio credentials are set$/m);
  assert.match(stdout, /API keys & tokens/);
});

Deno.test("test_twilio that cannot run ends with 2, in words or in JSON", async () => {
  const unreadable = await run({}, [], "hunter2 secret\n");
  assert.equal(unreadable.code, 2);
  assert.match(unreadable.stderr, /^error: Cannot read \.env: line 1/);
  assert(!unreadable.stderr.includes("hunter2"));
  const json = await run({}, ["--json"], "hunter2 secret\n");
  assert.equal(json.code, 2);
  assert.match(JSON.parse(json.stdout).error, /Cannot read \.env/);
  assert.equal(json.stderr, "");
  const unknown = await run({}, ["--what"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /Unknown option --what/);
});

Deno.test("test_twilio sends credentials to no other machine", async () => {
  for (const address of ["https://video.example.org", "http://10.0.0.1", ""]) {
    const { code, stderr } = await run(CREDENTIALS, ["--against", address]);
    assert.equal(code, 2);
    assert.match(stderr, /an address on this machine/);
  }
});
