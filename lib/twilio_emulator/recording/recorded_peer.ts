/**
 * The peer connection over which one participant's media comes to the server.
 *
 * The SDK is asked for the offers, so the two sides never offer at once. When
 * the media breaks down, the connection is closed first and made anew a little
 * later: one that hangs would hide from the SDK that the others are well.
 *
 * @module
 */
import { candidatesOf } from "../media/candidates.ts";
import { Receiver } from "../media/receiver.ts";
import { answerTo, type Offer, parseOffer } from "../media/sdp.ts";
import type {
  Description,
  Ice,
  PeerConnectionEntry,
} from "../signalling/messages.ts";
import type { Timers } from "../timers.ts";
import type { TrackRecording } from "./track_recording.ts";

/** Pause between the end of a broken connection and a new one. */
const RESTART_MS = 1500;

/** The same where the network is fine. */
const SOON_MS = 100;

/** A connection that is not up by then is made anew. */
const CONNECT_MS = 4000;

/** Until then it is looked at so often. */
const CHECK_MS = 250;

/** Attempts without success; then the client cannot be reached, and is let be. */
const MAX_ATTEMPTS = 20;

/** A participant without a sign of life for so long has left before it was noticed. */
const VANISHED_MS = 1000;

/** What a peer needs of the recorder. */
export interface RecordedPeerContext {
  readonly timers: Timers;
  readonly send: (entry: PeerConnectionEntry) => void;
  /** The recording that takes a track's packets; by the publisher's id of the track. */
  readonly recordingOf: (trackId: string) => TrackRecording | null;
  readonly log: (line: string) => void;
}

/** One participant's peer connection to the server. */
export class RecordedPeer {
  readonly #context: RecordedPeerContext;
  #id: string = crypto.randomUUID();
  #receiver: Receiver | null = null;
  /** Revision of the last offer that was answered, and of the last request for one. */
  #revision = 1;
  #answers = 0;
  #lastAnswer: Description | null = null;
  #offer: Offer | null = null;
  #candidates: { candidate: string }[] = [];
  #tracks: ReadonlyMap<number, string> = new Map();
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  #attempts = 0;
  #cancelRestart = () => {};

  constructor(context: RecordedPeerContext) {
    this.#context = context;
  }

