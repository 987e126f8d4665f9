/**
 * What there is to know of an Opus packet without decoding it (RFC 6716).
 *
 * @module
 */

/** Opus counts time at 48 kHz whatever it encodes. */
export const OPUS_CLOCK = 48_000;

/** 20 ms of silence. */
export const SILENCE = new Uint8Array([0xf8, 0xff, 0xfe]);

/** Samples at 48 kHz in {@link SILENCE}. */
export const SILENCE_SAMPLES = 960;

/** The identification header of two channels, without delay at the start. */
export const OPUS_HEAD = new Uint8Array([
  ...new TextEncoder().encode("OpusHead"),
  1, // version
  2, // channels
  0x38, // 312 samples to skip, low byte first
  0x01,
  0x80, // 48 000 Hz, low byte first
  0xbb,
  0,
  0,
  0, // gain
  0,
  0, // mapping
]);

/** Samples per frame at 48 kHz, by the four modes of SILK, hybrid and CELT. */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** Samples at 48 kHz that a packet holds, by its first two bytes; 0 when it is empty. */
export function opusSamples(packet: Uint8Array): number {
  const [toc, count = 0] = packet;
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const frame = config < 12
    ? SILK[config % 4]!
    : config < 16
    ? HYBRID[config % 2]!
    : CELT[config % 4]!;
  switch (toc & 3) {
    case 0:
      return frame;
    case 3:
      return frame * (count & 0x3f);
    default:
      return frame * 2;
  }
}
