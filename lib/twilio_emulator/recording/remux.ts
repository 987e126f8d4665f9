/**
 * Writes the packets of recordings into new files, without decoding them.
 *
 * @module
 */
import type {
  EncodedPacket,
  Input,
  InputAudioTrack,
  InputVideoTrack,
  Output,
} from "mediabunny";
import {
  addTrack,
  fileTarget,
  loadMuxer,
  type Muxer,
  type TrackSource,
} from "./muxer.ts";
import { OPUS_CLOCK, SILENCE, SILENCE_SAMPLES } from "./opus.ts";

/** A piece of an output track: a file's track, and when it begins. */
export interface Piece {
  readonly path: string;
  /** Seconds from the start of the output. */
  readonly offset: number;
  /** Seconds it lasts: a stream does not say how long its last frame stands. */
  readonly seconds?: number;
}

/** A track of an output: pieces of one kind, in time. */
export interface OutputTrack {
  readonly kind: "audio" | "video";
  readonly pieces: readonly Piece[];
}

/**
 * Makes a file with duration and index of one that is only a stream; answers
 * its seconds.
 *
 * @param seconds How long it lasts, if that is known.
 */
export async function remux(
  from: string,
  to: string,
  seconds = 0,
): Promise<number> {
  const muxer = await loadMuxer();
  const input = openInput(muxer, from);
  try {
    const track = await onlyTrack(input);
    if (!track) throw new Error(`${from} holds no track`);
    const kind = track.isVideoTrack() ? "video" : "audio";
    return await mux(
      [{ kind, pieces: [{ path: from, offset: 0, seconds }] }],
      to,
    );
  } finally {
    input.dispose();
  }
}

/**
 * Writes tracks into one WebM file; answers its seconds. The file appears
 * under its name only when it is whole.
 *
 * @param progress Is told the seconds that were written, from time to time.
 */
export async function mux(
  tracks: readonly OutputTrack[],
  to: string,
  progress: (seconds: number) => void = () => {},
): Promise<number> {
  const muxer = await loadMuxer();
  const staging = `${to}.${crypto.randomUUID()}`;
  const file = await Deno.open(staging, { write: true, createNew: true });
  const output = new muxer.Output({
    format: new muxer.WebMOutputFormat(),
    target: fileTarget(muxer, file),
  });
  try {
    const sources = tracks.map(({ kind }) => addTrack(muxer, output, kind));
    await output.start();
    const seconds = await merge(
      tracks.map((track, index) => ({
        packets: packetsOf(muxer, track),
        source: sources[index]!,
      })),
      progress,
    );
    await output.finalize();
    file.close();
    await Deno.rename(staging, to);
    return seconds;
  } catch (error) {
    await cancel(output);
    closeQuietly(file);
    await Deno.remove(staging);
    throw error;
  }
}

/** A track has one of them; the library looks at its half. */
type PlacedConfig = AudioDecoderConfig & VideoDecoderConfig;

interface PlacedPacket {
  readonly packet: EncodedPacket;
  readonly meta: { readonly decoderConfig: PlacedConfig };
}

interface Lane {
  readonly packets: AsyncGenerator<PlacedPacket>;
  readonly source: TrackSource;
}

/** Writes the packets of all lanes in the order of time. */
async function merge(
  lanes: readonly Lane[],
  progress: (seconds: number) => void,
): Promise<number> {
  let end = 0;
  const heads = await Promise.all(lanes.map(async (lane) => ({
    ...lane,
    next: await lane.packets.next(),
  })));
  for (;;) {
    let earliest: typeof heads[number] | null = null;
    for (const head of heads) {
      if (head.next.done) continue;
      const time = head.next.value.packet.timestamp;
      const best = earliest?.next.value as PlacedPacket | undefined;
      if (!best || time < best.packet.timestamp) earliest = head;
    }
    if (!earliest) return end;
    const { packet, meta } = earliest.next.value as PlacedPacket;
    await earliest.source.add(packet, meta);
    end = Math.max(end, packet.timestamp + packet.duration);
    progress(end);
    earliest.next = await earliest.packets.next();
    // The others need not wait for this one any more.
    if (earliest.next.done) earliest.source.close();
  }
}

/** The packets of a track's pieces, each moved to its place. Between pieces of sound there is silence. */
async function* packetsOf(
  muxer: Muxer,
  { kind, pieces }: OutputTrack,
): AsyncGenerator<PlacedPacket> {
  let last = -Infinity;
  let end = Infinity;
  for (const { path, offset, seconds = 0 } of pieces) {
    const input = openInput(muxer, path);
    try {
      const track = kind === "video"
        ? await input.getPrimaryVideoTrack()
        : await input.getPrimaryAudioTrack();
      if (!track) continue;
      const meta = {
        decoderConfig: await track.getDecoderConfig() as PlacedConfig,
      };
      const sink = new muxer.EncodedPacketSink(track);
      let held: EncodedPacket | null = null;
      for await (const packet of sink.packets()) {
        if (held) yield { packet: held, meta };
        held = null;
        // Pieces of one participant may overlap by a few milliseconds.
        const timestamp = packet.timestamp + offset;
        if (timestamp <= last) continue;
        last = timestamp;
        held = packet.clone({ timestamp });
        // Players count the samples: without them, all that follows is early.
        if (kind === "audio") yield* silence(muxer, end, timestamp, meta);
        end = Infinity;
      }
      if (!held) continue;
      const duration = Math.max(
        held.duration,
        offset + seconds - held.timestamp,
      );
      yield { packet: held.clone({ duration }), meta };
      end = held.timestamp + duration;
    } finally {
      input.dispose();
    }
  }
}

const SILENCE_SECONDS = SILENCE_SAMPLES / OPUS_CLOCK;

/** Packets of silence that fill a time, but for less than one of them. */
function* silence(
  muxer: Muxer,
  from: number,
  to: number,
  meta: PlacedPacket["meta"],
): Generator<PlacedPacket> {
  const count = Math.floor((to - from) / SILENCE_SECONDS);
  for (let n = 0; n < count; n++) {
    const packet = new muxer.EncodedPacket(
      SILENCE,
      "key",
      from + n * SILENCE_SECONDS,
      SILENCE_SECONDS,
    );
    yield { packet, meta };
  }
}

/** A recording holds one track. */
async function onlyTrack(
  input: Input,
): Promise<InputAudioTrack | InputVideoTrack | null> {
  return await input.getPrimaryVideoTrack() ??
    await input.getPrimaryAudioTrack();
}

function openInput(muxer: Muxer, path: string): Input {
  return new muxer.Input({
    formats: [muxer.WEBM, muxer.MATROSKA],
    source: new muxer.FilePathSource(path),
  });
}

async function cancel(output: Output): Promise<void> {
  try {
    await output.cancel();
  } catch {
    // It was never started, or is whole already.
  }
}

function closeQuietly(file: Deno.FsFile): void {
  try {
    file.close();
  } catch {
    // Closed before the rename.
  }
}
