/**
 * Timers that can all be ended at once, so that nothing outlives the emulator.
 *
 * @module
 */

/**
 * Calls `task` once after `ms` milliseconds, and returns what calls it off.
 * The option `schedule` of the emulator takes one, so that tests need not
 * wait for a room's minutes to pass.
 */
export type Schedule = (ms: number, task: () => void) => () => void;

/** Real time. */
export const schedule: Schedule = (ms, task) => {
  const id = setTimeout(task, ms);
  return () => clearTimeout(id);
};

/** The pending timers of one emulator. */
export class Timers {
  readonly #schedule: Schedule;
  readonly #pending = new Set<() => void>();
  #closed = false;

  constructor(scheduler: Schedule) {
    this.#schedule = scheduler;
  }

  /** Calls `task` once after `ms` milliseconds unless the answer is called. */
  after(ms: number, task: () => void): () => void {
    if (this.#closed) return () => {};
    const cancel = () => {
      this.#pending.delete(cancel);
      stop();
    };
    const stop = this.#schedule(ms, () => {
      this.#pending.delete(cancel);
      task();
    });
    this.#pending.add(cancel);
    return cancel;
  }

  /** Calls everything off, for good. */
  close(): void {
    this.#closed = true;
    for (const cancel of [...this.#pending]) cancel();
  }
}

/** At most one timer for each of many things. */
export class TimersOf<K> {
  readonly #timers: Timers;
  readonly #cancel = new Map<K, () => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Calls `task` once after `ms` milliseconds, instead of what was planned before. */
  set(key: K, ms: number, task: () => void): void {
    this.stop(key);
    const cancel = this.#timers.after(ms, () => {
      this.#cancel.delete(key);
      task();
    });
    this.#cancel.set(key, cancel);
  }

  /** Calls off what is planned. */
  stop(key: K): void {
    this.#cancel.get(key)?.();
    this.#cancel.delete(key);
  }
}
