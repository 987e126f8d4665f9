/**
 * One track while it is recorded: its packets become frames, its frames a
 * file, and its record tells of it.
 *
 * @module
 */
import type { ClockPoint, ReceivedPacket } from "../media/receiver.ts";
import type { Participant, Track } from "../rooms/records.ts";
import { newSid } from "../sid.ts";
import { type FrameMaker, frameMaker, type TimedFrame } from "./frames.ts";
import type { FailedOperation, Recording, Recordings } from "./recordings.ts";
import { TrackFile } from "./track_file.ts";

/** Requests for a key frame are so far apart, while one is needed. */
const URGENT_KEY_FRAME_MS = 300;

/** Browsers make none by themselves; players can jump only to them. */
const KEY_FRAME_MS = 5000;

/** A sender's clock that is further from ours is set wrong, and not believed. */
const MAX_CLOCK_ERROR_MS = 2000;

/** Writes that wait for a slow disk, a packet each; then the recording fails. */
const MAX_WAITING = 5000;

/** What a recording needs of the recorder. */
export interface RecordingContext {
  readonly recordings: Recordings;
  readonly now: () => Date;
  /** Makes the folder for files, if need be. */
  readonly makeFolder: () => Promise<void>;
  readonly folder: string;
  readonly changed: (
    type: "recording-started" | "recording-completed" | "recording-failed",
    recording: Recording,
    failed?: FailedOperation,
  ) => void;
  readonly log: (line: string) => void;
}

/** A recording that runs. */
export class TrackRecording {
  readonly track: Track;
  readonly participant: Participant;
  readonly #context: RecordingContext;
  readonly #frames: FrameMaker;
  #recording: Recording | null = null;
  #hasClock = false;
  #file: TrackFile | null = null;
  #failed = false;
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();
  #keyFrameAskedAt = -Infinity;
  #ended = false;

  constructor(
    participant: Participant,
    track: Track,
    context: RecordingContext,
  ) {
    this.track = track;
    this.participant = participant;
    this.#context = context;
    this.#frames = frameMaker(track.kind === "audio" ? "audio" : "video");
  }

  /**
   * Takes a packet.
   *
   * @returns whether the sender is to be asked for a key frame.
   */
  packet(packet: ReceivedPacket): boolean {
    if (this.#ended || this.#failed) return false;
    const at = performance.now();
    const frames = this.#frames.add(packet, at);
    if (this.#frames.first && !this.#recording) this.#start();
    this.#write(frames);
    return this.#needsKeyFrame(at);
  }

  /** Takes the sender's clock: when the first frame was really taken. */
  clock({ ssrc, wallMs, timestamp }: ClockPoint): void {
    const recording = this.#recording;
    const { first, clockRate } = this.#frames;
    // The first report counts: later ones only follow the drift of clocks.
    if (!recording || this.#hasClock || first?.ssrc !== ssrc) return;
    this.#hasClock = true;
    // Both wrap around at 32 bits.
    const passed = (timestamp - first.timestamp) | 0;
    const offsetMs = wallMs - passed / clockRate * 1000;
    if (Math.abs(offsetMs - recording.offsetMs) < MAX_CLOCK_ERROR_MS) {
      recording.offsetMs = Math.round(offsetMs);
    }
  }

  /** What comes next comes over another transport. */
  restart(): void {
    this.#frames.restart();
  }

  /**
   * Ends it; settles when the file is whole. Nothing was sent: nothing is left.
   *
   * @param at When the track ended, as `performance.now()`.
   */
  finish(at: number): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      if (this.#recording) this.#write(this.#frames.end(at));
      this.#work = this.#work.then(() => this.#complete());
    }
    return this.#work;
  }

  #needsKeyFrame(at: number): boolean {
    if (this.track.kind === "audio") return false;
    const pause = this.#frames.needsKeyFrame
      ? URGENT_KEY_FRAME_MS
      : KEY_FRAME_MS;
    if (at - this.#keyFrameAskedAt < pause) return false;
    this.#keyFrameAskedAt = at;
    return true;
  }

  #start(): void {
    const { recordings, now, folder, makeFolder, changed } = this.#context;
    const sid = newSid("RT");
    const kind = this.track.kind === "audio" ? "audio" : "video";
    // The name is ours: nothing a client says gets near the file system.
    const path = `${folder}/${sid}.${kind === "audio" ? "mka" : "mkv"}`;
    const recording = recordings.create(
      sid,
      path,
      this.participant,
      this.track,
      Date.now(),
      now(),
    );
    this.#recording = recording;
    this.#work = this.#work.then(async () => {
      try {
        await makeFolder();
        this.#file = await TrackFile.create(path, kind);
        changed("recording-started", recording);
      } catch (error) {
        this.#fail("RecordingStart", error);
      }
    });
  }

  #write(frames: readonly TimedFrame[]): void {
    if (frames.length === 0) return;
    this.#waiting++;
    this.#work = this.#work.then(async () => {
      try {
        if (this.#waiting > MAX_WAITING) throw new Error("the disk is slow");
        for (const frame of frames) await this.#file?.add(frame);
      } catch (error) {
        await this.#abandon();
        if (!this.#failed) this.#fail("RecordingComplete", error);
      }
      this.#waiting--;
    });
  }

  async #complete(): Promise<void> {
    const recording = this.#recording;
    if (!recording || !this.#file) return;
    try {
      const { size, seconds } = await this.#file.finish();
      Object.assign(recording, {
        size,
        seconds,
        status: "completed",
        dateUpdated: this.#context.now(),
      });
      this.#context.changed("recording-completed", recording);
    } catch (error) {
      this.#fail("RecordingComplete", error);
    }
  }

  #fail(operation: FailedOperation, error: unknown): void {
    const recording = this.#recording!;
    this.#failed = true;
    recording.status = "failed";
    recording.dateUpdated = this.#context.now();
    this.#context.log(`${operation} of ${recording.sid} failed: ${error}`);
    this.#context.changed("recording-failed", recording, operation);
  }

  async #abandon(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      await file?.abandon();
    } catch {
      // The write that failed has been told already.
    }
  }
}
