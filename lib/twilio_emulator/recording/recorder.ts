/**
 * Records what the rules of rooms say: compares what is to be recorded with
 * what is, whenever something happened, and starts and stops.
 *
 * @module
 */
import type { Participant, Room, Track } from "../rooms/records.ts";
import { isRecording, recordedIn } from "../rooms/selection.ts";
import type { Settings } from "../settings.ts";
import type { Client } from "../signalling/client.ts";
import type {
  PeerConnectionEntry,
  RecordingState,
} from "../signalling/messages.ts";
import type { Timers } from "../timers.ts";
import type { RecordingEvent } from "./events.ts";
import { RecordedPeer } from "./recorded_peer.ts";
import { Recordings } from "./recordings.ts";
import { rescueRecordings } from "./rescue.ts";
import { type RecordingContext, TrackRecording } from "./track_recording.ts";

/** The recorder of an emulator. */
export class Recorder {
  /** What was recorded. */
  readonly recordings: Recordings = new Recordings();
  readonly #settings: Settings;
  readonly #emit: (event: RecordingEvent) => void;
  readonly #timers: Timers;
  readonly #clients = new Map<Participant, Client>();
  readonly #peers = new Map<Participant, RecordedPeer>();
  /** By SID of the track. */
  readonly #running = new Map<string, TrackRecording>();
  readonly #states = new WeakMap<Room, RecordingState>();
  readonly #finishing = new Set<Promise<void>>();
  readonly #folder: string;
  #folderMade: Promise<void> | null = null;
  #closed = false;

  /**
   * @param timers Of real time.
   * @param folder For the files; made when the first one is.
   * @param emit Is told what has a status callback.
   */
  constructor(
    settings: Settings,
    timers: Timers,
    folder: string,
    emit: (event: RecordingEvent) => void,
  ) {
    this.#settings = settings;
    this.#timers = timers;
    this.#folder = folder;
    this.#emit = emit;
  }

  /** The set of tracks to record in a room has changed. */
  update(room: Room): void {
    this.#tellState(room);
    for (const { tell } of this.#reconcile(room)) tell();
  }

  /** Takes in a client; answers the peer connections it must make. */
  connect(client: Client): PeerConnectionEntry[] {
    const { participant } = client;
    this.#clients.set(participant, client);
    return this.#reconcile(participant.room).flatMap((begun) => {
      if (begun.participant === participant) return [begun.entry];
      begun.tell();
      return [];
    });
  }

  /** What a client must be told that resumes its session. */
  resume({ participant }: Client): PeerConnectionEntry[] {
    return this.#peers.get(participant)?.resume() ?? [];
  }

  /** Takes in what a client says of its peer connections. */
  receive(
    { participant }: Client,
    entries: readonly PeerConnectionEntry[],
  ): void {
    const peer = this.#peers.get(participant);
    for (const entry of entries) peer?.receive(entry);
  }

  /** The client's session has ended. */
  remove({ participant }: Client): void {
    this.#clients.delete(participant);
    this.#endPeer(participant);
  }

  /** What clients are told in `room.isRecording`. */
  state(room: Room): RecordingState {
    const known = this.#states.get(room);
    const is_recording = isRecording(room);
    if (known?.is_recording === is_recording) return known;
    const revision = (known?.revision ?? 0) + 1;
    const state = { revision, is_recording };
    this.#states.set(room, state);
    return state;
  }

  /** Settles when the file of every recording that has ended is whole. */
  async settled(): Promise<void> {
    while (this.#finishing.size > 0) await Promise.all(this.#finishing);
  }

  /** Ends every recording; settles when their files are whole. */
  async stop(): Promise<void> {
    this.#closed = true;
    for (const track of [...this.#running.values()]) this.#stop(track);
    for (const participant of [...this.#peers.keys()]) {
      this.#endPeer(participant);
    }
    await this.settled();
  }

  /** Ends everything. A folder nobody asked for is removed. */
  async close(): Promise<void> {
    await this.stop();
    const isOurs = this.#settings.recordingsDir === null;
    if (isOurs && this.#folderMade) {
      await this.#folderMade;
      await Deno.remove(this.#folder, { recursive: true });
    }
  }

  /** Starts and stops; answers the peer connections that began. */
  #reconcile(room: Room) {
    if (this.#closed) return [];
    const wanted = new Map(
      recordedIn(room).map((published) => [published.track.sid, published]),
    );
    const changed = new Set<Participant>();
    for (const [sid, recording] of [...this.#running]) {
      if (recording.participant.room !== room || wanted.has(sid)) continue;
      this.#stop(recording);
      changed.add(recording.participant);
    }
    const begun = [];
    for (const { participant, track } of wanted.values()) {
      const client = this.#clients.get(participant);
      if (!client || this.#running.has(track.sid)) continue;
      this.#start(participant, track);
      changed.add(participant);
      if (this.#peers.has(participant)) continue;
      const peer = this.#newPeer(client);
      this.#peers.set(participant, peer);
      changed.delete(participant);
      const entry = peer.begin();
      begun.push({ participant, entry, tell: () => send(client, entry) });
    }
    for (const participant of changed) this.#refreshPeer(participant);
    return begun;
  }

  #refreshPeer(participant: Participant): void {
    const isUsed = [...this.#running.values()]
      .some((recording) => recording.participant === participant);
    if (!isUsed) this.#endPeer(participant);
    else this.#peers.get(participant)?.renegotiate();
  }

  #start(participant: Participant, track: Track): void {
    const { room } = participant;
    const context: RecordingContext = {
      recordings: this.recordings,
      now: this.#settings.now,
      folder: this.#folder,
      makeFolder: () => this.#makeFolder(),
      changed: (type, recording, failedOperation) => {
        this.#emit({ type, room, recording, failedOperation });
      },
      log: this.#settings.log,
    };
    const recording = new TrackRecording(participant, track, context);
    this.#running.set(track.sid, recording);
  }

  #stop(recording: TrackRecording): void {
    this.#running.delete(recording.track.sid);
    const peer = this.#peers.get(recording.participant);
    const end = peer?.endOfMedia() ?? performance.now();
    this.#keep(recording.finish(end));
  }

  #newPeer(client: Client): RecordedPeer {
    const { participant } = client;
    return new RecordedPeer({
      timers: this.#timers,
      send: (entry) => send(client, entry),
      recordingOf: (trackId) => {
        const track = participant.tracks.get(trackId);
        return track ? this.#running.get(track.sid) ?? null : null;
      },
      log: this.#settings.log,
    });
  }

  #endPeer(participant: Participant): void {
    const peer = this.#peers.get(participant);
    this.#peers.delete(participant);
    if (peer) this.#keep(peer.close());
  }

  /** Tells everybody in the room when it begins or ceases to record. */
  #tellState(room: Room): void {
    const before = this.#states.get(room);
    const recording = this.state(room);
    if (!before || before === recording) return;
    for (const [participant, client] of this.#clients) {
      if (participant.room !== room) continue;
      client.send({ type: "update", version: 2, recording });
    }
  }

  #makeFolder(): Promise<void> {
    return this.#folderMade ??= (async () => {
      await Deno.mkdir(this.#folder, { recursive: true });
      await rescueRecordings(this.#folder, this.#settings.log);
    })();
  }

  #keep(work: Promise<void>): void {
    const kept = work.catch((error) => {
      this.#settings.log(`recording failed: ${error}`);
    }).finally(() => this.#finishing.delete(kept));
    this.#finishing.add(kept);
  }
}

function send(client: Client, entry: PeerConnectionEntry): void {
  client.send({ type: "update", version: 2, peer_connections: [entry] });
}
