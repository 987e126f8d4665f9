import { createHash } from "node:crypto";
import { normalizeEmail } from "@/lib/accounts/account.ts";
import type { SignIn } from "@/lib/sign_in/sign_in.ts";
import type { Failures } from "@/lib/sign_in/throttle.ts";

/** Garbage is collected a day after the longest sign-in; whether one is valid is decided on read. */
const COLLECT_MS = 48 * 3_600_000;

const signInKey = (id: string) => ["sign_in", id];
const failuresKey = (email: string, ip: string) => [
  "sign_in_failures",
  hash(`${normalizeEmail(email)}\n${ip}`),
];

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

/** Failures of this address's account from this client so far. */
export async function findFailures(
  kv: Deno.Kv,
  email: string,
  ip: string,
): Promise<Failures | null> {
  return (await kv.get<Failures>(failuresKey(email, ip))).value;
}

/** Remembers the failures, or forgets them after a success. */
export async function saveFailures(
  kv: Deno.Kv,
  email: string,
  ip: string,
  failures: Failures | null,
): Promise<void> {
  const key = failuresKey(email, ip);
  if (failures === null) await kv.delete(key);
  else await kv.set(key, failures, { expireIn: COLLECT_MS });
}
