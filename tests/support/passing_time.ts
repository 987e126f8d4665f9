import { mock } from "node:test";

/** Timers of the emulator's rooms; shorter ones are about its sockets and requests. */
const ROOM_MS_MIN = 30_000;

interface Timer {
  due: number;
  task: () => void;
}

/**
 * The time of day, for everything in this process: it stands until somebody
 * lets it pass, and with it pass the long timers of the emulator, which ends
 * rooms that nobody uses. `using` brings the real one back.
 */
export class PassingTime implements Disposable {
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;
  readonly #timers = new Map<number, Timer>();
  #timerId = 2 ** 41;
  /** What has passed, in ms. Never goes back. */
  #passed = 0;
  #now: number;

  constructor(start: Date) {
    this.#now = start.getTime();
    mock.timers.enable({ apis: ["Date"], now: this.#now });
    const real = this.#setTimeout;
    globalThis.setTimeout = ((task: () => void, ms = 0, ...rest: []) => {
      if (ms < ROOM_MS_MIN) return real(task, ms, ...rest);
      const id = this.#timerId++;
      this.#timers.set(id, { due: this.#passed + ms, task });
      return id;
    }) as typeof setTimeout;
    globalThis.clearTimeout = (id) => {
      if (!this.#timers.delete(Number(id))) this.#clearTimeout(id);
    };
  }

  /** Lets time pass, timers in their order. */
  pass(seconds: number): void {
    const end = this.#passed + seconds * 1000;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { due }]) => due <= end)
        .toSorted(([, a], [, b]) => a.due - b.due);
      if (next === undefined) break;
      const [id, { due, task }] = next;
      this.#timers.delete(id);
      this.#moveTo(due);
      task();
    }
    this.#moveTo(end);
  }

  /** Sets the clock back, as an administrator does: no time passes. */
  setBack(seconds: number): void {
    this.#now -= seconds * 1000;
    mock.timers.setTime(this.#now);
  }

  #moveTo(passed: number): void {
    this.#now += passed - this.#passed;
    this.#passed = passed;
    mock.timers.setTime(this.#now);
  }

  /** Real time again. */
  [Symbol.dispose](): void {
    mock.timers.reset();
    globalThis.setTimeout = this.#setTimeout;
    globalThis.clearTimeout = this.#clearTimeout;
  }
}
