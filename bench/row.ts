/** A ratio of measured to reference that is to be reached, or not to be passed. */
export type Target = { atLeast: number } | { atMost: number };

/** One line of the table: something measured, and what it is held against. */
export interface Row {
  what: string;
  unit: "requests/s" | "sessions/s" | "ms" | "bytes" | "MiB";
  measured: number;
  /** A measurement of the same run, or a size that is allowed. */
  reference: number;
  /** Of measured to reference; not always their quotient, see `compare.ts`. */
  ratio: number;
  target: Target;
  /** What `reference` is, when the unit alone does not say it. */
  note?: string;
  /** Every single measurement, for whoever doubts the median. */
  samples?: { measured: number[]; reference: number[] };
}

/** Bytes of script that a call may load besides the SDK; 1 KB is 1000 bytes, the stricter reading. */
export const CALL_BESIDES_SDK = 25_000;

/** A row about a size that must not be passed. */
export function sizeRow(
  what: string,
  unit: Row["unit"],
  measured: number,
  allowed: number,
): Row {
  return {
    what,
    unit,
    measured,
    reference: allowed,
    ratio: measured / allowed,
    target: { atMost: 1 },
    note: "allowed",
  };
}

/** Whether the target is met. */
export function isMet({ ratio, target }: Row): boolean {
  return "atLeast" in target ? ratio >= target.atLeast : ratio <= target.atMost;
}
