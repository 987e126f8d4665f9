/**
 * Who is calling: accounts and API keys by their credentials.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { ApiKey, EmulatorAccount } from "./settings.ts";

/** Whose account it is, and the API key that was used for it, if any. */
export interface Credentials {
  readonly account: EmulatorAccount;
  readonly key: ApiKey | null;
}

/**
 * The account behind `Authorization: Basic …`, or `null`. Both forms of the
 * REST API count: account SID with auth token, and API key with its secret
 * (https://www.twilio.com/docs/usage/requests-to-twilio#credentials).
 */
export function authenticate(
  accounts: readonly EmulatorAccount[],
  header: string | null,
): Credentials | null {
  const encoded = header?.match(/^Basic\s+(\S+)$/i)?.[1];
  if (encoded === undefined) return null;
  let decoded: string;
  try {
    decoded = new TextDecoder().decode(
      Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)),
    );
  } catch {
    return null;
  }
  const colon = decoded.indexOf(":");
  if (colon < 0) return null;
  const user = decoded.slice(0, colon);
  const password = decoded.slice(colon + 1);
  const account = accounts.find(({ accountSid }) => accountSid === user);
  if (account) {
    return equal(account.authToken, password) ? { account, key: null } : null;
  }
  const owned = findApiKey(accounts, user);
  return owned && equal(owned.key.secret, password) ? owned : null;
}

/** The API key with this SID and the account it belongs to. */
export function findApiKey(
  accounts: readonly EmulatorAccount[],
  sid: unknown,
): { account: EmulatorAccount; key: ApiKey } | null {
  for (const account of accounts) {
    const key = account.apiKeys.find((key) => key.sid === sid);
    if (key) return { account, key };
  }
  return null;
}

/** Compares secrets in a time that says nothing about where they differ. */
export function equal(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
