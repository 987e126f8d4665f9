import type { Client } from "@/lib/accounts/account.ts";
import type {
  IdempotencyRow,
  KeptAnswer,
  Receipt,
} from "@/lib/idempotency/receipt.ts";
import { judge, reservation, type Verdict } from "@/lib/idempotency/rules.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";

/** Garbage is collected an hour after the last row could be of use; whether one is valid is decided on read. */
const COLLECT_MS = 25 * 3_600_000;

const options = { expireIn: COLLECT_MS };

/** Which request it is: the key of its row, and what tells it apart from others with this key. */
export interface Intent {
  key: readonly string[];
  requestHash: string;
}

/** A reservation, or why there is none. */
export type Taken =
  | { verdict: "free"; receipt: Receipt }
  | Exclude<Verdict, { verdict: "free" }>;

/**
 * Reserves the row for one run of the request, if it is free: never used,
 * expired, or left behind by a run that died.
 */
export function takeRow(
  kv: Deno.Kv,
  { key, requestHash }: Intent,
  now: Date,
): Promise<Taken> {
  return untilCommitted<Taken>(async () => {
    const entry = await kv.get<IdempotencyRow>(key);
    const judged = judge(entry.value, requestHash, now);
    if (judged.verdict !== "free") return { ok: true, value: judged };
    const { effect } = judged;
    const row = reservation(requestHash, effect, now);
    const result = await kv.atomic().check(entry).set(key, row, options)
      .commit();
    if (!result.ok) return LOST;
    const { versionstamp } = result;
    const receipt: Receipt = { key, row, versionstamp, effect };
    return { ok: true, value: { verdict: "free", receipt } };
  });
}

/**
 * Commits an operation that changes state for a request. If the request has a
 * receipt, the commit lands only while the request still holds its
 * reservation, and notes along with it that the record `effect` is written; of
 * several commits of one request the first gives the note. Without a receipt
 * (no `Idempotency-Key`, no request) it is a plain commit. Adds one check.
 */
export async function commitWithReceipt(
  operation: Deno.AtomicOperation,
  client: Client | null,
  effect: string,
): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
  const receipt = client?.receipt;
  if (receipt === undefined) return await operation.commit();
  const { key, versionstamp } = receipt;
  const row = { ...receipt.row, effect: receipt.row.effect ?? effect };
  const result = await operation.check({ key, versionstamp })
    .set(key, row, options).commit();
  if (result.ok) {
    receipt.row = row;
    receipt.versionstamp = result.versionstamp;
  }
  return result;
}

/** Keeps the answer for whoever sends the request again. Does nothing if somebody else has taken over. */
export async function keepAnswer(
  kv: Deno.Kv,
  { key, row, versionstamp }: Receipt,
  answer: KeptAnswer,
): Promise<void> {
  await committed(() =>
    kv.atomic().check({ key, versionstamp })
      .set(key, { ...row, answer }, options)
  );
}

/**
 * Gives the reservation back: the next request with this key runs again, at
 * once. What this one has committed stays noted, so that it is not done twice.
 */
export async function giveBack(
  kv: Deno.Kv,
  { key, row, versionstamp }: Receipt,
): Promise<void> {
  await committed(() => {
    const operation = kv.atomic().check({ key, versionstamp });
    return row.effect === null
      ? operation.delete(key)
      : operation.set(key, { ...row, until: row.startedAt }, options);
  });
}

/** Commits once, however long the storage is locked; a check that fails stays failed. */
async function committed(
  operation: () => Deno.AtomicOperation,
): Promise<void> {
  await untilCommitted(async () => {
    await operation().commit();
    return { ok: true, value: undefined };
  });
}
