/**
 * The file a track is recorded into.
 *
 * While the track runs, it is a WebM stream that is only ever appended to:
 * playable at any moment, also after the process was killed. When the track
 * ends, the packets are written once more into a file that knows its duration
 * and can be searched.
 *
 * @module
 */
import type { Output } from "mediabunny";
import {
  addTrack,
  fileTarget,
  firstPacketMeta,
  loadMuxer,
  type Muxer,
  type TrackSource,
} from "./muxer.ts";
import type { TimedFrame } from "./frames.ts";
import { remux } from "./remux.ts";

/** Ending of the name of a file that is being written, after that of the whole one. */
export const PART = ".part";

/** What is known of a finished file. */
export interface FinishedFile {
  readonly size: number;
  readonly seconds: number;
}

/** A file of one track. Its methods must be called one after the other. */
export class TrackFile {
  readonly #path: string;
  readonly #kind: "audio" | "video";
  readonly #muxer: Muxer;
  readonly #file: Deno.FsFile;
  readonly #output: Output;
  readonly #source: TrackSource;
  #isFirst = true;
  #end = 0;

  private constructor(
    path: string,
    kind: "audio" | "video",
    muxer: Muxer,
    file: Deno.FsFile,
    output: Output,
    source: TrackSource,
  ) {
    this.#path = path;
    this.#kind = kind;
    this.#muxer = muxer;
    this.#file = file;
    this.#output = output;
    this.#source = source;
  }

  /** Opens `path` + `.part`, which must not exist. */
  static async create(
    path: string,
    kind: "audio" | "video",
  ): Promise<TrackFile> {
    const muxer = await loadMuxer();
    const file = await Deno.open(path + PART, { write: true, createNew: true });
    // Tells a later emulator that somebody still writes it. A kill lets go of it.
    await file.lock(true);
    const output = new muxer.Output({
      format: new muxer.WebMOutputFormat({
        appendOnly: true,
        // A second is what a kill may cost.
        minimumClusterDuration: 1,
      }),
      target: fileTarget(muxer, file),
    });
    const source = addTrack(muxer, output, kind);
    await output.start();
    return new TrackFile(path, kind, muxer, file, output, source);
  }

  /** Writes a frame. */
  async add(frame: TimedFrame): Promise<void> {
    const { data, isKey, time, duration } = frame;
    const packet = new this.#muxer.EncodedPacket(
      data,
      isKey ? "key" : "delta",
      time,
      duration,
    );
    const meta = this.#isFirst ? firstPacketMeta(this.#kind, frame) : undefined;
    this.#isFirst = false;
    this.#end = time + duration;
    await this.#source.add(packet, meta);
  }

  /** Writes the whole file and removes the other. */
  async finish(): Promise<FinishedFile> {
    try {
      await this.#output.finalize();
      const seconds = await remux(
        this.#path + PART,
        this.#path,
        this.#end,
      );
      await Deno.remove(this.#path + PART);
      return { size: (await Deno.stat(this.#path)).size, seconds };
    } finally {
      this.#file.close();
    }
  }

  /** Gives up; what was written stays. */
  async abandon(): Promise<void> {
    try {
      await this.#output.cancel();
    } finally {
      this.#file.close();
    }
  }
}
