import assert from "node:assert/strict";
import { ConfigError, parseConfig } from "@/lib/config.ts";

const TWILIO = {
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_API_KEY_SID: `SK${"0".repeat(32)}`,
  TWILIO_API_KEY_SECRET: "secret",
  TWILIO_AUTH_TOKEN: "token",
};

function messageOf(environment: Record<string, string>): string {
  try {
    parseConfig(environment);
  } catch (error) {
    assert(error instanceof ConfigError);
    assert(!error.message.includes("\n"), "one line");
    return error.message;
  }
  throw new assert.AssertionError({ message: "was accepted" });
}

Deno.test("parseConfig() runs on the emulator when nothing is set", () => {
  const config = parseConfig({});
  assert.equal(config.port, 8000);
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.kvPath, "data/bedside.sqlite3");
  assert.deepEqual(config.video, { service: "emulator" });
});

Deno.test("S2.5 parseConfig() needs no auth token to use Twilio", () => {
  const { TWILIO_AUTH_TOKEN: _, ...three } = TWILIO;
  const { video } = parseConfig(three);
  assert.equal(video.service, "twilio");
  assert.equal(video.service === "twilio" && video.authToken, null);
});

Deno.test("S1.4 S1.6 parseConfig() names a malformed identifier", () => {
  assert.match(
    messageOf({ ...TWILIO, TWILIO_ACCOUNT_SID: "SK123" }),
    /TWILIO_ACCOUNT_SID: must be AC/,
  );
  assert.match(
    messageOf({ ...TWILIO, TWILIO_API_KEY_SID: "AC123" }),
    /TWILIO_API_KEY_SID: must be SK/,
  );
});

for (
  const name of [
    "TWILIO_ACCOUNT_SID",
    "TWILIO_API_KEY_SID",
    "TWILIO_API_KEY_SECRET",
  ]
) {
  Deno.test(`parseConfig() names ${name} when it alone is missing`, () => {
    assert.match(
      messageOf({ ...TWILIO, [name]: "" }),
      new RegExp(`${name} is missing`),
    );
  });
}

Deno.test("parseConfig() reads the older names, and refuses a contradiction", () => {
  const { TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET, ...rest } = TWILIO;
  const older = {
    TWILIO_API_KEY: TWILIO_API_KEY_SID,
    TWILIO_API_SECRET: TWILIO_API_KEY_SECRET,
  };
  assert.equal(parseConfig({ ...rest, ...older }).video.service, "twilio");
  assert.match(
    messageOf({ ...TWILIO, TWILIO_API_KEY: `SK${"1".repeat(32)}` }),
    /TWILIO_API_KEY_SID and TWILIO_API_KEY are both set/,
  );
});

Deno.test("parseConfig() never uses the emulator in production", () => {
  assert.equal(
    parseConfig({
      APP_ENV: "production",
      PUBLIC_BASE_URL: "https://care.example.org",
    }).video.service,
    "none",
  );
});

Deno.test("S1.7 parseConfig() says nothing of a secret", () => {
  const message = messageOf({
    ...TWILIO,
    TWILIO_API_KEY_SECRET: "s3cret-value",
    PORT: "no",
  });
  assert(!message.includes("s3cret-value"));
  assert.match(message, /PORT/);
});

Deno.test("parseConfig() asks for an https address in production", () => {
  for (const PUBLIC_BASE_URL of ["", "http://care.example.org"]) {
    assert.match(
      messageOf({ APP_ENV: "production", PUBLIC_BASE_URL }),
      /^PUBLIC_BASE_URL has to be/,
    );
  }
});

Deno.test("parseConfig() takes an empty setting for one that is not set", () => {
  const config = parseConfig({ PORT: "", HOST: " ", APP_ENV: "" });
  assert.deepEqual([config.port, config.host, config.appEnv], [
    8000,
    "127.0.0.1",
    "development",
  ]);
  assert.equal(parseConfig({ KV_PATH: "" }).kvPath, undefined);
});

Deno.test("parseConfig() asks for the token of a KV Connect server", () => {
  const KV_PATH = "https://kv.example.org";
  assert.match(messageOf({ KV_PATH }), /DENO_KV_ACCESS_TOKEN has to be set$/);
  const config = parseConfig({ KV_PATH, DENO_KV_ACCESS_TOKEN: "a token" });
  assert.deepEqual([config.kvPath, config.kvAccessToken], [KV_PATH, "a token"]);
});

const PRODUCTION = {
  ...TWILIO,
  APP_ENV: "production",
  PUBLIC_BASE_URL: "https://care.example.org",
};

Deno.test("parseConfig() reads where an emulator on its own is", () => {
  for (const address of ["http://127.0.0.1:4010", " http://127.0.0.1:4010/ "]) {
    const { video } = parseConfig({ ...TWILIO, TWILIO_BASE_URL: address });
    assert.deepEqual(video, {
      service: "external_emulator",
      accountSid: TWILIO.TWILIO_ACCOUNT_SID,
      apiKeySid: TWILIO.TWILIO_API_KEY_SID,
      apiKeySecret: TWILIO.TWILIO_API_KEY_SECRET,
      authToken: TWILIO.TWILIO_AUTH_TOKEN,
      baseUrl: "http://127.0.0.1:4010",
    });
  }
  const mounted = "https://care.example.org/twilio-emulator";
  const { video } = parseConfig({ ...TWILIO, TWILIO_BASE_URL: `${mounted}/` });
  assert.equal(video.service === "external_emulator" && video.baseUrl, mounted);
});

Deno.test("parseConfig() takes another address of Twilio for Twilio, in production too", () => {
  const TWILIO_BASE_URL = "https://video.us1.twilio.com";
  const { video } = parseConfig({ ...PRODUCTION, TWILIO_BASE_URL });
  assert.equal(video.service === "twilio" && video.baseUrl, TWILIO_BASE_URL);
});

Deno.test("A28 an emulator's address stops the start in production", () => {
  for (
    const TWILIO_BASE_URL of [
      "http://127.0.0.1:4010",
      "https://emulator.example.org",
      "https://twilio.com.example.org",
      "https://nottwilio.com",
      "http://video.twilio.com",
    ]
  ) {
    assert.match(
      messageOf({ ...PRODUCTION, TWILIO_BASE_URL }),
      /^TWILIO_BASE_URL has to be an https address of twilio\.com/,
    );
  }
});

Deno.test("parseConfig() names TWILIO_BASE_URL when it is no address, and never says a password in it", () => {
  for (
    const TWILIO_BASE_URL of [
      "127.0.0.1:4010",
      "ftp://127.0.0.1",
      "http://name:s3cret@127.0.0.1",
      "http://127.0.0.1/?x=s3cret",
    ]
  ) {
    const message = messageOf({ ...TWILIO, TWILIO_BASE_URL });
    assert.match(message, /^TWILIO_BASE_URL has to be an address/);
    assert(!message.includes("s3cret"));
  }
});

Deno.test("parseConfig() wants credentials for TWILIO_BASE_URL", () => {
  assert.match(
    messageOf({ TWILIO_BASE_URL: "http://127.0.0.1:4010" }),
    /TWILIO_ACCOUNT_SID, TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET are missing/,
  );
});
