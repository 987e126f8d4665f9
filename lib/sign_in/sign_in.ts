import type { Account, Role } from "@/lib/accounts/account.ts";

/** One browser that is signed in, as stored under the hash of its cookie. */
export interface SignIn {
  accountId: string;
  createdAt: string;
  /** The last request that counts as activity; written at most once a minute. */
  seenAt: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a sign-in lasts, whole and without activity (NIST SP 800-63B-4: AAL2 at most 24 h and 1 h). */
const LIFETIMES: Record<Role, { wholeMs: number; idleMs: number }> = {
  doctor: { wholeMs: 12 * HOUR_MS, idleMs: 30 * MINUTE_MS },
  patient: { wholeMs: 24 * HOUR_MS, idleMs: HOUR_MS },
  admin: { wholeMs: 12 * HOUR_MS, idleMs: 30 * MINUTE_MS },
};

/** When the sign-in ends at the latest. */
export function expiryOf(signIn: SignIn, role: Role): Date {
  return new Date(Date.parse(signIn.createdAt) + LIFETIMES[role].wholeMs);
}

/** Whether the sign-in still admits this account. */
export function isValid(signIn: SignIn, account: Account, now: Date): boolean {
  const { idleMs } = LIFETIMES[account.role];
  return account.disabledAt === null &&
    now.getTime() < expiryOf(signIn, account.role).getTime() &&
    now.getTime() < Date.parse(signIn.seenAt) + idleMs;
}

/** Whether the activity is worth writing down. */
export function isStale(signIn: SignIn, now: Date): boolean {
  return now.getTime() - Date.parse(signIn.seenAt) >= MINUTE_MS;
}
