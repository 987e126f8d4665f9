/** Every code of an access token, and the order of the checks. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { verifyAccessToken } from "@/lib/twilio_emulator/access_token.ts";
import { TwilioFault } from "@/lib/twilio_emulator/errors.ts";
import { accessToken, ACCOUNT, OTHER_ACCOUNT } from "./harness.ts";

const ACCOUNTS = [ACCOUNT, OTHER_ACCOUNT];
const NOW = new Date("2026-07-09T10:00:00Z");
const SECONDS = NOW.getTime() / 1000;
const KEY = ACCOUNT.apiKeys[0]!;

const HEADER = { alg: "HS256", typ: "JWT", cty: "twilio-fpa;v=1" };
const PAYLOAD = {
  jti: `${KEY.sid}-1`,
  iss: KEY.sid,
  sub: ACCOUNT.accountSid,
  exp: SECONDS + 3600,
  grants: { identity: "bob", video: { room: "DailyStandup" } },
};

/** A token with anything in it, signed as it says. */
function forge(
  payload: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  secret = KEY.secret,
): string {
  const encode = (part: unknown) =>
    Buffer.from(JSON.stringify(part)).toString("base64url");
  const full = { ...HEADER, ...header };
  const signed = `${encode(full)}.${encode({ ...PAYLOAD, ...payload })}`;
  const hash = `sha${String(full.alg).slice(2)}`;
  const known = ["sha256", "sha384", "sha512"].includes(hash);
  const signature = createHmac(known ? hash : "sha256", secret)
    .update(signed).digest("base64url");
  return `${signed}.${signature}`;
}

function codeOf(token: unknown): number | null {
  try {
    verifyAccessToken(token, ACCOUNTS, NOW);
    return null;
  } catch (error) {
    if (error instanceof TwilioFault) return error.code;
    throw error;
  }
}

const grants = (identity: unknown) => ({ grants: { identity, video: {} } });

const CASES: [name: string, token: unknown, code: number | null][] = [
  ["valid", forge(), null],
  ["HS384", forge({}, { alg: "HS384" }), null],
  ["HS512", forge({}, { alg: "HS512" }), null],
  ["valid from now on", forge({ nbf: SECONDS }), null],
  ["not a string", 7, 20101],
  ["nothing", "", 20101],
  ["two parts", "a.b", 20101],
  ["no JSON", "a.b.c", 20101],
  ["a list for a payload", "e30.W10.x", 20101],
  ["alg none", forge({}, { alg: "none" }), 20102],
  ["alg RS256", forge({}, { alg: "RS256" }), 20102],
  ["no cty", forge({}, { cty: undefined }), 20102],
  ["another typ", forge({}, { typ: "JWE" }), 20102],
  ["unknown key", forge({ iss: "SK00" }), 20103],
  ["another account", forge({ sub: OTHER_ACCOUNT.accountSid }), 20103],
  ["another key's secret", forge({}, {}, "wrong"), 20107],
  ["changed after signing", `${forge().slice(0, -2)}xx`, 20107],
  ["expired", forge({ exp: SECONDS }), 20104],
  ["no expiry", forge({ exp: undefined }), 20104],
  ["a text for an expiry", forge({ exp: "tomorrow" }), 20104],
  ["more than a day ahead", forge({ exp: SECONDS + 86_401 }), 20104],
  ["exactly a day ahead", forge({ exp: SECONDS + 86_400 }), null],
  ["not yet valid", forge({ nbf: SECONDS + 1 }), 20105],
  ["no grants", forge({ grants: undefined }), 20106],
  ["no video grant", forge({ grants: { identity: "bob" } }), 20106],
  [
    "room is a number",
    forge({ grants: { identity: "bob", video: { room: 7 } } }),
    20106,
  ],
  ["no identity", forge(grants(undefined)), 53200],
  ["empty identity", forge(grants("")), 53200],
  ["128 letters", forge(grants("x".repeat(128))), null],
  ["129 letters", forge(grants("x".repeat(129))), 53201],
  ["64 wide letters", forge(grants("日".repeat(64))), null],
  ["65 wide letters", forge(grants("日".repeat(65))), 53201],
  // With several faults the first check decides.
  [
    "header before issuer",
    forge({ iss: "SK00" }, { cty: "x" }, "wrong"),
    20102,
  ],
  ["issuer before signature", forge({ iss: "SK00" }, {}, "wrong"), 20103],
  ["signature before times", forge({ exp: 1 }, {}, "wrong"), 20107],
  ["times before grants", forge({ exp: 1, grants: undefined }), 20104],
];

for (const [name, token, code] of CASES) {
  Deno.test(`access token: ${name}: ${code ?? "accepted"}`, () => {
    assert.equal(codeOf(token), code);
  });
}

Deno.test("access token: what it allows", () => {
  assert.deepEqual(verifyAccessToken(forge(), ACCOUNTS, NOW), {
    accountSid: ACCOUNT.accountSid,
    identity: "bob",
    room: "DailyStandup",
  });
});

Deno.test("access token: the vendor's library makes valid ones", () => {
  const token = accessToken({ identity: "größe 日本", room: "a room" });
  const claims = verifyAccessToken(token, ACCOUNTS, new Date());
  assert.equal(claims.identity, "größe 日本");
  assert.equal(claims.room, "a room");
  const any = verifyAccessToken(accessToken(), ACCOUNTS, new Date());
  assert.equal(any.room, null);
});

Deno.test("access token: nothing but a TwilioFault, whatever is sent", () => {
  fc.assert(fc.property(fc.anything(), (value) => {
    assert.notEqual(codeOf(value), null);
  }));
  const part = fc.json().map((text) => Buffer.from(text).toString("base64url"));
  fc.assert(fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
    assert.notEqual(codeOf(parts.join(".")), null);
  }));
});

Deno.test("access token: one changed character is never accepted", () => {
  const token = forge();
  fc.assert(fc.property(
    fc.nat(token.length - 2),
    fc.constantFrom(..."abcXYZ019-_"),
    (index, char) => {
      fc.pre(token[index] !== char);
      const changed = token.slice(0, index) + char + token.slice(index + 1);
      assert.notEqual(codeOf(changed), null);
    },
  ));
});
