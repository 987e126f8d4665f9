import type { Duty } from "@/lib/sessions/duties.ts";

/** One promise to the video service that is not kept yet. */
export interface OutboxRow extends Duty {
  sessionId: string;
  /** How often it was tried. */
  attempts: number;
  /** Not to be tried before. */
  dueAt: string;
  /** Since when it is owed. */
  since: string;
}

/** Whoever makes a promise tries to keep it at once; the worker comes in after that. */
const GRACE_MS: Partial<Record<Duty["kind"], number>> = {
  // The request that starts a session waits five seconds for the video service.
  "room.open": 6_000,
  // The request that ends one waits two.
  "room.close": 3_000,
  // The request that both agree with waits for the video service, too.
  "room.move": 6_000,
  // People leave the old room when they are in the new one.
  "room.drop": 30_000,
};

/** A promise that has just been made. */
export function newRow(sessionId: string, duty: Duty, at: Date): OutboxRow {
  const dueMs = at.getTime() + (GRACE_MS[duty.kind] ?? 0);
  return {
    ...duty,
    sessionId,
    attempts: 0,
    dueAt: new Date(dueMs).toISOString(),
    since: at.toISOString(),
  };
}

const DELAY_MS_MAX = 60_000;

/**
 * How long to wait after so many attempts, in ms: 1, 2, 4 … 60 s, and up to a
 * fifth more or less (`chance` from 0 to 1), so that a thousand promises do
 * not come back together.
 */
export function backoffMs(attempts: number, chance: number): number {
  const base = Math.min(DELAY_MS_MAX, 1_000 * 2 ** Math.max(0, attempts - 1));
  return Math.round(base * (0.8 + 0.4 * chance));
}

/** When a promise is looked at again. */
export interface Delay {
  /** From 0 to 1; see `backoffMs`. */
  chance: number;
  /** What the video service asked for, in ms. */
  atLeastMs?: number;
  /** When it is given up: no use to wait for longer. ISO. */
  deadline?: string | undefined;
}

/** The row after an attempt that did not work. */
export function postponed(
  row: OutboxRow,
  at: Date,
  { chance, atLeastMs = 0, deadline }: Delay,
): OutboxRow {
  const attempts = row.attempts + 1;
  const delayMs = Math.max(atLeastMs, backoffMs(attempts, chance));
  const dueAt = new Date(at.getTime() + delayMs).toISOString();
  const isTooLate = deadline !== undefined && dueAt > deadline;
  return { ...row, attempts, dueAt: isTooLate ? deadline : dueAt };
}
