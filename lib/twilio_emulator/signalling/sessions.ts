/**
 * Who is who: sessions by their secret, their socket and their participant.
 *
 * @module
 */
import type { LeaveReason } from "../rooms/events.ts";
import type { Participant } from "../rooms/records.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection.ts";

/** Ended sessions whose end is remembered, for clients that come back too late. */
const MAX_ENDED = 1000;

/** Close code of a socket that a newer one of the same session replaces. */
const CLOSE_REPLACED = 4002;

/** The sessions of a signalling server. */
export class Sessions {
  readonly #bySecret = new Map<string, Client>();
  readonly #byConnection = new Map<Connection, Client>();
  readonly #byParticipant = new Map<Participant, Client>();
  readonly #ended = new Map<string, LeaveReason>();

  /** Takes in somebody who has just joined. */
  add(client: Client, connection: Connection): void {
    this.#bySecret.set(client.session, client);
    this.#byParticipant.set(client.participant, client);
    this.#byConnection.set(connection, client);
  }

  /** The session with this secret. */
  withSecret(secret: string): Client | undefined {
    return this.#bySecret.get(secret);
  }

  /** The session that uses a socket. */
  of(connection: Connection): Client | undefined {
    return this.#byConnection.get(connection);
  }

  /** The session of a participant. */
  ofParticipant(participant: Participant): Client | undefined {
    return this.#byParticipant.get(participant);
  }

  /** Why the session with this secret has ended. */
  endOf(secret: string): LeaveReason | undefined {
    return this.#ended.get(secret);
  }

  /** Gives a session another socket; the one before is closed. */
  resume(client: Client, connection: Connection): void {
    client.stopTimeout();
    const before = client.connection;
    if (before && before !== connection) {
      this.#byConnection.delete(before);
      before.release();
      before.close(CLOSE_REPLACED, "resumed on another socket");
    }
    client.connection = connection;
    this.#byConnection.set(connection, client);
  }

  /** The socket belongs to nobody any more. */
  detach(connection: Connection): void {
    this.#byConnection.delete(connection);
  }

  /** Forgets a session, but not why it has ended. */
  end(client: Client, reason: LeaveReason): void {
    client.stopTimeout();
    this.#byParticipant.delete(client.participant);
    this.#bySecret.delete(client.session);
    this.#ended.set(client.session, reason);
    if (this.#ended.size <= MAX_ENDED) return;
    const [oldest] = this.#ended.keys();
    this.#ended.delete(oldest!);
  }
}
