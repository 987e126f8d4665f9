/**
 * From packets of one track to encoded frames with times, which is all that a
 * file needs. Nothing is decoded.
 *
 * @module
 */
import type { ReceivedPacket } from "../media/receiver.ts";
import { OPUS_CLOCK, opusSamples, SILENCE, SILENCE_SAMPLES } from "./opus.ts";
import { Timeline } from "./timeline.ts";
import { Vp8Assembler, type Vp8Frame } from "./vp8.ts";

/** A frame of video or audio, still encoded. */
export interface TimedFrame {
  readonly data: Uint8Array;
  readonly isKey: boolean;
  /** Seconds since the first frame. */
  readonly time: number;
  readonly duration: number;
  /** Of a key frame of video, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** A stream, and a time in it. */
export type FramePlace = Pick<ReceivedPacket, "ssrc" | "timestamp">;

/** Makes frames of a track's packets. */
export interface FrameMaker {
  /** RTP clock of the track, in hertz. */
  readonly clockRate: number;
  /** Where the first frame was; `null` before. */
  readonly first: FramePlace | null;
  /** Whether the next frames cannot be used until a key frame comes. */
  readonly needsKeyFrame: boolean;
  /** Takes a packet that arrived at a time, in milliseconds; answers the frames whose duration is known now. */
  add(packet: ReceivedPacket, at: number): TimedFrame[];
  /** The rest of the frames, up to a time. */
  end(at: number): TimedFrame[];
  /** What comes next comes over another transport. */
  restart(): void;
}

/** The maker for a kind of track. */
export function frameMaker(kind: "audio" | "video"): FrameMaker {
  return kind === "audio" ? new AudioFrames() : new VideoFrames();
}

/** Two frames at the same time would be one too many for a file. */
const SHORTEST_FRAME = 0.001;

/** Duration of a last frame that nothing followed. */
const LAST_FRAME = 1 / 30;

const VIDEO_CLOCK = 90_000;

/** Frames of VP8. Each waits for the next one, which tells how long it lasted. */
class VideoFrames implements FrameMaker {
  readonly clockRate = VIDEO_CLOCK;
  first: FramePlace | null = null;
  readonly #timeline = new Timeline(VIDEO_CLOCK);
  #ssrc: number | null = null;
  #assembler = new Vp8Assembler();
  #held: { readonly frame: Vp8Frame; readonly time: number } | null = null;

  get needsKeyFrame(): boolean {
    return this.#assembler.needsKeyFrame;
  }

  add(packet: ReceivedPacket, at: number): TimedFrame[] {
    if (packet.ssrc !== this.#ssrc) {
      this.#ssrc = packet.ssrc;
      this.#assembler = new Vp8Assembler();
    }
    const frame = this.#assembler.add(packet);
    if (!frame) return [];
    this.first ??= { ssrc: packet.ssrc, timestamp: packet.timestamp };
    const earliest = this.#held ? this.#held.time + SHORTEST_FRAME : 0;
    const time = Math.max(
      earliest,
      this.#timeline.seconds(packet.ssrc, frame.timestamp, at),
    );
    const done = this.#release(time);
    this.#held = { frame, time };
    return done;
  }

  end(at: number): TimedFrame[] {
    return this.#release(this.#timeline.arrived(at));
  }

  restart(): void {
    this.#ssrc = null;
    this.#timeline.restart();
  }

  #release(until: number): TimedFrame[] {
    if (!this.#held) return [];
    const { frame, time } = this.#held;
    this.#held = null;
    const { data, isKey, width, height } = frame;
    const duration = until > time ? until - time : LAST_FRAME;
    return [{ data, isKey, time, duration, width, height }];
  }
}

/** Shorter gaps are rounding, not silence. */
const SHORTEST_GAP = 0.01;

/** Frames of Opus. Browsers send next to nothing while it is quiet: gaps become silence. */
class AudioFrames implements FrameMaker {
  readonly clockRate = OPUS_CLOCK;
  first: FramePlace | null = null;
  readonly needsKeyFrame = false;
  readonly #timeline = new Timeline(OPUS_CLOCK);
  #ssrc: number | null = null;
  #sequence = -Infinity;
  #end = 0;

  add(packet: ReceivedPacket, at: number): TimedFrame[] {
    if (packet.ssrc !== this.#ssrc) {
      this.#ssrc = packet.ssrc;
      this.#sequence = -Infinity;
    }
    const samples = opusSamples(packet.payload);
    if (packet.sequence <= this.#sequence || samples === 0) return [];
    this.#sequence = packet.sequence;
    this.first ??= { ssrc: packet.ssrc, timestamp: packet.timestamp };
    const { ssrc, timestamp } = packet;
    const due = this.#timeline.seconds(ssrc, timestamp, at);
    const frames = this.#silence(due);
    frames.push(this.#frame(packet.payload.slice(), samples));
    return frames;
  }

  end(at: number): TimedFrame[] {
    return this.#silence(this.#timeline.arrived(at));
  }

  restart(): void {
    this.#ssrc = null;
    this.#timeline.restart();
  }

  #silence(until: number): TimedFrame[] {
    const frames: TimedFrame[] = [];
    while (until - this.#end > SHORTEST_GAP) {
      frames.push(this.#frame(SILENCE, SILENCE_SAMPLES));
    }
    return frames;
  }

  #frame(data: Uint8Array, samples: number): TimedFrame {
    const time = this.#end;
    const duration = samples / OPUS_CLOCK;
    this.#end += duration;
    return { data, isKey: true, time, duration, width: 0, height: 0 };
  }
}
