/**
 * The peer connection that carries one client's media signalling: a data
 * channel for each kind, opened by the server, and on request the client's
 * audio, of which only the loudness is read.
 *
 * @module
 */
import type { RTCDataChannel, RTCPeerConnection } from "werift";
import type {
  Description,
  Ice,
  MediaSignallingState,
  PeerConnectionEntry,
} from "../signalling/messages.ts";
import type { Timers } from "../timers.ts";
import { candidatesOf } from "./candidates.ts";
import {
  answerTo,
  levelExtension,
  type LocalTransport,
  type Offer,
  parseLocal,
  parseOffer,
} from "./sdp.ts";
import {
  addCandidates,
  closePeer,
  loadWerift,
  newPeerConnection,
} from "./werift.ts";

/** Pause between the end of a broken connection and a new one. */
const RESTART_MS = 1500;

/** Longest message of a client; a report on the network is a tenth of it. */
const MAX_MESSAGE = 64 * 1024;

/** What a peer needs. */
export interface SignallingPeerContext {
  readonly timers: Timers;
  readonly send: (
    entries: PeerConnectionEntry[],
    channels?: MediaSignallingState,
  ) => void;
  /** A message arrived on a channel. */
  readonly message: (channel: string, message: Record<string, unknown>) => void;
  /** A packet of audio came, so loud; 0 is the loudest, 127 silence. */
  readonly loudness: (level: number) => void;
  readonly log: (line: string) => void;
}

/** One client's media signalling. */
export class SignallingPeer {
  readonly #names: readonly string[];
  readonly #context: SignallingPeerContext;
  #id: string = crypto.randomUUID();
  #labels: ReadonlyMap<string, string>;
  #peer: RTCPeerConnection | null = null;
  #channels = new Map<string, RTCDataChannel>();
  #local: LocalTransport | null = null;
  #remoteUfrag: string | null = null;
  #revision = 0;
  #last: Description | null = null;
  #levelExtension: number | null = null;
  #candidates: { candidate: string }[] = [];
  #work: Promise<void> = Promise.resolve();
  #cancelRestart = () => {};
  #closed = false;

  /** @param names Of the channels. */
  constructor(names: readonly string[], context: SignallingPeerContext) {
    this.#names = names;
    this.#context = context;
    this.#labels = newLabels(names);
  }

  /** What clients are told of the channels. */
  state(): MediaSignallingState {
    return Object.fromEntries(
      [...this.#labels].map(([name, label]) => [
        name,
        { transport: { type: "data-channel", label } },
      ]),
    );
  }

  /** Makes the offer. */
  open(): void {
    this.#enqueue(() => this.#offer());
  }

  /** Keeps the connection alive in a client that resumes its session. */
  resume(): PeerConnectionEntry[] {
    const id = this.#id;
    return [this.#last ? { id, description: this.#last } : { id }];
  }

  /** Takes in what the client says of this connection. */
  receive({ id, description, ice }: PeerConnectionEntry): void {
    if (id !== this.#id || this.#closed) return;
    if (description?.type === "close") this.#restart();
    else if (description) this.#enqueue(() => this.#describe(description));
    if (ice) this.#enqueue(() => this.#addIce(ice));
  }

  /** Says something on a channel; lost when it is not open. */
  tell(channel: string, message: Record<string, unknown>): void {
    const open = this.#channels.get(channel);
    if (open?.readyState === "open") open.send(JSON.stringify(message));
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart();
    this.#sendClose();
    await this.#work;
    await this.#drop();
  }

  async #offer(): Promise<void> {
    const werift = await loadWerift();
    if (this.#closed) return;
    const peer = newPeerConnection(werift);
    this.#peer = peer;
    for (const [name, label] of this.#labels) {
      const channel = peer.createDataChannel(label);
      channel.onMessage.subscribe((data) => this.#hear(name, data));
      this.#channels.set(name, channel);
    }
    await peer.setLocalDescription(await peer.createOffer());
    const { sdp } = peer.localDescription!;
    // The client answers actively; so this is what later answers say.
    this.#local = { ...parseLocal(sdp), setup: "passive" };
    peer.dtlsTransports[0]!.onRtp.subscribe(({ header }) => {
      const extension = header.extensions
        .find(({ id }) => id === this.#levelExtension);
      if (extension) this.#context.loudness(extension.payload[0]! & 0x7f);
    });
    this.#revision = 1;
    this.#say({ type: "offer", revision: 1, sdp });
  }

  async #describe({ type, revision, sdp }: Description): Promise<void> {
    if (!sdp || !this.#peer) return;
    if (type === "answer" && revision === 1 && this.#remoteUfrag === null) {
      this.#remoteUfrag = parseOffer(sdp).ufrag;
      await this.#peer.setRemoteDescription({ type: "answer", sdp });
      await addCandidates(this.#peer, this.#candidates.splice(0));
    }
    if (type === "offer" && revision > this.#revision) {
      const offer = parseOffer(sdp);
      // Another transport: what werift has negotiated cannot follow.
      if (offer.ufrag !== this.#remoteUfrag) this.#restart();
      else this.#answer(offer, revision);
    }
  }

  #answer(offer: Offer, revision: number): void {
    const listens = this.#names.includes("active_speaker");
    this.#levelExtension = levelExtension(offer);
    this.#revision = revision;
    this.#say({
      type: "answer",
      revision,
      sdp: answerTo(offer, this.#local!, revision, {
        receives: ({ kind }) => listens && kind === "audio",
        data: true,
      }),
    });
  }

  async #addIce(ice: Ice): Promise<void> {
    const candidates = candidatesOf(ice);
    if (this.#peer && this.#remoteUfrag === ice.ufrag) {
      await addCandidates(this.#peer, candidates);
    } else if (this.#remoteUfrag === null) this.#candidates.push(...candidates);
  }

  #hear(channel: string, data: string | Uint8Array): void {
    if (typeof data !== "string" || data.length > MAX_MESSAGE) return;
    try {
      const message: unknown = JSON.parse(data);
      if (typeof message !== "object" || message === null) return;
      this.#context.message(channel, message as Record<string, unknown>);
    } catch (error) {
      // What a client sends must not end the process.
      this.#context.log(`media signalling on ${channel} failed: ${error}`);
    }
  }

  /** Begins anew, with new labels: the SDK forgets the old ones with their channels. */
  #restart(): void {
    if (this.#closed) return;
    this.#sendClose();
    this.#id = crypto.randomUUID();
    this.#labels = newLabels(this.#names);
    this.#enqueue(() => this.#drop());
    this.#cancelRestart();
    this.#cancelRestart = this.#context.timers.after(RESTART_MS, () => {
      this.#context.send([], this.state());
      this.open();
    });
  }

  async #drop(): Promise<void> {
    const peer = this.#peer;
    this.#peer = null;
    this.#channels = new Map();
    this.#local = null;
    this.#remoteUfrag = null;
    this.#revision = 0;
    this.#last = null;
    this.#candidates = [];
    if (peer) await closePeer(peer);
  }

  #say(description: Description): void {
    this.#last = description;
    this.#context.send([{ id: this.#id, description }]);
  }

  #sendClose(): void {
    const description: Description = { type: "close", revision: 1 };
    this.#context.send([{ id: this.#id, description }]);
  }

  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      try {
        await task();
      } catch (error) {
        this.#context.log(`media signalling failed: ${error}`);
      }
    });
  }
}

function newLabels(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, crypto.randomUUID()]));
}
