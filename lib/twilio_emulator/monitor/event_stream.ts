/**
 * Server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @module
 */
import type { Timers } from "../timers.ts";

/** A comment so often keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;

/** A reader that is so many events behind is let go; it will come back. */
const MAX_BEHIND = 1000;

/** Those who listen to the events of a page. */
export class EventStream {
  readonly #timers: Timers;
  readonly #readers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #encoder = new TextEncoder();
  #stop: () => void = () => {};

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#readers.size > 0;
  }

  /** Answers a request with the stream; `first` is told at once. */
  open(event: string, first: unknown): Response {
    let reader: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        reader = controller;
        controller.enqueue(this.#frame(event, first));
        if (!this.isHeard) this.#keepAlive();
        this.#readers.add(controller);
      },
      cancel: () => this.#forget(reader),
    });
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
      },
    });
  }

  /** Tells everybody who listens. */
  send(event: string, data: unknown): void {
    this.#write(this.#frame(event, data));
  }

  /** Ends every stream. */
  close(): void {
    for (const reader of [...this.#readers]) {
      this.#forget(reader);
      reader.close();
    }
  }

  #frame(event: string, data: unknown): Uint8Array {
    // JSON has no line breaks outside of texts, and none unescaped in them.
    return this.#encoder.encode(
      `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
    );
  }

  #write(bytes: Uint8Array): void {
    for (const reader of [...this.#readers]) {
      if ((reader.desiredSize ?? 0) > -MAX_BEHIND) {
        reader.enqueue(bytes);
      } else {
        this.#forget(reader);
        reader.close();
      }
    }
  }

  #keepAlive(): void {
    this.#stop = this.#timers.after(KEEP_ALIVE_MS, () => {
      this.#write(this.#encoder.encode(":\n\n"));
      if (this.isHeard) this.#keepAlive();
    });
  }

  #forget(reader: ReadableStreamDefaultController<Uint8Array>): void {
    this.#readers.delete(reader);
    if (!this.isHeard) this.#stop();
  }
}
