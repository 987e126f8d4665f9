/**
 * Compositions that wait for a page that renders them, and what becomes of
 * them.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { isSame } from "../media/links.ts";
import type { Composition, Compositions } from "../recording/compositions.ts";
import { mux } from "../recording/remux.ts";
import type { Scene } from "./scene.ts";

/** A page that says nothing for so long is gone; another may take its work. */
const LEASE_MS = 30_000;

/** A key is good for the length of the composition and these seconds. */
const KEY_SECONDS = 600;

/** No upload is larger. */
const MAX_BYTES = 2 ** 30;
/** Nor than this and so much per second. */
const MAX_BYTES_BASE = 4 * 2 ** 20;
const MAX_BYTES_PER_SECOND = 2 ** 20;

/** A composition that waits, or that a page works at. */
export interface Rendering {
  readonly composition: Composition;
  readonly scene: Scene;
  /** Bytes its file may have. */
  readonly maxBytes: number;
}

/** What became of an upload. */
export type UploadResult = "completed" | "cut off" | "too large" | "unreadable";

interface Entry extends Rendering {
  readonly progressed: (
    done: number,
    total: number,
    secondsRemaining: number,
  ) => void;
  /** Who works at it; `null`: nobody yet. */
  claim: string | null;
  leaseEnds: number;
}

/** The compositions that need a page. */
export class Renderings {
  readonly #now: () => Date;
  readonly #compositions: Compositions;
  readonly #entries = new Map<string, Entry>();
  readonly #uploads = new Map<Promise<unknown>, AbortController>();
  readonly #secret = crypto.getRandomValues(new Uint8Array(32));

  constructor(now: () => Date, compositions: Compositions) {
    this.#now = now;
    this.#compositions = compositions;
  }

  /** Lets one wait. */
  add(composition: Composition, scene: Scene): void {
    this.#entries.set(composition.sid, {
      composition,
      scene,
      maxBytes: Math.min(
        MAX_BYTES,
        MAX_BYTES_BASE + Math.ceil(scene.seconds * MAX_BYTES_PER_SECOND),
      ),
      progressed: this.#compositions.progressOf(composition),
      claim: null,
      leaseEnds: 0,
    });
  }

  /** The oldest that nobody works at, for whoever asks; `null`: none. */
  take(): { readonly rendering: Rendering; readonly key: string } | null {
    for (const entry of this.#entries.values()) {
      if (entry.claim && performance.now() < entry.leaseEnds) continue;
      entry.claim = crypto.randomUUID();
      this.#renew(entry);
      const seconds = Math.ceil(entry.scene.seconds) + KEY_SECONDS;
      const expires = Math.floor(this.#now().getTime() / 1000) + seconds;
      const signature = this.#sign(entry, expires);
      return { rendering: entry, key: `${expires}.${signature}` };
    }
    return null;
  }

  /** The one that a key was given out for; `null` if it is not, or not any more. */
  find(sid: string, key: string): Rendering | null {
    const entry = this.#entries.get(sid);
    const [, expires = "", signature = ""] = key.match(/^(\d{1,12})\.(\w+)$/) ??
      [];
    const isLate = Number(expires) * 1000 < this.#now().getTime();
    if (!entry?.claim || isLate) return null;
    return isSame(signature, this.#sign(entry, Number(expires))) ? entry : null;
  }

  /** So many seconds of it are rendered. */
  progress({ composition: { sid } }: Rendering, seconds: number): void {
    const entry = this.#entries.get(sid);
    if (!entry) return;
    this.#renew(entry);
    const total = entry.scene.seconds;
    // It is rendered in real time.
    entry.progressed(seconds, total, Math.max(0, Math.ceil(total - seconds)));
  }

  /** The page cannot render it. */
  fail({ composition }: Rendering, message: string): void {
    if (!this.#entries.delete(composition.sid)) return;
    this.#compositions.failed(composition, message);
  }

  /** Takes the file; a connection that is cut off leaves it to the next page. */
  async upload(
    rendering: Rendering,
    body: ReadableStream<Uint8Array>,
  ): Promise<UploadResult> {
    const controller = new AbortController();
    const work = this.#upload(rendering, body, controller.signal);
    this.#uploads.set(work, controller);
    try {
      return await work;
    } finally {
      this.#uploads.delete(work);
    }
  }

  /** Ends every upload. */
  async close(): Promise<void> {
    for (const controller of this.#uploads.values()) controller.abort();
    await Promise.allSettled(this.#uploads.keys());
    this.#entries.clear();
  }

  async #upload(
    rendering: Rendering,
    body: ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<UploadResult> {
    const { composition, scene, maxBytes } = rendering;
    const staging = `${composition.path}.${crypto.randomUUID()}.upload`;
    try {
      const received = await receive(body, staging, maxBytes, signal);
      if (received === "too large") this.fail(rendering, "It is too large");
      if (received !== "whole") return received;
      // Somebody else may have been faster.
      if (!this.#entries.delete(composition.sid)) return "cut off";
      const kinds = new Set(scene.clips.map(({ kind }) => kind));
      // What browsers record has neither a duration nor an index.
      const seconds = await mux(
        [...kinds].sort().reverse().map((kind) => ({
          kind,
          pieces: [{ path: staging, offset: 0, seconds: scene.seconds }],
        })),
        composition.path,
      );
      if (!(seconds > 0)) throw new Error("nothing is in it");
      await this.#compositions.completed(composition, seconds);
      return "completed";
    } catch (error) {
      this.#entries.delete(composition.sid);
      if (composition.status === "processing") {
        this.#compositions.failed(
          composition,
          `What was rendered cannot be read: ${error}`,
        );
      }
      return "unreadable";
    } finally {
      await Deno.remove(staging).catch(() => {});
    }
  }

  #renew(entry: Entry): void {
    entry.leaseEnds = performance.now() + LEASE_MS;
  }

  #sign({ composition, claim }: Entry, expires: number): string {
    return createHmac("sha256", this.#secret)
      .update(JSON.stringify([composition.sid, claim, expires])).digest("hex");
  }
}

async function receive(
  body: ReadableStream<Uint8Array>,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<"whole" | "too large" | "cut off"> {
  const file = await Deno.open(path, { write: true, createNew: true });
  let bytes = 0;
  let isTooLarge = false;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      isTooLarge ||= bytes > maxBytes;
      if (isTooLarge) controller.error(new Error("too large"));
      else controller.enqueue(chunk);
    },
  });
  try {
    await body.pipeThrough(bounded).pipeTo(file.writable, { signal });
    return "whole";
  } catch {
    return isTooLarge ? "too large" : "cut off";
  }
}
