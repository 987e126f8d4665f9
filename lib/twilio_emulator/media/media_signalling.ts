/**
 * Network quality, dominant speaker and track switch-off: what the SDK is
 * told of them over its media signalling.
 *
 * @module
 */
import { isPresent, type Participant, type Room } from "../rooms/records.ts";
import type { Settings } from "../settings.ts";
import type { Client } from "../signalling/client.ts";
import type {
  MediaSignallingState,
  PeerConnectionEntry,
} from "../signalling/messages.ts";
import type { Timers } from "../timers.ts";
import type { MediaControls, NetworkQuality } from "./controls.ts";
import { SignallingPeer } from "./signalling_peer.ts";
import { SpeakerDetector } from "./speaker.ts";

/** The channels there are; the SDK asks for more, and does without. */
const CHANNELS = ["network_quality", "active_speaker", "track_switch_off"];

/** A network without any fault. */
const BEST: NetworkQuality = { level: 5 };

interface Session {
  readonly client: Client;
  readonly peer: SignallingPeer;
}

/** The media signalling of an emulator. */
export class MediaSignalling implements MediaControls {
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #sessions = new Map<Participant, Session>();
  readonly #quality = new Map<string, NetworkQuality>();
  readonly #switchedOff = new Set<string>();
  readonly #detectors = new Map<Room, SpeakerDetector<Participant>>();
  /** Who is said to speak, where a test says so. */
  readonly #chosenSpeakers = new Map<string, string | null>();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  /** @param timers Of real time: media cannot be hurried. */
  constructor(settings: Settings, timers: Timers) {
    this.#settings = settings;
    this.#timers = timers;
  }

  /** Takes in a client; answers the channels it gets. */
  connect(client: Client, wanted: readonly string[]): MediaSignallingState {
    const names = CHANNELS.filter((name) => wanted.includes(name));
    const isOffered = this.#settings.mediaSignaling && !this.#closed;
    if (!isOffered || names.length === 0) return {};
    const { participant } = client;
    const peer = new SignallingPeer(names, {
      timers: this.#timers,
      send: (entries, channels) => {
        client.send({
          type: "update",
          version: 2,
          peer_connections: entries,
          ...(channels ? { media_signaling: channels } : {}),
        });
      },
      message: (channel, message) =>
        this.#message(participant, channel, message),
      loudness: (level) => this.#loudness(participant, level),
      log: this.#settings.log,
    });
    this.#sessions.set(participant, { client, peer });
    peer.open();
    return peer.state();
  }

  /** What a client must be told that resumes its session. */
  resume({ participant }: Client): PeerConnectionEntry[] {
    return this.#sessions.get(participant)?.peer.resume() ?? [];
  }

  /** Takes in what a client says of its peer connections. */
  receive(
    { participant }: Client,
    entries: readonly PeerConnectionEntry[],
  ): void {
    const session = this.#sessions.get(participant);
    for (const entry of entries) session?.peer.receive(entry);
  }

  /** The client's session has ended. */
  remove({ participant }: Client): void {
    const session = this.#sessions.get(participant);
    if (!session) return;
    this.#sessions.delete(participant);
    const { room } = participant;
    if (this.#detectors.get(room)?.forget(participant)) this.#tellSpeaker(room);
    if (this.#inRoom(room).length === 0) this.#detectors.delete(room);
    const closing = session.peer.close().catch((error) => {
      this.#settings.log(`media signalling failed: ${error}`);
    }).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { client } of [...this.#sessions.values()]) this.remove(client);
    await Promise.all(this.#closing);
  }

  setNetworkQuality(identity: string, quality: NetworkQuality | null): void {
    if (quality) this.#quality.set(identity, quality);
    else this.#quality.delete(identity);
  }

  setDominantSpeaker(
    roomSid: string,
    identity: string | null | undefined,
  ): void {
    if (identity === undefined) this.#chosenSpeakers.delete(roomSid);
    else this.#chosenSpeakers.set(roomSid, identity);
    for (const room of this.#rooms()) {
      if (room.sid === roomSid) this.#tellSpeaker(room);
    }
  }

  setSwitchedOff(trackSid: string, off: boolean): void {
    if (off) this.#switchedOff.add(trackSid);
    else this.#switchedOff.delete(trackSid);
    for (const { peer } of this.#sessions.values()) {
      peer.tell("track_switch_off", {
        type: "track_switch_off",
        off: off ? [trackSid] : [],
        on: off ? [] : [trackSid],
      });
    }
  }

  #message(
    participant: Participant,
    channel: string,
    message: Record<string, unknown>,
  ): void {
    const session = this.#sessions.get(participant);
    if (!session) return;
    const { peer } = session;
    if (message.type === "ready") this.#greet(session, channel);
    if (message.type === "network_quality") {
      peer.tell(channel, this.#qualityFor(participant, message));
    }
  }

  /** What a client must know that was said before it came. */
  #greet({ client, peer }: Session, channel: string): void {
    const { participant } = client;
    if (channel === "active_speaker") {
      peer.tell(channel, this.#speakerMessage(participant.room));
    }
    if (channel === "track_switch_off" && this.#switchedOff.size > 0) {
      const off = [...this.#switchedOff];
      peer.tell(channel, { type: "track_switch_off", off, on: [] });
    }
  }

  /** One answer per question: the SDK asks once a second. */
  #qualityFor(
    participant: Participant,
    { reportLevel, remoteReportLevel }: Record<string, unknown>,
  ): Record<string, unknown> {
    const own = this.#quality.get(participant.identity) ?? BEST;
    const others = [...participant.room.participants.values()]
      .filter((other) => other !== participant && isPresent(other));
    return {
      type: "network_quality",
      local: Number(reportLevel) > 1 ? detailed(own) : own.level,
      remotes: remoteReportLevel === 0 ? [] : others.map((other) => {
        const { level } = this.#quality.get(other.identity) ?? BEST;
        return { sid: other.sid, level };
      }),
    };
  }

  #loudness(participant: Participant, level: number): void {
    const { room } = participant;
    const detector = this.#detectors.get(room) ?? new SpeakerDetector();
    this.#detectors.set(room, detector);
    if (detector.hear(participant, level, performance.now())) {
      this.#tellSpeaker(room);
    }
  }

  #tellSpeaker(room: Room): void {
    const message = this.#speakerMessage(room);
    for (const { peer } of this.#inRoom(room)) {
      peer.tell("active_speaker", message);
    }
  }

  #speakerMessage(room: Room): Record<string, unknown> {
    const chosen = this.#chosenSpeakers.get(room.sid);
    const speaker = chosen === undefined
      ? this.#detectors.get(room)?.speaker
      : [...room.participants.values()]
        .find((one) => one.identity === chosen && isPresent(one));
    return { type: "active_speaker", participant: speaker?.sid ?? null };
  }

  #inRoom(room: Room): Session[] {
    return [...this.#sessions.values()]
      .filter(({ client }) => client.participant.room === room);
  }

  #rooms(): Set<Room> {
    return new Set([...this.#sessions.keys()].map(({ room }) => room));
  }
}

/** The same level for each direction and kind, unless it is said. */
function detailed({ level, audio, video }: NetworkQuality) {
  const same = { send: level, recv: level };
  return { level, audio: audio ?? same, video: video ?? same };
}
