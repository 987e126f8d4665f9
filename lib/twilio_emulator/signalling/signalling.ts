/**
 * The signalling server: reads what comes over its sockets and says no to
 * what makes no sense. `attendance.ts` does the rest.
 *
 * Every message is worked off in one synchronous go, so a client's snapshot
 * of the room is never out of date when it is sent.
 *
 * @module
 */
import { type AccessTokenClaims, verifyAccessToken } from "../access_token.ts";
import { TwilioFault } from "../errors.ts";
import type { MediaEndpoint } from "../media/endpoint.ts";
import type { RoomEvent } from "../rooms/events.ts";
import type { Participant } from "../rooms/records.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Settings } from "../settings.ts";
import type { Timers } from "../timers.ts";
import { Attendance } from "./attendance.ts";
import type { Connection } from "./connection.ts";
import { errorMessage } from "./farewell.ts";
import {
  type ClientFrame,
  type ClientMessage,
  parseClientMessage,
  type ServerFrame,
} from "./messages.ts";
import { Sockets } from "./sockets.ts";

/** A frame that was sent or received. It has secrets in it. */
export interface SeenFrame {
  readonly direction: "in" | "out";
  readonly frame: ClientFrame | ServerFrame;
  /** Who is at the other end; `null` before `connect` and after the end. */
  readonly participant: Participant | null;
}

/** The signalling server of an emulator. */
export class Signalling {
  readonly #settings: Settings;
  readonly #attendance: Attendance;
  readonly #sockets: Sockets;
  /** Is shown every frame. */
  onFrame: (frame: SeenFrame) => void = () => {};

  constructor(settings: Settings, timers: Timers, rooms: Rooms) {
    this.#settings = settings;
    this.#attendance = new Attendance(settings, timers, rooms);
    this.#sockets = new Sockets(
      settings,
      timers,
      this,
      (connection, direction, frame) => {
        const participant = this.#attendance.who(connection);
        this.onFrame({ direction, frame, participant });
      },
    );
  }

  /** The server's own part in the media; set before anybody connects. */
  set media(media: MediaEndpoint) {
    this.#attendance.media = media;
  }

  /** Takes over a socket that is opening. */
  accept(socket: WebSocket): void {
    this.#sockets.accept(socket);
  }

  /** Passes on what happened in a room, whatever caused it. */
  onEvent(event: RoomEvent): void {
    this.#attendance.onEvent(event);
  }

  /** Works off a body; called by the connection. */
  message(connection: Connection, body: unknown): void {
    try {
      const message = parseClientMessage(body);
      if (!message) throw new TwilioFault(53004);
      this.#handle(connection, message);
    } catch (error) {
      // Anything else is a mistake of ours; it must not end the process.
      const fault = error instanceof TwilioFault
        ? error
        : new TwilioFault(20500);
      this.#settings.log(`signalling refused: ${fault.code} ${error}`);
      const participant = this.#attendance.who(connection);
      this.#attendance.dismiss(connection, errorMessage(fault));
      if (participant) this.#attendance.leave(participant);
    }
  }

  /** A socket is gone; called by the connection. */
  lost(connection: Connection): void {
    this.#attendance.lost(connection);
  }

  /** Closes sockets, of one identity or all, as a network that fails does. */
  drop(code: number, identity?: string): void {
    this.#sockets.drop(code, (connection) => {
      const owner = this.#attendance.who(connection)?.identity;
      return identity === undefined || owner === identity;
    });
  }

  /** Plays dead, also to sockets that open meanwhile. */
  freeze(frozen: boolean): void {
    this.#sockets.freeze(frozen);
  }

  /** Answer to every `hello`; see `Faults.busy`. */
  set busy(retryAfterMs: number | null) {
    this.#sockets.busy = retryAfterMs;
  }

  /** Settles when every socket is closed. */
  allClosed(): Promise<void> {
    return this.#sockets.allClosed();
  }

  #handle(connection: Connection, message: ClientMessage): void {
    switch (message.type) {
      case "ice":
        this.#verify(message.token);
        // Browsers on one machine need neither STUN nor TURN.
        connection.send({ type: "iced", version: 1, ice_servers: [] });
        return;
      case "connect": {
        if (this.#attendance.who(connection)) return;
        const claims = this.#verify(message.token);
        this.#attendance.connect(connection, claims, message);
        return;
      }
      case "sync": {
        const claims = this.#verify(message.token);
        this.#attendance.sync(connection, claims, message);
        return;
      }
      case "update":
        this.#attendance.update(connection, message);
        return;
      case "disconnect": {
        const participant = this.#attendance.who(connection);
        if (participant) this.#attendance.leave(participant);
        return;
      }
    }
  }

  #verify(token: unknown): AccessTokenClaims {
    return verifyAccessToken(
      token,
      this.#settings.accounts,
      this.#settings.now(),
    );
  }
}
