/**
 * Requests per second of an account
 * (https://www.twilio.com/docs/video/programmable-video-limits).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { Quotas } from "../settings.ts";

interface Window {
  second: number;
  reads: number;
  writes: number;
}

/** Counts the requests of each account in the second that runs. */
export class RateLimit {
  readonly #quotas: Quotas;
  readonly #now: () => Date;
  readonly #windows = new Map<string, Window>();

  /** @param now The clock. */
  constructor(quotas: Quotas, now: () => Date) {
    this.#quotas = quotas;
    this.#now = now;
  }

  /**
   * Takes in a request.
   *
   * @throws {TwilioFault} 20429 when it is one too many.
   */
  admit(accountSid: string, method: string): void {
    const second = Math.floor(this.#now().getTime() / 1000);
    const before = this.#windows.get(accountSid);
    const window = before?.second === second
      ? before
      : { second, reads: 0, writes: 0 };
    this.#windows.set(accountSid, window);
    const { readsPerSecond, writesPerSecond } = this.#quotas;
    const isOver = method === "GET"
      ? ++window.reads > readsPerSecond
      : ++window.writes > writesPerSecond;
    if (isOver) throw new TwilioFault(20429);
  }
}
