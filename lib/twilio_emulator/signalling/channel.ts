/**
 * The signalling of one room: who is in it, and what they are told of each
 * other.
 *
 * @module
 */
import type { Room } from "../rooms/records.ts";
import { isRecording } from "../rooms/selection.ts";
import type { Timers } from "../timers.ts";
import type { Client } from "./client.ts";
import type {
  PeerConnectionEntry,
  RecordingState,
  RemoteParticipantState,
  ServerMessage,
} from "./messages.ts";
import { Mesh } from "./mesh.ts";

/** The clients of one room. */
export class Channel {
  readonly #clients = new Set<Client>();
  readonly #mesh: Mesh;
  readonly #room: Room;
  #recording = 0;

  constructor(timers: Timers, room: Room) {
    this.#room = room;
    this.#mesh = new Mesh(
      timers,
      (client, except) => this.#others(client).filter((it) => it !== except),
    );
  }

  /** Takes somebody in; the answer is what its `connected` message says of the others. */
  add(client: Client) {
    const others = this.#others(client);
    this.#clients.add(client);
    const state = {
      participants: others.map((other) => other.snapshot()),
      peer_connections: this.#mesh.add(client, others),
      published: client.published(),
      subscribed: client.subscribed(others),
      recording: this.#recordingState(),
    };
    this.tellOthers(client);
    return state;
  }

  /** What a `synced` message says of the others to somebody who is back. */
  resume(client: Client) {
    const others = this.#others(client);
    return {
      participants: others.map((other) => other.snapshot()),
      peer_connections: this.#mesh.resume(client),
      published: client.published(),
      subscribed: client.subscribed(others),
      recording: this.#recordingState(),
    };
  }

  /**
   * Takes somebody out.
   *
   * @param silently Whether the others need not know, because they are going too.
   */
  remove(client: Client, silently: boolean): void {
    this.#clients.delete(client);
    if (silently) return;
    this.#mesh.remove(client);
    client.changed();
    // Its record says `disconnected` and has no tracks by now.
    this.#tell(this.#clients, client.snapshot());
  }

  /** Tells the others how a client is now: its state and its tracks. */
  tellOthers(client: Client): void {
    client.changed();
    this.#tell(this.#others(client), client.snapshot());
  }

  /** Tells a client what it is subscribed to by its new rules. */
  tellSubscriptions(client: Client): void {
    const subscribed = client.subscribed(this.#others(client));
    client.send({ type: "update", version: 2, subscribed });
  }

  /** Tells everybody whether the room is recorded. */
  tellRecording(): void {
    const recording = this.#recordingState();
    for (const client of this.#clients) {
      client.send({ type: "update", version: 2, recording });
    }
  }

  /** Relays what a client says of its peer connections. */
  relay(client: Client, entries: readonly PeerConnectionEntry[]): void {
    this.#mesh.receive(client, entries);
  }

  /** The room has ended. */
  close(): void {
    this.#mesh.close();
    this.#clients.clear();
  }

  #tell(clients: Iterable<Client>, about: RemoteParticipantState): void {
    for (const client of clients) {
      const update: ServerMessage = {
        type: "update",
        version: 2,
        participants: [about],
        subscribed: client.subscribed(this.#others(client)),
      };
      client.send(update);
    }
  }

  #recordingState(): RecordingState {
    return {
      revision: ++this.#recording,
      is_recording: isRecording(this.#room),
    };
  }

  #others(client: Client): Client[] {
    return [...this.#clients].filter((other) => other !== client);
  }
}
