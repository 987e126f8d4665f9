/** Attempts to sign in that did not succeed, or are not known to have. */
export interface Failures {
  count: number;
  /** Of the last one. */
  at: string;
}

/** How many failures are put up with, and for how long they are remembered. */
export interface Patience {
  /** So many cost nothing: people mistype. */
  free: number;
  /** After this long without one the count starts anew. */
  forgetMs: number;
}

/** Towards one account from one address. */
export const ACCOUNT_PATIENCE: Patience = { free: 4, forgetMs: 60 * 60_000 };

/** Towards one address, whatever accounts it tries: a clinic may stand behind it. */
export const ADDRESS_PATIENCE: Patience = { free: 30, forgetMs: 5 * 60_000 };

const DELAY_SECONDS_MAX = 15 * 60;

/**
 * Seconds until the next attempt is looked at: none for the first few
 * failures, then doubling up to a quarter of an hour. Never for ever, so that
 * nobody can lock somebody else out.
 */
export function waitSeconds(
  failures: Failures | null,
  { free }: Patience,
  now: Date,
): number {
  if (failures === null || failures.count <= free) return 0;
  const delay = Math.min(2 ** (failures.count - free), DELAY_SECONDS_MAX);
  const passed = (now.getTime() - Date.parse(failures.at)) / 1000;
  return Math.max(0, Math.ceil(delay - passed));
}

/** The failures with one more. */
export function withFailure(
  failures: Failures | null,
  { forgetMs }: Patience,
  now: Date,
): Failures {
  const forgotten = failures === null ||
    now.getTime() - Date.parse(failures.at) > forgetMs;
  return {
    count: forgotten ? 1 : failures.count + 1,
    at: now.toISOString(),
  };
}
