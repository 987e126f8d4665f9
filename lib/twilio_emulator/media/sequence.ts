/**
 * Numbers of RTP that start over at their end, as numbers that only grow.
 *
 * @module
 */

/**
 * Makes a function that unwraps a counter: each value becomes the number
 * nearest to the highest one so far.
 *
 * @param bits 16 for sequence numbers, 32 for timestamps.
 */
export function unwrapper(bits: 16 | 32): (value: number) => number {
  const size = 2 ** bits;
  let highest: number | null = null;
  return (value) => {
    if (highest === null) {
      highest = value;
      return value;
    }
    const turn = Math.round((highest - value) / size) * size;
    const result = value + turn;
    highest = Math.max(highest, result);
    return result;
  };
}
