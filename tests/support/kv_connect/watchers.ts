import type { Database } from "./database.ts";
import { encodeWatchOutput, READ_STATUS } from "./messages.ts";

/** How often a quiet stream says that it is still there. */
const PING_MS = 5_000;

/** Everybody who waits for keys to change. */
export class Watchers {
  readonly #database: Database;
  readonly #streams = new Set<WatchStream>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** A stream of `WatchOutput`s, each after its length: the keys as they are, and again whenever one of them changed. */
  watch(keys: Uint8Array[]): ReadableStream<Uint8Array> {
    const stream = new WatchStream(this.#database, keys);
    this.#streams.add(stream);
    return stream.readable(() => this.#streams.delete(stream));
  }

  /** These keys have changed. */
  notify(keys: Uint8Array[]): void {
    if (this.#streams.size === 0) return;
    const changed = new Set(keys.map((key) => key.toHex()));
    for (const stream of this.#streams) stream.notify(changed);
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#streams) stream.close();
  }
}

/** One request to watch. Changes that come faster than they are read arrive as one. */
class WatchStream {
  readonly #database: Database;
  readonly #keys: Uint8Array[];
  readonly #names: string[];
  #due = true;
  #closed = false;
  #wake = () => {};

  constructor(database: Database, keys: Uint8Array[]) {
    this.#database = database;
    this.#keys = keys;
    this.#names = keys.map((key) => key.toHex());
  }

  notify(changed: Set<string>): void {
    if (!this.#names.some((name) => changed.has(name))) return;
    this.#due = true;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  readable(onEnd: () => void): ReadableStream<Uint8Array> {
    return new ReadableStream({
      pull: async (controller) => {
        if (!this.#due && !this.#closed) await this.#change();
        if (this.#closed) {
          onEnd();
          controller.close();
          return;
        }
        controller.enqueue(this.#due ? this.#output() : framed());
        this.#due = false;
      },
      cancel: () => {
        this.close();
        onEnd();
      },
    }, { highWaterMark: 0 });
  }

  /** Resolves when there is something to say, or it is time for a ping. */
  async #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const ping = setTimeout(resolve, PING_MS);
    await promise;
    clearTimeout(ping);
  }

  /** All keys count as changed, as with denokv: Deno's client takes an unchanged one for a deleted one. */
  #output(): Uint8Array {
    const keys = this.#keys.map((key) => {
      const entry = this.#database.get(key);
      return entry === null
        ? { changed: true }
        : { changed: true, entryIfChanged: entry };
    });
    return framed(encodeWatchOutput({ status: READ_STATUS.SUCCESS, keys }));
  }
}

/** A message after its length, in four bytes, the lowest first. An empty one is a ping. */
function framed(message: Uint8Array = new Uint8Array()): Uint8Array {
  const frame = new Uint8Array(4 + message.length);
  new DataView(frame.buffer).setUint32(0, message.length, true);
  frame.set(message, 4);
  return frame;
}
