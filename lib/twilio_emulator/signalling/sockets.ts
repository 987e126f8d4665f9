/**
 * The open signalling sockets, and what faults do to them all.
 *
 * @module
 */
import type { Settings } from "../settings.ts";
import type { Timers } from "../timers.ts";
import { Connection, type ConnectionHandler } from "./connection.ts";
import type { ClientFrame, ServerFrame } from "./messages.ts";

/** Is shown every frame of a connection. */
export type FrameObserver = (
  connection: Connection,
  direction: "in" | "out",
  frame: ClientFrame | ServerFrame,
) => void;

/** The sockets of a signalling server. */
export class Sockets {
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #handler: ConnectionHandler;
  readonly #onFrame: FrameObserver;
  readonly #open = new Set<Connection>();
  #frozen = false;
  /** Answer to every `hello`; see `Faults.busy`. */
  busy: number | null = null;

  constructor(
    settings: Settings,
    timers: Timers,
    handler: ConnectionHandler,
    onFrame: FrameObserver,
  ) {
    this.#settings = settings;
    this.#timers = timers;
    this.#handler = handler;
    this.#onFrame = onFrame;
  }

  /** Takes over a socket that is opening. */
  accept(socket: WebSocket): void {
    const connection: Connection = new Connection({
      socket,
      heartbeatMs: this.#settings.heartbeatMs,
      timers: this.#timers,
      handler: this.#handler,
      busy: () => this.busy,
      onFrame: (direction, frame) =>
        this.#onFrame(connection, direction, frame),
    });
    this.#open.add(connection);
    connection.closed.then(() => this.#open.delete(connection));
    connection.freeze(this.#frozen);
  }

  /** Closes those that are accepted, as a network that fails does. */
  drop(code: number, accept: (connection: Connection) => boolean): void {
    for (const connection of this.#open) {
      if (accept(connection)) connection.close(code);
    }
  }

  /** Plays dead, also to sockets that open meanwhile. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    for (const connection of this.#open) connection.freeze(frozen);
  }

  /** Settles when every socket is closed. */
  async allClosed(): Promise<void> {
    await Promise.all([...this.#open].map(({ closed }) => closed));
  }
}
