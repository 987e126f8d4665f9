/** An answer as it is kept to be given again: no more of it than the caller needs. */
export interface KeptAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The bytes as they were sent; empty for an answer without a body. */
  body: Uint8Array<ArrayBuffer>;
}

/** What is stored of one `Idempotency-Key` of one person. */
export interface IdempotencyRow {
  /** Layout of this record. */
  v: 1;
  /** Tells the request apart from any other that is sent with the same key; see `requestHash`. */
  requestHash: string;
  startedAt: string;
  /** A run that is not done by then has died, and the next request with this key takes over. */
  until: string;
  /** Id of the record that the first commit of this request wrote; null: nothing has been committed. */
  effect: string | null;
  /** Null while the request is under way. */
  answer: KeptAnswer | null;
  /** From then on the key is as good as new. */
  expiresAt: string;
}

/**
 * What a request with an `Idempotency-Key` carries on its way, so that its
 * commits land together with the note that they have landed: whoever dies
 * between a commit and the answer has still done the thing once. One object
 * per request; `commitWithReceipt` of `store.ts` is the only one to change it.
 */
export interface Receipt {
  /** Where the row is stored. */
  readonly key: readonly string[];
  /** The row as this request knows it to be stored. */
  row: IdempotencyRow;
  /** The row's versionstamp. Somebody who takes over changes it, and from then on this request can commit nothing. */
  versionstamp: string;
  /**
   * Id of the record that an earlier run of this same request had committed
   * before it died, or null. This run's own commits do not change it.
   */
  readonly effect: string | null;
}

/**
 * Id of the record that an earlier, died run of this request has made, or
 * null. Whoever creates something asks first, and answers that one instead of
 * making a second. For use cases whose creation is one commit: the note names
 * one record.
 */
export function earlierEffect(
  { receipt }: { receipt?: Receipt },
): string | null {
  return receipt?.effect ?? null;
}
