/** Whether bytes go over the line: `checking` until there are two counts to compare, `uncounted` where the browser has none. */
export type Flow = "flows" | "stands" | "checking" | "uncounted";

/** A count of bytes that is looked at again and again. */
export interface Count {
  bytes: number | null;
  /** When it was first looked at, or last seen to grow. In milliseconds of any one clock. */
  since: number;
  hasGrown: boolean;
}

/** Silence that is sent in large steps, and a short gap, are not yet a standstill. */
const PATIENCE_MS = 4_000;

/** The count as it is now, at this time. */
export function nextCount(
  before: Count | null,
  bytes: number | null,
  now: number,
): Count {
  // Fewer than before: another track, or another connection, counts anew.
  if (
    before === null || bytes === null || before.bytes === null ||
    bytes < before.bytes
  ) return { bytes, since: now, hasGrown: false };
  return bytes > before.bytes ? { bytes, since: now, hasGrown: true } : before;
}

/** What the count says at this time. */
export function flowOf({ bytes, since, hasGrown }: Count, now: number): Flow {
  if (bytes === null) return "uncounted";
  if (now - since >= PATIENCE_MS) return "stands";
  return hasGrown ? "flows" : "checking";
}
