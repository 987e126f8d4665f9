import { AsyncLocalStorage } from "node:async_hooks";

/** Who does something that is going on; turns of whoever has died are never taken. */
export interface Doer {
  name: string;
  isDead: boolean;
}

/** An effect that waits for its turn. */
interface Waiting {
  by: Doer;
  what: string;
  /** The effect itself, without telling whoever waits for it. */
  effect(): Promise<unknown>;
  /** Carries the effect out and tells. Never rejects. */
  take(): Promise<void>;
}

/** Waits of the product between two attempts; longer ones are the HTTP client's and the emulator's own. */
const WAIT_MS_MAX = 2_000;

/** How likely an interval is over before the next effect. */
const TICKS = 0.05;

/** Lets everything go on that can go on without another effect. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Lets concurrent work go on one effect at a time, in an order that a random
 * number decides: whatever can race in production is tried in an order that a
 * seed repeats. Effects have to be handed to `of()`. A wait of the product's
 * own is an effect that does nothing: time passes as it likes.
 */
export class Turns<D extends Doer> implements Disposable {
  readonly #doing = new AsyncLocalStorage<D>();
  readonly #random: () => number;
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;
  readonly #setInterval = globalThis.setInterval;
  readonly #clearInterval = globalThis.clearInterval;
  #waiting: Waiting[] = [];
  #timerId = 2 ** 40;
  readonly #timers = new Map<number, Waiting>();
  readonly #intervals = new Map<number, { by: D; tick: () => void }>();
  /** What was done, in order, for whoever has to find out what went wrong. */
  readonly trace: string[] = [];

  constructor(random: () => number) {
    this.#random = random;
    const real = this.#setTimeout;
    globalThis.setTimeout = ((task: () => void, ms = 0, ...rest: []) => {
      const by = this.#doing.getStore();
      return by === undefined || ms > WAIT_MS_MAX
        ? real(task, ms, ...rest)
        : this.#wait(by, task);
    }) as typeof setTimeout;
    globalThis.clearTimeout = (id) => {
      const timer = this.#timers.get(Number(id));
      if (timer === undefined) return this.#clearTimeout(id);
      this.#timers.delete(Number(id));
      this.#waiting = this.#waiting.filter((one) => one !== timer);
    };
    globalThis.setInterval = ((tick: () => void, ms = 0, ...rest: []) => {
      const by = this.#doing.getStore();
      if (by === undefined) return this.#setInterval(tick, ms, ...rest);
      const id = this.#timerId++;
      if (!by.isDead) this.#intervals.set(id, { by, tick });
      return id;
    }) as typeof setInterval;
    globalThis.clearInterval = (id) => {
      if (!this.#intervals.delete(Number(id))) this.#clearInterval(id);
    };
  }

  /** How many effects wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Who does what is going on right here. */
  get doer(): D | undefined {
    return this.#doing.getStore();
  }

  /** Begins some work; what it does waits for its turns. */
  begin<T>(by: D, work: () => Promise<T>): Promise<T> {
    return this.#doing.run(by, work);
  }

  /** Carries an effect out when its turn comes. */
  of<T>(by: Doer, what: string, effect: () => Promise<T>): Promise<T> {
    // Whoever is dead never hears of anything any more.
    if (by.isDead) return new Promise(() => {});
    return new Promise<T>((resolve, reject) => {
      const take = () => effect().then(resolve, reject);
      this.#waiting.push({ by, what, effect, take });
    });
  }

  /** Takes one of the turns. Answers false if nothing waits. */
  async next(): Promise<boolean> {
    await settled();
    if (this.#waiting.length === 0) return false;
    this.#tick();
    const at = Math.floor(this.#random() * this.#waiting.length);
    const [chosen] = this.#waiting.splice(at, 1);
    this.trace.push(`${chosen!.by.name} ${chosen!.what}`);
    await chosen!.take();
    await settled();
    return true;
  }

  /**
   * The doer dies at this moment: of what it was about to do each thing still
   * happens or not, without its ever hearing of it.
   */
  async kill(by: Doer): Promise<void> {
    by.isDead = true;
    for (const [id, interval] of this.#intervals) {
      if (interval.by === by) this.#intervals.delete(id);
    }
    const last = this.#waiting.filter((one) => one.by === by);
    this.#waiting = this.#waiting.filter((one) => one.by !== by);
    for (const { what, effect } of last) {
      if (this.#random() < 0.5) continue;
      this.trace.push(`${by.name} ${what} … and dies`);
      await effect().catch(() => {});
    }
  }

  /** Now and then an interval is over. */
  #tick(): void {
    for (const { by, tick } of this.#intervals.values()) {
      if (this.#random() >= TICKS) continue;
      this.trace.push(`${by.name} ticks`);
      this.#doing.run(by, tick);
    }
  }

  #wait(by: D, task: () => void): number {
    const id = this.#timerId++;
    const take = () => {
      this.#timers.delete(id);
      this.#doing.run(by, task);
      return Promise.resolve();
    };
    const timer: Waiting = {
      by,
      what: "waits",
      effect: () => Promise.resolve(),
      take,
    };
    this.#timers.set(id, timer);
    if (!by.isDead) this.#waiting.push(timer);
    return id;
  }

  /** Gives the timers back. */
  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#setTimeout;
    globalThis.clearTimeout = this.#clearTimeout;
    globalThis.setInterval = this.#setInterval;
    globalThis.clearInterval = this.#clearInterval;
  }
}
