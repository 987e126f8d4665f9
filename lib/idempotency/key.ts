import { createHash, createHmac } from "node:crypto";

/** A string of RFC 9651, as the draft writes the header's value. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header),
 * with quotes around it or, as most programs send it, without. Null if it is
 * none: 1 to 255 visible ASCII characters.
 */
export function parseKey(header: string): string | null {
  const quoted = QUOTED.exec(header)?.[1];
  if (quoted === undefined && header.startsWith('"')) return null;
  const key = quoted?.replaceAll(/\\(["\\])/g, "$1") ?? header;
  return KEY.test(key) ? key : null;
}

/** A request, as far as another can be the same. */
export interface SentRequest {
  method: string;
  /** With the query. */
  path: string;
  body: Uint8Array;
}

/**
 * Tells requests with the same key apart. The key is part of it: who reads the
 * storage without knowing the keys cannot guess what was in a body.
 */
export function requestHash(
  key: string,
  { method, path, body }: SentRequest,
): string {
  return createHmac("sha256", key).update(`${method} ${path}\n`).update(body)
    .digest("hex");
}

/** Where the row of somebody's key is stored: keys of two people never meet. */
export function rowKey(accountId: string, key: string): string[] {
  return ["idem", accountId, createHash("sha256").update(key).digest("hex")];
}
