/** What a comparison came to. */
export interface Comparison {
  /** Medians. */
  measured: number;
  reference: number;
  /** Median of the ratios within each round. */
  ratio: number;
  samples: { measured: number[]; reference: number[] };
}

/**
 * Measures two things in turns: each round goes A B B A, so that a machine
 * that gets slower or faster meanwhile does so for both. The ratio is taken
 * within each round, between neighbours in time, and its median is the answer:
 * one round next to somebody else's compilation does not decide.
 */
export async function compare(
  rounds: number,
  measure: () => Promise<number>,
  measureReference: () => Promise<number>,
): Promise<Comparison> {
  const samples = { measured: [] as number[], reference: [] as number[] };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = await measure();
    const second = await measureReference();
    const third = await measureReference();
    const fourth = await measure();
    samples.measured.push(first, fourth);
    samples.reference.push(second, third);
    ratios.push((first + fourth) / (second + third));
  }
  return {
    measured: median(samples.measured),
    reference: median(samples.reference),
    ratio: median(ratios),
    samples,
  };
}

/** The middle one; of an even number, between the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
