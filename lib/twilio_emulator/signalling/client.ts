/**
 * A participant as signalling sees it: the session, its socket, and the
 * snapshots it is sent.
 *
 * @module
 */
import type { TwilioFault } from "../errors.ts";
import type { Participant } from "../rooms/records.ts";
import { subscribesTo } from "../rooms/selection.ts";
import type { Connection } from "./connection.ts";
import type {
  PublishedState,
  RemoteParticipantState,
  ServerMessage,
  SubscribedState,
} from "./messages.ts";

/** A session of the signalling. */
export class Client {
  /** The secret with which the client resumes after a lost socket. */
  readonly session: string = crypto.randomUUID();
  readonly participant: Participant;
  /** `null` while the socket is lost. */
  connection: Connection | null;
  /** Calls off the end of a session whose socket is lost. */
  stopTimeout: () => void = () => {};
  /** Highest revision of its own state that the client has sent. */
  seen = -1;
  /** Tracks it may not publish, by id, and why. */
  refused: ReadonlyMap<string, TwilioFault> = new Map();
  #snapshot = 0;
  #published = 0;
  #subscribed = 0;

  constructor(
    participant: Participant,
    connection: Connection,
  ) {
    this.participant = participant;
    this.connection = connection;
  }

  /** Sends a body, unless the socket is lost: resuming repeats what counts. */
  send(body: ServerMessage): void {
    this.connection?.send(body);
  }

  /** Notes that the others must be told of a change. */
  changed(): void {
    this.#snapshot++;
  }

  /** What the others see of it. */
  snapshot(): RemoteParticipantState {
    const { sid, identity, status, tracks } = this.participant;
    return {
      sid,
      identity,
      revision: this.#snapshot,
      state: status,
      tracks: [...tracks.values()].map((track) => ({
        sid: track.sid,
        name: track.name,
        kind: track.kind,
        enabled: track.enabled,
        priority: track.priority,
      })),
    };
  }

  /** What it is told of its own tracks. */
  published(): PublishedState {
    const { tracks } = this.participant;
    return {
      revision: ++this.#published,
      tracks: [
        ...[...tracks.values()].map(({ id, sid }) => ({
          id,
          sid,
          state: "ready" as const,
        })),
        ...[...this.refused].map(([id, { code, message }]) => ({
          id,
          state: "failed" as const,
          error: { code, message },
        })),
      ],
    };
  }

  /** The tracks of these clients that its subscribe rules select. */
  subscribed(publishers: readonly Client[]): SubscribedState {
    const tracks = publishers.flatMap(({ participant }) =>
      [...participant.tracks.values()].filter((track) =>
        subscribesTo(this.participant, { participant, track })
      )
    );
    return {
      revision: ++this.#subscribed,
      tracks: tracks.map(({ id, sid }) => ({ id, sid })),
    };
  }
}
