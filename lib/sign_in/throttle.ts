/** Failed sign-ins of one account from one address. */
export interface Failures {
  count: number;
  /** Of the last one. */
  at: string;
}

/** So many failures cost nothing: people mistype. */
const FREE = 4;
const DELAY_SECONDS_MAX = 15 * 60;
/** After this long without a failure the count starts anew. */
const FORGET_MS = 60 * 60_000;

/**
 * Seconds until the next attempt is looked at: none for the first few
 * failures, then doubling up to a quarter of an hour. Never for ever, so that
 * nobody can lock somebody else out.
 */
export function waitSeconds(failures: Failures | null, now: Date): number {
  if (failures === null || failures.count <= FREE) return 0;
  const delay = Math.min(2 ** (failures.count - FREE), DELAY_SECONDS_MAX);
  const passed = (now.getTime() - Date.parse(failures.at)) / 1000;
  return Math.max(0, Math.ceil(delay - passed));
}

/** The failures with one more. */
export function withFailure(failures: Failures | null, now: Date): Failures {
  const forgotten = failures === null ||
    now.getTime() - Date.parse(failures.at) > FORGET_MS;
  return {
    count: forgotten ? 1 : failures.count + 1,
    at: now.toISOString(),
  };
}
