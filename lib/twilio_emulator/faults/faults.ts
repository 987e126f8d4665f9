/**
 * Faults on demand, to see how an application takes them.
 *
 * @module
 */
import type { CallbackPolicy } from "../callbacks/policy.ts";
import {
  type FaultsPatch,
  faultsPatch,
  type FaultState,
  meetRestFaults,
  patchFaults,
  type RestEncounter,
} from "./model.ts";

/** Any code but 1000: that one tells the SDK to give the session up. */
const CLOSE_FAULT = 4001;

/** What faults are applied to. */
interface Targets {
  /** Closes signalling sockets. */
  drop(code: number, identity?: string): void;
  /** Stops reading and writing on them. */
  freeze(frozen: boolean): void;
  /** Answer to every `hello`. */
  busy: number | null;
}

/** Switches for what a network or a server can do to an application. */
export class Faults {
  readonly #normal: FaultState;
  #state: FaultState;
  #targets: Targets | null = null;
  #cleared = Promise.withResolvers<void>();

  /**
   * Made by the emulator; see its property `faults`.
   *
   * @param normal What {@link clear} goes back to.
   */
  constructor(normal: FaultState) {
    this.#normal = normal;
    this.#state = normal;
  }

  /** Names what is to be dropped, frozen and busy. */
  aimAt(targets: Targets): void {
    this.#targets = targets;
  }

  /** Every active fault. */
  get state(): FaultState {
    return this.#state;
  }

  /** Settles when the faults are next cleared: what hangs goes on then. */
  get cleared(): Promise<void> {
    return this.#cleared.promise;
  }

  /**
   * Sets faults; what is not named stays as it is.
   *
   * ```ts
   * emulator.faults.set({
   *   rest: [{ kind: "error", status: 429, code: 20429, retryAfterSeconds: 2, times: 3 }],
   *   callbacks: { shuffle: 5 },
   * });
   * ```
   *
   * @throws {Error} of zod when it is none.
   */
  set(patch: FaultsPatch): void {
    const checked = faultsPatch.parse(patch);
    const before = this.#state;
    this.#change(patchFaults(before, checked));
    if (checked.rest) this.#release();
    if (checked.drop) this.dropSockets(checked.drop.identity);
  }

  /** Ends every fault. Calls that hang are answered. */
  clear(): void {
    this.#change(this.#normal);
    this.#release();
  }

  /** What a REST call meets; uses up one of the `times` of each fault. */
  meet(call: { method: string; path: string }): RestEncounter {
    const encounter = meetRestFaults(this.#state, call, Math.random);
    this.#state = encounter.state;
    return encounter;
  }

  /**
   * Cuts signalling sockets, of one identity or all, as a failing network
   * does. The SDK says `reconnecting` and comes back by itself.
   */
  dropSockets(identity?: string): void {
    this.#targets?.drop(CLOSE_FAULT, identity);
  }

  /** Answers 503 to new signalling sockets until called with `false`. */
  refuseSockets(refuse: boolean): void {
    this.set({ sockets: { refuse } });
  }

  /** Whether new signalling sockets are refused. */
  get refusesSockets(): boolean {
    return this.#state.sockets.refuse;
  }

  /**
   * Stops reading and writing on signalling sockets, without closing them,
   * until called with `false`.
   */
  freeze(frozen: boolean): void {
    this.set({ sockets: { freeze: frozen } });
  }

  /**
   * Says "busy" to clients that connect.
   *
   * @param retryAfterMs How long they are to wait before they try again on
   * the same socket; below 0 they give up with 53006; `null` ends it.
   */
  busy(retryAfterMs: number | null): void {
    this.set({ sockets: { busyMs: retryAfterMs } });
  }

  /** Delivers callbacks in another way; what is not named stays as it is. */
  callbacks(policy: Partial<CallbackPolicy>): void {
    const { lose } = policy;
    const list = typeof lose === "object" ? { lose: [...lose] } : {};
    this.set({ callbacks: { ...policy, ...list } as FaultsPatch["callbacks"] });
  }

  #change(state: FaultState): void {
    const { sockets } = this.#state;
    this.#state = state;
    const targets = this.#targets;
    if (!targets) return;
    targets.busy = state.sockets.busyMs;
    if (sockets.freeze !== state.sockets.freeze) {
      targets.freeze(state.sockets.freeze);
    }
  }

  #release(): void {
    const { resolve } = this.#cleared;
    this.#cleared = Promise.withResolvers<void>();
    resolve();
  }
}
