/**
 * Compositions: recordings of a room put together into one file, when the
 * room has ended
 * (https://www.twilio.com/docs/video/api/compositions-resource).
 *
 * The packets are copied, not decoded: each source stays a track of its own
 * in the file, and players show the first of each kind. With the option
 * `renderGrids`, several sources of a kind wait for a page that renders them.
 *
 * @module
 */
import type { CompositionOptions } from "../hooks/composition_options.ts";
import type { CompositionHook } from "../hooks/hooks.ts";
import type { Room } from "../rooms/records.ts";
import type { Settings } from "../settings.ts";
import { newSid } from "../sid.ts";
import type { CompositionEvent } from "./composition_events.ts";
import type { Recording, Recordings } from "./recordings.ts";
import { mux, type OutputTrack } from "./remux.ts";
import { planComposition } from "./plan.ts";

/** `enqueued` until the room has ended; `deleted` for good. */
export type CompositionStatus =
  | "enqueued"
  | "processing"
  | "completed"
  | "failed"
  | "deleted";

/** A composition. */
export interface Composition {
  /** `CJ…` */
  readonly sid: string;
  /** Rises with each record: the order of lists. */
  readonly order: number;
  readonly room: Room;
  readonly options: CompositionOptions;
  /** The hook that made it. */
  readonly hook: CompositionHook | null;
  readonly dateCreated: Date;
  /** The file, once it is completed. */
  readonly path: string;
  status: CompositionStatus;
  dateCompleted: Date | null;
  dateDeleted: Date | null;
  /** Bytes; 0 until completed. */
  size: number;
  /** Seconds; 0 until completed. */
  seconds: number;
}

/** Records kept; the oldest are forgotten, their files stay. */
const MAX_COMPOSITIONS = 1000;

/** A callback tells of each tenth. */
const PROGRESS_STEPS = 10;

/** What compositions need of the emulator. */
export interface CompositionsContext {
  readonly settings: Settings;
  /** The folder of the files. */
  readonly folder: string;
  readonly recordings: Recordings;
  /** Settles when the file of every recording that has ended is whole. */
  readonly recorded: () => Promise<void>;
  readonly emit: (event: CompositionEvent) => void;
  /**
   * Has what needs decoding rendered: whoever does it calls
   * {@link Compositions.completed} or {@link Compositions.failed}. `null`:
   * everything is muxed.
   */
  readonly render:
    | ((composition: Composition, recordings: readonly Recording[]) => void)
    | null;
}

/** The compositions of an emulator. */
export class Compositions {
  readonly #context: CompositionsContext;
  readonly #records = new Map<string, Composition>();
  #order = 0;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(context: CompositionsContext) {
    this.#context = context;
  }

  /** Notes that one is wanted; it is made when the room has ended. */
  create(
    room: Room,
    options: CompositionOptions,
    hook: CompositionHook | null = null,
  ): Composition {
    const sid = newSid("CJ");
    const composition: Composition = {
      sid,
      order: this.#order++,
      room,
      options,
      hook,
      dateCreated: this.#context.settings.now(),
      // The name is ours: nothing a client says gets near the file system.
      path: `${this.#context.folder}/${sid}.${options.format}`,
      status: "enqueued",
      dateCompleted: null,
      dateDeleted: null,
      size: 0,
      seconds: 0,
    };
    this.#records.set(sid, composition);
    if (this.#records.size > MAX_COMPOSITIONS) {
      const [oldest] = this.#records.keys();
      this.#records.delete(oldest!);
    }
    if (hook) this.#emit("composition-enqueued", composition);
    if (room.status === "completed") this.#enqueue(composition);
    return composition;
  }

  /** Makes what a hook wants of a room that has ended. */
  createForHook(room: Room, hook: CompositionHook): void {
    if (this.#context.recordings.anyOf(room)) {
      this.create(room, hook.composition, hook);
      return;
    }
    this.#context.emit({
      type: "composition-hook-failed",
      room,
      hook,
      options: hook.composition,
      composition: null,
      error: "The room has no recordings",
    });
  }

  /** A room has ended: its compositions can be made. */
  roomEnded(room: Room): void {
    for (const composition of this.#records.values()) {
      if (composition.room === room && composition.status === "enqueued") {
        this.#enqueue(composition);
      }
    }
  }

  /** A composition of the account. */
  find(accountSid: string, sid: string): Composition | null {
    const composition = this.#records.get(sid);
    return composition?.room.accountSid === accountSid ? composition : null;
  }

  /** Every composition of the account, newest first. */
  list(accountSid: string): Composition[] {
    return [...this.#records.values()]
      .filter(({ room }) => room.accountSid === accountSid)
      .reverse();
  }

  /** Settles when everything that can be made is made. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** Finishes the one that is being made, and makes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
  }

  /** The file of one is there. */
  async completed(composition: Composition, seconds: number): Promise<void> {
    composition.size = (await Deno.stat(composition.path)).size;
    composition.seconds = seconds;
    composition.dateCompleted = this.#context.settings.now();
    composition.status = "completed";
    this.#emit("composition-available", composition);
  }

  /** One cannot be made. */
  failed(composition: Composition, message: string): void {
    composition.status = "failed";
    this.#context.settings.log(`${composition.sid} failed: ${message}`);
    this.#emit("composition-failed", composition, { error: message });
  }

  /** What to call as one is made: it tells of each tenth. */
  progressOf(
    composition: Composition,
  ): (done: number, total: number, secondsRemaining?: number) => void {
    let told = 0;
    return (done, total, secondsRemaining = 0) => {
      const step = Math.floor(done / total * PROGRESS_STEPS);
      if (!(step > told && step < PROGRESS_STEPS)) return;
      told = step;
      this.#emit("composition-progress", composition, {
        percent: step * 100 / PROGRESS_STEPS,
        secondsRemaining,
      });
    };
  }

  /** One at a time: each reads whole files. */
  #enqueue(composition: Composition): void {
    this.#work = this.#work.then(async () => {
      await this.#context.recorded();
      if (this.#closed || composition.status !== "enqueued") return;
      try {
        await this.#make(composition);
      } catch (error) {
        this.failed(
          composition,
          error instanceof Error ? error.message : String(error),
        );
      }
    });
  }

  async #make(composition: Composition): Promise<void> {
    const { room, options, path } = composition;
    composition.status = "processing";
    this.#emit("composition-started", composition);
    if (options.format !== "webm") {
      throw new Error("The emulator has no encoder for mp4");
    }
    const recordings = this.#context.recordings.completedOf(room);
    const { tracks, seconds: total } = planComposition(
      recordings,
      options,
      room.dateCreated,
    );
    if (tracks.length === 0) throw new Error("The track list is empty");
    if (this.#context.render && needsRendering(tracks)) {
      this.#context.render(composition, recordings);
      return;
    }
    const progressed = this.progressOf(composition);
    const seconds = await mux(
      tracks,
      path,
      (written) => progressed(written, total),
    );
    await this.completed(composition, seconds);
  }

  #emit(
    type: CompositionEvent["type"],
    composition: Composition,
    more: Partial<CompositionEvent> = {},
  ): void {
    const { room, hook, options } = composition;
    this.#context.emit({ type, room, hook, options, composition, ...more });
  }
}

/** Players show one picture and play one sound. */
function needsRendering(tracks: readonly OutputTrack[]): boolean {
  const videos = tracks.filter(({ kind }) => kind === "video").length;
  return videos > 1 || tracks.length - videos > 1;
}
