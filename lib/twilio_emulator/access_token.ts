/**
 * Access tokens: what the server checks of the JWT a client connects with
 * (https://www.twilio.com/docs/iam/access-tokens).
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { equal, findApiKey } from "./credentials.ts";
import { TwilioFault } from "./errors.ts";
import type { EmulatorAccount } from "./settings.ts";

/** What a valid token allows. */
export interface AccessTokenClaims {
  readonly accountSid: string;
  /** 1 to 128 characters. */
  readonly identity: string;
  /** Unique name or SID of the one room it opens; `null` for any room. */
  readonly room: string | null;
}

/** Longest life of a token: 24 hours. */
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;

/** Longest identity; a character outside Latin-1 counts as two. */
const MAX_IDENTITY = 128;

const HASHES: Readonly<Record<string, string>> = {
  HS256: "sha256",
  HS384: "sha384",
  HS512: "sha512",
};

/**
 * Checks a token. The checks run in a fixed order, so a token with several
 * faults always gets the same code: form, header, issuer, signature, times,
 * grants, identity.
 *
 * Deliberately synchronous: between the check and the answer of a connect no
 * other client may join or leave.
 *
 * @throws {TwilioFault} 20101 not a JWT; 20102 header; 20103 issuer or
 * subject; 20107 signature; 20104 expired or more than 24 h ahead; 20105 not
 * yet valid; 20106 no video grant; 53200, 53201 identity.
 */
export function verifyAccessToken(
  token: unknown,
  accounts: readonly EmulatorAccount[],
  now: Date,
): AccessTokenClaims {
  const { header, payload, signed, signature } = parse(token);

  const hash = HASHES[String(header.alg)];
  const headerIsValid = hash !== undefined && header.typ === "JWT" &&
    header.cty === "twilio-fpa;v=1";
  if (!headerIsValid) throw new TwilioFault(20102);

  const owned = findApiKey(accounts, payload.iss);
  const isUsable = owned && !owned.account.suspended &&
    payload.sub === owned.account.accountSid;
  if (!isUsable) {
    throw new TwilioFault(20103);
  }

  const expected = createHmac(hash, owned.key.secret).update(signed)
    .digest("base64url");
  if (!equal(expected, signature)) throw new TwilioFault(20107);

  const seconds = now.getTime() / 1000;
  const { exp, nbf } = payload;
  if (
    typeof exp !== "number" || exp <= seconds ||
    exp > seconds + MAX_LIFETIME_SECONDS
  ) {
    throw new TwilioFault(20104);
  }
  if (nbf !== undefined && (typeof nbf !== "number" || nbf > seconds)) {
    throw new TwilioFault(20105);
  }

  const grants = payload.grants;
  if (!isObject(grants) || !isObject(grants.video)) {
    throw new TwilioFault(20106);
  }
  const room = grants.video.room ?? null;
  if (room !== null && typeof room !== "string") throw new TwilioFault(20106);

  return {
    accountSid: owned.account.accountSid,
    identity: checkIdentity(grants.identity),
    // The token library leaves an empty room name in the grant: any room.
    room: room || null,
  };
}

/** Rules of the "Participant Identity" in Twilio's page "Programmable Video Limits". */
function checkIdentity(identity: unknown): string {
  if (typeof identity !== "string" || identity.trim() === "") {
    throw new TwilioFault(53200);
  }
  let length = 0;
  for (const char of identity) length += char.codePointAt(0)! > 0xff ? 2 : 1;
  if (length > MAX_IDENTITY) throw new TwilioFault(53201);
  return identity;
}

function parse(token: unknown) {
  if (typeof token !== "string") throw new TwilioFault(20101);
  const [header, payload, signature, ...rest] = token.split(".");
  if (!header || !payload || signature === undefined || rest.length > 0) {
    throw new TwilioFault(20101);
  }
  return {
    header: decode(header),
    payload: decode(payload),
    signed: `${header}.${payload}`,
    signature,
  };
}

function decode(part: string): Record<string, unknown> {
  let value: unknown;
  try {
    const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new TwilioFault(20101);
  }
  if (!isObject(value)) throw new TwilioFault(20101);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
