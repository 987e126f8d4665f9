import { createHash } from "node:crypto";
import { normalizeEmail } from "@/lib/accounts/account.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import type { SignIn } from "@/lib/sign_in/sign_in.ts";
import {
  ACCOUNT_PATIENCE,
  ADDRESS_PATIENCE,
  type Failures,
  waitSeconds,
  withFailure,
} from "@/lib/sign_in/throttle.ts";

/** Garbage is collected a day after the longest sign-in; whether one is valid is decided on read. */
const COLLECT_MS = 48 * 3_600_000;

const signInKey = (id: string) => ["sign_in", id];
const failuresKey = (email: string, ip: string) => [
  "sign_in_failures",
  hash(`${normalizeEmail(email)}\n${ip}`),
];

const addressKey = (ip: string) => ["sign_in_failures_of", ip];

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What a cookie is stored and audited as: its hash, which cannot be turned back. */
export function signInIdOf(cookieValue: string): string {
  return hash(cookieValue);
}

/** The sign-in with this id, or null. */
export async function findSignIn(
  kv: Deno.Kv,
  id: string,
): Promise<SignIn | null> {
  return (await kv.get<SignIn>(signInKey(id))).value;
}

/** Notes activity, unless the sign-in is gone meanwhile: a sign-out is never undone. */
export async function touchSignIn(
  kv: Deno.Kv,
  id: string,
  seenAt: string,
): Promise<void> {
  const entry = await kv.get<SignIn>(signInKey(id));
  if (entry.value === null) return;
  await kv.atomic().check(entry)
    .set(signInKey(id), { ...entry.value, seenAt }, { expireIn: COLLECT_MS })
    .commit();
}

/** Stores a new sign-in. */
export async function saveSignIn(
  kv: Deno.Kv,
  id: string,
  signIn: SignIn,
): Promise<void> {
  await kv.set(signInKey(id), signIn, { expireIn: COLLECT_MS });
}

/** Forgets a sign-in. */
export async function deleteSignIn(kv: Deno.Kv, id: string): Promise<void> {
  await kv.delete(signInKey(id));
}

/**
 * Counts an attempt as failed before it is looked at, so that many at once
 * count as many. Answers the seconds to wait instead, if there are any; then
 * nothing is counted.
 */
export function reserveAttempt(
  kv: Deno.Kv,
  email: string,
  ip: string,
  now: Date,
): Promise<number> {
  return untilCommitted(async () => {
    const [account, address] = await kv.getMany<[Failures, Failures]>([
      failuresKey(email, ip),
      addressKey(ip),
    ]);
    const wait = Math.max(
      waitSeconds(account.value, ACCOUNT_PATIENCE, now),
      waitSeconds(address.value, ADDRESS_PATIENCE, now),
    );
    if (wait > 0) return { ok: true, value: wait };
    const { ok } = await kv.atomic().check(account, address)
      .set(account.key, withFailure(account.value, ACCOUNT_PATIENCE, now), {
        expireIn: COLLECT_MS,
      })
      .set(address.key, withFailure(address.value, ADDRESS_PATIENCE, now), {
        expireIn: COLLECT_MS,
      })
      .commit();
    return ok ? { ok, value: 0 } : LOST;
  });
}

/** Forgets the failures of this account from this address: the attempt was its owner's. */
export async function forgetFailures(
  kv: Deno.Kv,
  email: string,
  ip: string,
): Promise<void> {
  await kv.delete(failuresKey(email, ip));
  await kv.delete(addressKey(ip));
}
