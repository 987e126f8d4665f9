/**
 * Faults on demand, to see how an application takes them.
 *
 * @module
 */
import type { Signalling } from "./signalling/signalling.ts";

/** Any code but 1000: that one tells the SDK to give the session up. */
const CLOSE_FAULT = 4001;

/** Switches for what a network or a server can do to an application. */
export class Faults {
  readonly #signalling: Signalling;
  #refusing = false;

  /** Made by the emulator; see its property `faults`. */
  constructor(signalling: Signalling) {
    this.#signalling = signalling;
  }

  /**
   * Cuts signalling sockets, of one identity or all, as a failing network
   * does. The SDK says `reconnecting` and comes back by itself.
   */
  dropSockets(identity?: string): void {
    this.#signalling.drop(CLOSE_FAULT, identity);
  }

  /** Answers 503 to new signalling sockets until called with `false`. */
  refuseSockets(refuse: boolean): void {
    this.#refusing = refuse;
  }

  /** Whether new signalling sockets are refused. */
  get refusesSockets(): boolean {
    return this.#refusing;
  }

  /**
   * Stops reading and writing on signalling sockets, without closing them,
   * until called with `false`.
   */
  freeze(frozen: boolean): void {
    this.#signalling.freeze(frozen);
  }

  /**
   * Says "busy" to clients that connect.
   *
   * @param retryAfterMs How long they are to wait before they try again on
   * the same socket; below 0 they give up with 53006; `null` ends it.
   */
  busy(retryAfterMs: number | null): void {
    this.#signalling.busy = retryAfterMs;
  }
}
