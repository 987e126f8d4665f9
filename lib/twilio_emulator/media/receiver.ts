/**
 * Receives RTP from a browser over one transport, and says what a receiver
 * must.
 *
 * @module
 */
import type { RTCDtlsTransport, RTCPeerConnection } from "werift";
import type { Timers } from "../timers.ts";
import { keyFrameRequest, reports, type StreamState } from "./feedback.ts";
import { unwrapper } from "./sequence.ts";
import {
  type LocalTransport,
  type Offer,
  parseLocal,
  syntheticOffer,
} from "./sdp.ts";
import {
  addCandidates,
  closePeer,
  loadWerift,
  newPeerConnection,
} from "./werift.ts";
import type { Werift } from "./werift.ts";

/** Reports are sent this often. */
const REPORT_MS = 1000;

/** The first ones come faster, so that the browser soon sends its best. */
const FIRST_REPORTS_MS = [0, 50, 150, 300];

/** Packets that cannot be read by accident are fewer. */
const MIN_GARBLED = 10;

/** Streams of one transport; a participant has one per track and layer. */
const MAX_STREAMS = 200;

/** A packet of one stream, its numbers unwrapped. */
export interface ReceivedPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** The sender's clock at one RTP timestamp of a stream. */
export interface ClockPoint {
  readonly ssrc: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** Not unwrapped. */
  readonly timestamp: number;
}

/** Who takes what arrives. */
export interface ReceiverHandler {
  packet(packet: ReceivedPacket): void;
  clock(point: ClockPoint): void;
}

interface Stream extends StreamState {
  readonly sequence: (value: number) => number;
  readonly timestamp: (value: number) => number;
}

/** One transport that only receives. */
export class Receiver {
  readonly local: LocalTransport;
  /** When anything arrived last, as `performance.now()`. */
  lastPacketAt: number = performance.now();
  readonly #werift: Werift;
  readonly #peer: RTCPeerConnection;
  readonly #transport: RTCDtlsTransport;
  readonly #timers: Timers;
  readonly #handler: ReceiverHandler;
  readonly #streams = new Map<number, Stream>();
  readonly #cancels = new Set<() => void>();
  #closed = false;

  private constructor(
    werift: Werift,
    peer: RTCPeerConnection,
    timers: Timers,
    handler: ReceiverHandler,
  ) {
    this.#werift = werift;
    this.#peer = peer;
    this.#timers = timers;
    this.#handler = handler;
    this.local = parseLocal(peer.localDescription!.sdp);
    this.#transport = peer.dtlsTransports[0]!;
    // Below werift's own router, which would have to be told of every stream.
    this.#transport.onRtp.subscribe(({ header, payload }) => {
      this.#receive(
        header.ssrc,
        header.sequenceNumber,
        header.timestamp,
        header.marker,
        payload,
      );
    });
    this.#transport.onRtcp.subscribe((packet) => {
      this.lastPacketAt = performance.now();
      if (packet.type === werift.RtcpSrPacket.type) {
        const { ssrc, senderInfo } = packet as InstanceType<
          Werift["RtcpSrPacket"]
        >;
        this.#clock(ssrc, senderInfo.ntpTimestamp, senderInfo.rtpTimestamp);
      }
    });
    this.#transport.onStateChange.subscribe((state) => {
      if (state === "connected") this.#startReports();
    });
    if (this.isConnected) this.#startReports();
  }

  /** Makes a transport for the one of an offer. */
  static async open(
    offer: Offer,
    timers: Timers,
    handler: ReceiverHandler,
  ): Promise<Receiver> {
    const werift = await loadWerift();
    const peer = newPeerConnection(werift);
    await peer.setRemoteDescription({
      type: "offer",
      sdp: syntheticOffer(offer),
    });
    for (const transceiver of peer.getTransceivers()) {
      transceiver.setDirection("recvonly");
    }
    await peer.setLocalDescription(await peer.createAnswer());
    return new Receiver(werift, peer, timers, handler);
  }

  /** Whether media can arrive. */
  get isConnected(): boolean {
    return this.#transport.state === "connected";
  }

  /** Whether anything has arrived that could be read. */
  get hasMedia(): boolean {
    return this.#streams.size > 0;
  }

  /**
   * Whether all that arrives cannot be read: the two ends hold different keys.
   * So it ends when the browser repeats its part of the handshake just as its
   * end arrives, because werift then computes the keys again.
   */
  get isGarbled(): boolean {
    return !this.hasMedia && this.#transport.packetsReceived >= MIN_GARBLED;
  }

  /** Takes more candidates of the other end. */
  async addCandidates(
    candidates: readonly { candidate: string }[],
  ): Promise<void> {
    if (!this.#closed) await addCandidates(this.#peer, candidates);
  }

  /** Asks a stream for a key frame. */
  requestKeyFrame(ssrc: number): void {
    this.#send([keyFrameRequest(this.#werift, ssrc)]);
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#transport.onRtp.allUnsubscribe();
    this.#transport.onRtcp.allUnsubscribe();
    await closePeer(this.#peer);
  }

  #receive(
    ssrc: number,
    sequence: number,
    timestamp: number,
    marker: boolean,
    payload: Uint8Array,
  ): void {
    this.lastPacketAt = performance.now();
    if (!this.#streams.has(ssrc) && this.#streams.size >= MAX_STREAMS) return;
    const stream = this.#stream(ssrc);
    const unwrapped = stream.sequence(sequence);
    stream.highest = Math.max(stream.highest, unwrapped);
    this.#handler.packet({
      ssrc,
      sequence: unwrapped,
      timestamp: stream.timestamp(timestamp),
      marker,
      payload,
    });
  }

  #clock(ssrc: number, ntp: bigint, timestamp: number): void {
    const stream = this.#streams.get(ssrc);
    if (!stream) return;
    stream.report = {
      ntp: Number(ntp >> 16n & 0xffff_ffffn),
      at: performance.now(),
    };
    // NTP counts from 1900, in units of 2^-32 s.
    const wallMs = Number(ntp * 1000n >> 32n) - 2_208_988_800_000;
    this.#handler.clock({ ssrc, wallMs, timestamp });
  }

  #stream(ssrc: number): Stream {
    const known = this.#streams.get(ssrc);
    if (known) return known;
    const stream = {
      ssrc,
      highest: 0,
      report: null,
      sequence: unwrapper(16),
      timestamp: unwrapper(32),
    };
    this.#streams.set(ssrc, stream);
    return stream;
  }

  #startReports(): void {
    for (const ms of FIRST_REPORTS_MS) this.#after(ms, () => this.#report());
    const again = () => {
      this.#report();
      this.#after(REPORT_MS, again);
    };
    this.#after(REPORT_MS, again);
  }

  #report(): void {
    const streams = [...this.#streams.values()];
    if (streams.length === 0) return;
    this.#send(reports(this.#werift, streams, performance.now()));
  }

  #send(packets: Parameters<RTCDtlsTransport["sendRtcp"]>[0]): void {
    if (this.#closed || !this.isConnected) return;
    this.#transport.sendRtcp(packets).catch(() => {
      // The transport is going; its end is seen elsewhere.
    });
  }

  #after(ms: number, task: () => void): void {
    const cancel = this.#timers.after(ms, () => {
      this.#cancels.delete(cancel);
      task();
    });
    this.#cancels.add(cancel);
  }
}
