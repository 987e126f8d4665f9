/**
 * The library that reads and writes WebM, loaded when it is first needed, and
 * how this emulator uses it.
 *
 * @module
 */
import type {
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  Output,
} from "mediabunny";
import { OPUS_CLOCK, OPUS_HEAD } from "./opus.ts";

/** The library's module. */
export type Muxer = typeof import("mediabunny");

/** Loads the library; later calls get the same module. */
export function loadMuxer(): Promise<Muxer> {
  return import("mediabunny");
}

/** Where the packets of one track of an output go. */
export type TrackSource = EncodedAudioPacketSource | EncodedVideoPacketSource;

/** Adds a VP8 or an Opus track to an output. */
export function addTrack(
  muxer: Muxer,
  output: Output,
  kind: "audio" | "video",
): TrackSource {
  if (kind === "audio") {
    const source = new muxer.EncodedAudioPacketSource("opus");
    output.addAudioTrack(source);
    return source;
  }
  const source = new muxer.EncodedVideoPacketSource("vp8");
  output.addVideoTrack(source);
  return source;
}

/** What goes with the first packet of a track. Sizes are of the first key frame. */
export function firstPacketMeta(
  kind: "audio" | "video",
  size: { readonly width: number; readonly height: number },
): { decoderConfig: AudioDecoderConfig & VideoDecoderConfig } {
  // The two kinds need different halves of it.
  const decoderConfig = kind === "audio"
    ? {
      codec: "opus",
      sampleRate: OPUS_CLOCK,
      numberOfChannels: 2,
      description: OPUS_HEAD,
    }
    : { codec: "vp8", codedWidth: size.width, codedHeight: size.height };
  return {
    decoderConfig: decoderConfig as AudioDecoderConfig & VideoDecoderConfig,
  };
}

/**
 * A target of an output that writes each chunk at once to an open file, so
 * that a process that is killed loses only what was not yet muxed.
 */
export function fileTarget(muxer: Muxer, file: Deno.FsFile) {
  const writable = new WritableStream<{ data: Uint8Array; position: number }>({
    async write({ data, position }) {
      await file.seek(position, Deno.SeekMode.Start);
      let rest = data;
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    },
  });
  return new muxer.StreamTarget(writable);
}
