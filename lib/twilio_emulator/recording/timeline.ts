/**
 * When a packet belongs into a file.
 *
 * @module
 */

/** A sender's clock may stray so much from ours, in seconds; beyond, ours counts. */
const MAX_DRIFT = 2;

/**
 * The time of one track: by the sender's RTP timestamps, which have no jitter.
 * Another stream, or a leap, goes on by time of arrival.
 */
export class Timeline {
  readonly #clockRate: number;
  #startedAt: number | null = null;
  #base: { ssrc: number; timestamp: number; seconds: number } | null = null;

  /** @param clockRate Of the RTP timestamps, in hertz. */
  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** Seconds since the first packet asked about. `at` is in milliseconds. */
  seconds(ssrc: number, timestamp: number, at: number): number {
    this.#startedAt ??= at;
    const arrived = this.arrived(at);
    if (this.#base?.ssrc === ssrc) {
      const passed = (timestamp - this.#base.timestamp) / this.#clockRate;
      const seconds = this.#base.seconds + passed;
      if (Math.abs(seconds - arrived) <= MAX_DRIFT) return seconds;
    }
    this.#base = { ssrc, timestamp, seconds: arrived };
    return arrived;
  }

  /** Seconds from the first packet's arrival to a time of our own clock. */
  arrived(at: number): number {
    return this.#startedAt === null ? 0 : (at - this.#startedAt) / 1000;
  }

  /** The stream comes over another transport: its numbers mean nothing any more. */
  restart(): void {
    this.#base = null;
  }
}
