import type { IdempotencyRow, KeptAnswer } from "@/lib/idempotency/receipt.ts";

/** A run that takes longer than this has died: the video service is given up on long before. */
export const RUN_MS = 20_000;
/** How long a key is remembered. */
export const KEEP_MS = 24 * 3_600_000;

/** What a request with a key finds. */
export type Verdict =
  /** Nobody holds the key. `effect` is what a run that died has left. */
  | { verdict: "free"; effect: string | null }
  /** The same request is under way. */
  | { verdict: "running" }
  /** The same request has been answered. */
  | { verdict: "answered"; answer: KeptAnswer }
  /** The key has been used for another request. */
  | { verdict: "reused" };

/** What the row of a key means for a request with this hash. Expired rows mean nothing. */
export function judge(
  row: IdempotencyRow | null,
  requestHash: string,
  now: Date,
): Verdict {
  if (row === null || isPast(row.expiresAt, now)) {
    return { verdict: "free", effect: null };
  }
  if (row.requestHash !== requestHash) return { verdict: "reused" };
  if (row.answer !== null) return { verdict: "answered", answer: row.answer };
  return isPast(row.until, now)
    ? { verdict: "free", effect: row.effect }
    : { verdict: "running" };
}

/** The row of a run that begins now, after one that left this effect. */
export function reservation(
  requestHash: string,
  effect: string | null,
  now: Date,
): IdempotencyRow {
  return {
    v: 1,
    requestHash,
    startedAt: now.toISOString(),
    until: later(now, RUN_MS),
    effect,
    answer: null,
    expiresAt: later(now, KEEP_MS),
  };
}

function isPast(at: string, now: Date): boolean {
  return Date.parse(at) <= now.getTime();
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}

/** Refusals that say "not now": the same request may well succeed later. */
const PASSING: readonly number[] = [401, 408, 429];
/** What is kept of an answer besides its status and body. */
const KEPT_HEADERS = ["content-type", "location", "retry-after"];
/** A row has to fit into one value of the storage, 64 KiB. */
const BODY_BYTES_MAX = 48 * 1024;

/**
 * Whether an answer may be kept and given again. Not what did not work for
 * the moment; not pages, which show the state of a moment; and nothing secret:
 * what sets a cookie or says `Cache-Control: no-store` is never stored.
 */
export function mayKeep(status: number, headers: Headers): boolean {
  if (status >= 500 || PASSING.includes(status)) return false;
  if (headers.has("set-cookie")) return false;
  if (/\bno-store\b/i.test(headers.get("cache-control") ?? "")) return false;
  const type = headers.get("content-type");
  return type === null || /^application\/(problem\+)?json\b/.test(type);
}

/** An answer as it is kept, or null if it is too long for that. */
export function answerToKeep(
  status: number,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
): KeptAnswer | null {
  if (body.byteLength > BODY_BYTES_MAX) return null;
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return { status, headers: kept, body };
}