  /** Asks for the first offer. */
  begin(): PeerConnectionEntry {
    // Also the question, or its answer, may be lost.
    this.#watch();
    return {
      id: this.#id,
      description: { type: "create-offer", revision: this.#revision },
    };
  }

  /** Keeps the connection alive in a client that resumes its session. */
  resume(): PeerConnectionEntry[] {
    // Whatever was said last may have been lost with the socket.
    return this.#lastAnswer
      ? [{ id: this.#id, description: this.#lastAnswer }]
      : [this.begin()];
  }

  /** Asks for another offer, because other tracks are to be received now. */
  renegotiate(): void {
    if (!this.#offer || this.#closed) return;
    this.#context.send({
      id: this.#id,
      description: { type: "create-offer", revision: this.#revision + 1 },
    });
  }

  /** Takes in what the client says of this connection. */
  receive({ id, description, ice }: PeerConnectionEntry): void {
    if (id !== this.#id || this.#closed) return;
    if (description?.type === "close") this.#restart();
    else if (description?.type === "offer") this.#enqueueOffer(description);
    if (ice) this.#enqueue(() => this.#addIce(ice));
  }

  /** When the participant's media ended at the latest, as `performance.now()`. */
  endOfMedia(): number {
    const now = performance.now();
    return this.#receiver
      ? Math.min(now, this.#receiver.lastPacketAt + VANISHED_MS)
      : now;
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart();
    this.#sendClose();
    await this.#work;
    await this.#dropReceiver();
  }

  #enqueueOffer(description: Description): void {
    this.#enqueue(() => this.#answer(description));
  }

  async #answer({ revision, sdp }: Description): Promise<void> {
    if (!sdp || revision <= this.#revision) return;
    const offer = parseOffer(sdp);
    const before = this.#offer;
    if (before && before.ufrag !== offer.ufrag) {
      this.#restart();
      return;
    }
    this.#offer = offer;
    this.#revision = revision;
    this.#tracks = new Map(
      offer.sections.flatMap(({ ssrcs, trackId }) =>
        ssrcs.map((ssrc) => [ssrc, trackId ?? ""] as const)
      ),
    );
    this.#receiver ??= await this.#open(offer);
    if (this.#closed) return;
    const accepts = {
      receives: ({ trackId }: { trackId: string | null }) =>
        trackId !== null && this.#context.recordingOf(trackId) !== null,
      data: false,
    };
    this.#lastAnswer = {
      type: "answer",
      revision,
      sdp: answerTo(offer, this.#receiver.local, ++this.#answers, accepts),
    };
    this.#context.send({ id: this.#id, description: this.#lastAnswer });
    await this.#receiver.addCandidates(this.#candidates.splice(0));
  }

  async #open(offer: Offer): Promise<Receiver> {
    const receiver = await Receiver.open(offer, this.#context.timers, {
      packet: (packet) => {
        const recording = this.#recordingOf(packet.ssrc);
        if (recording?.packet(packet)) receiver.requestKeyFrame(packet.ssrc);
      },
      clock: (point) => this.#recordingOf(point.ssrc)?.clock(point),
    });
    this.#watch();
    return receiver;
  }

  /** Makes the connection anew unless it is up in time, and at once if it is of no use. */
  #watch(waitedMs = 0): void {
    this.#cancelRestart();
    this.#cancelRestart = this.#context.timers.after(CHECK_MS, () => {
      const waited = waitedMs + CHECK_MS;
      const receiver = this.#receiver;
      if (receiver?.isGarbled) this.#restart(SOON_MS);
      else if (receiver?.hasMedia) this.#attempts = 0;
      else if (waited < CONNECT_MS) this.#watch(waited);
      // Whoever has nothing to send is well all the same.
      else if (receiver?.isConnected) this.#attempts = 0;
      else this.#restart();
    });
  }

  #recordingOf(ssrc: number): TrackRecording | null {
    const trackId = this.#tracks.get(ssrc);
    return trackId === undefined ? null : this.#context.recordingOf(trackId);
  }

  async #addIce(ice: Ice): Promise<void> {
    if (this.#offer && this.#offer.ufrag !== ice.ufrag) return;
    const candidates = candidatesOf(ice);
    if (this.#receiver) await this.#receiver.addCandidates(candidates);
    else this.#candidates.push(...candidates);
  }

  #restart(pauseMs = RESTART_MS): void {
    if (this.#closed) return;
    const isHopeless = ++this.#attempts > MAX_ATTEMPTS;
    this.#context.log(
      `a recording's connection is ${isHopeless ? "given up" : "made anew"}`,
    );
    this.#cancelRestart();
    this.#sendClose();
    this.#id = crypto.randomUUID();
    this.#enqueue(() => this.#dropReceiver());
    if (isHopeless) return;
    this.#cancelRestart = this.#context.timers.after(
      pauseMs,
      () => this.#context.send(this.begin()),
    );
  }

  async #dropReceiver(): Promise<void> {
    const receiver = this.#receiver;
    for (const trackId of new Set(this.#tracks.values())) {
      this.#context.recordingOf(trackId)?.restart();
    }
    this.#receiver = null;
    this.#offer = null;
    this.#lastAnswer = null;
    this.#revision = 1;
    this.#tracks = new Map();
    this.#candidates = [];
    await receiver?.close();
  }

  #sendClose(): void {
    this.#context.send({
      id: this.#id,
      description: { type: "close", revision: 1 },
    });
  }

  /** One after the other: descriptions and candidates belong together. */
  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      try {
        await task();
      } catch (error) {
        // What a client sends must not end the process.
        this.#context.log(`a recording's connection failed: ${error}`);
      }
    });
  }
}
