/**
 * VP8 in RTP (RFC 7741): packets to frames.
 *
 * @module
 */

/** A whole frame. */
export interface Vp8Frame {
  readonly data: Uint8Array;
  readonly isKey: boolean;
  /** Of a key frame; 0 for others. */
  readonly width: number;
  readonly height: number;
  /** RTP timestamp, 90 kHz, unwrapped. */
  readonly timestamp: number;
}

/** A packet with its numbers unwrapped. */
export interface MediaPacket {
  readonly sequence: number;
  readonly timestamp: number;
  /** The last packet of its frame. */
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** Largest frame that is put together; one of a browser's is a tenth of it. */
const MAX_FRAME_BYTES = 4 * 2 ** 20;

/**
 * Puts frames together. After a loss, frames are dropped until the next key
 * frame: they could not be decoded.
 */
export class Vp8Assembler {
  #parts: Uint8Array[] = [];
  #size = 0;
  #last: number | null = null;
  #broken = true;

  /** Whether only a key frame can go on. */
  get needsKeyFrame(): boolean {
    return this.#broken;
  }

  /** Takes a packet; answers the frame it completes. Late packets are ignored. */
  add(packet: MediaPacket): Vp8Frame | null {
    if (this.#last !== null && packet.sequence <= this.#last) return null;
    if (this.#last !== null && packet.sequence !== this.#last + 1) {
      this.#break();
    }
    this.#last = packet.sequence;
    const start = descriptorLength(packet.payload);
    // Padding, with which browsers look for bandwidth.
    if (start >= packet.payload.length) return null;
    if (isFrameStart(packet.payload)) this.#clear();
    else if (this.#parts.length === 0) return null;
    this.#parts.push(packet.payload.slice(start));
    this.#size += packet.payload.length - start;
    if (this.#size > MAX_FRAME_BYTES) this.#break();
    return packet.marker ? this.#complete(packet.timestamp) : null;
  }

  #complete(timestamp: number): Vp8Frame | null {
    if (this.#parts.length === 0) return null;
    const data = new Uint8Array(this.#size);
    let offset = 0;
    for (const part of this.#parts) {
      data.set(part, offset);
      offset += part.length;
    }
    this.#clear();
    const isKey = (data[0]! & 1) === 0 && data.length >= 10;
    if (this.#broken && !isKey) return null;
    this.#broken = false;
    const size = (at: number) =>
      isKey ? (data[at]! | data[at + 1]! << 8) & 0x3fff : 0;
    return { data, isKey, width: size(6), height: size(8), timestamp };
  }

  #break(): void {
    this.#broken = true;
    this.#clear();
  }

  #clear(): void {
    this.#parts = [];
    this.#size = 0;
  }
}

/** Start of partition 0. */
function isFrameStart(payload: Uint8Array): boolean {
  return (payload[0]! & 0x10) !== 0 && (payload[0]! & 0x07) === 0;
}

function descriptorLength(payload: Uint8Array): number {
  const [first = 0, flags = 0, picture = 0] = payload;
  if ((first & 0x80) === 0) return 1;
  const pictureId = (flags & 0x80) === 0 ? 0 : (picture & 0x80) === 0 ? 1 : 2;
  const tl0 = (flags & 0x40) !== 0 ? 1 : 0;
  const tidOrKey = (flags & 0x30) !== 0 ? 1 : 0;
  return 2 + pictureId + tl0 + tidOrKey;
}
