import { AppError } from "@/lib/errors.ts";
import {
  requestHash,
  rowKey,
  type SentRequest,
} from "@/lib/idempotency/key.ts";
import type { KeptAnswer, Receipt } from "@/lib/idempotency/receipt.ts";
import { giveBack, keepAnswer, takeRow } from "@/lib/idempotency/store.ts";
import type { Services } from "@/lib/services.ts";

/** How long the second of two clicks waits for the first. */
const PATIENCE_MS = 4_000;
/** The wait between two looks grows up to this. */
const LOOK_MS_MAX = 250;

/** A request that is to be carried out once, however often it is sent. */
export interface KeyedRequest {
  /** Who sends it. */
  accountId: string;
  key: string;
  request: SentRequest;
}

/** Either this request is the one to run, with a receipt for its commits, or the answer is there. */
export type Begun =
  | { receipt: Receipt; answer?: never }
  | { answer: KeptAnswer; receipt?: never };

/**
 * Begins a request that may have been sent before. While the same one is
 * under way, waits for its answer. Throws `idempotency_key_reused`,
 * `request_in_progress` when the wait is too long.
 */
export async function beginOnce(
  { kv, now }: Services,
  { accountId, key, request }: KeyedRequest,
): Promise<Begun> {
  const intent = {
    key: rowKey(accountId, key),
    requestHash: requestHash(key, request),
  };
  for (let waited = 0, wait = 10; waited < PATIENCE_MS; waited += wait) {
    const taken = await takeRow(kv, intent, now());
    switch (taken.verdict) {
      case "free":
        return { receipt: taken.receipt };
      case "answered":
        return { answer: taken.answer };
      case "reused":
        throw new AppError(
          "idempotency_key_reused",
          "This Idempotency-Key came before with another method, path or body",
        );
      case "running":
        wait = Math.min(wait * 2, LOOK_MS_MAX);
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw new AppError(
    "request_in_progress",
    "The same request is still being carried out",
    { retryAfterSeconds: 1 },
  );
}

/**
 * Ends a request that was begun: keeps its answer for whoever sends it again,
 * or, with null, lets the next one run again.
 */
export async function endOnce(
  { kv }: Services,
  receipt: Receipt,
  answer: KeptAnswer | null,
): Promise<void> {
  if (answer === null) await giveBack(kv, receipt);
  else await keepAnswer(kv, receipt, answer);
}
