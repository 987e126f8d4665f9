/**
 * How callbacks reach their receiver: as they should, or late, twice, in
 * another order, or not at all. Twilio promises no order and, but for
 * retries, no second attempt
 * (https://www.twilio.com/docs/video/api/status-callbacks).
 *
 * @module
 */

/** A way of delivering. The parts can be combined. */
export interface CallbackPolicy {
  /** Milliseconds by which each callback is late. */
  readonly delayMs: number;
  /** How often each callback is sent, with the same idempotency token. */
  readonly copies: number;
  /**
   * Callbacks of a room that are held back and then sent in random order;
   * below 2: none. What is held back is sent when nothing has followed for
   * half a second, and when the room ends.
   */
  readonly shuffle: number;
  /** The probability from 0 to 1 that a callback is lost, or the events whose callbacks are. */
  readonly lose: number | readonly string[];
}

/** At once, once, in order. */
export const NORMAL_DELIVERY: CallbackPolicy = {
  delayMs: 0,
  copies: 1,
  shuffle: 0,
  lose: 0,
};

/** Whether a callback gets lost. */
export function isLost(
  { lose }: CallbackPolicy,
  event: string,
  random: () => number,
): boolean {
  return typeof lose === "number" ? random() < lose : lose.includes(event);
}

/**
 * Takes in one callback that is not lost.
 *
 * @param held What is held back of the same room.
 * @returns what is to be sent now, in order, and what is held back then.
 */
export function admit<T>(
  { copies, shuffle }: CallbackPolicy,
  held: readonly T[],
  callback: T,
  random: () => number,
): { readonly send: readonly T[]; readonly held: readonly T[] } {
  const all = [...held, ...Array<T>(copies).fill(callback)];
  if (shuffle < 2) return { send: all, held: [] };
  return all.length < shuffle
    ? { send: [], held: all }
    : { send: shuffled(all, random), held: [] };
}

/** The same items in random order. */
export function shuffled<T>(
  items: readonly T[],
  random: () => number,
): readonly T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
