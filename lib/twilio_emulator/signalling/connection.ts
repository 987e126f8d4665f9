/**
 * One signalling socket: TCMP framing, handshake and heartbeats.
 *
 * @module
 */
import type { Timers } from "../timers.ts";
import {
  type ClientFrame,
  parseClientFrame,
  type ServerFrame,
  type ServerMessage,
} from "./messages.ts";

/** Longest frame, in UTF-16 units. The SDP of fifty tracks is a tenth of it. */
const MAX_FRAME = 2 ** 20;

/** A socket that says nothing for so long after opening is closed. */
const HELLO_TIMEOUT_MS = 15_000;

/** The SDK sends its heartbeats so much before they are due, and so does the server. */
const HEARTBEAT_MARGIN_MS = 200;

/** Missed heartbeats after which the other side is dead. */
const MAX_MISSED_HEARTBEATS = 3;

/** Frames kept while the connection plays dead; a client sends a few a second. */
const MAX_UNREAD = 1000;

/** Time for the client to close a session that was ended; then the server does. */
const GOODBYE_MS = 5_000;

/** Close codes. 1000 would tell the SDK to give the session up without an error. */
const CLOSE_NORMAL = 1000;
const CLOSE_UNSUPPORTED = 1003;
const CLOSE_TOO_BIG = 1009;
const CLOSE_TIMEOUT = 4000;

/** What the owner of a connection is told. */
export interface ConnectionHandler {
  /** A body arrived: that of the `hello` or of a `msg`. */
  message(connection: Connection, body: unknown): void;
  /** The socket is gone. Called once, unless {@link Connection.release} came first. */
  lost(connection: Connection): void;
}

/** What a connection is made with. */
export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly heartbeatMs: number;
  readonly timers: Timers;
  readonly handler: ConnectionHandler;
  /** Answer to `hello`: milliseconds to wait, below 0 to give up, `null` to be let in. */
  readonly busy: () => number | null;
  /** Is shown every frame that can be read, and every one that is sent. */
  readonly onFrame?: (
    direction: "in" | "out",
    frame: ClientFrame | ServerFrame,
  ) => void;
}

/** One signalling socket. */
export class Connection {
  /** Settles when the socket is closed. */
  readonly closed: Promise<void>;
  readonly #options: ConnectionOptions;
  #handler: ConnectionHandler | null;
  #welcomed = false;
  #timeoutMs: number;
  #stopHeartbeat = () => {};
  #stopWaiting: () => void;
  #frozen = false;
  readonly #whileFrozen: string[] = [];

  constructor(options: ConnectionOptions) {
    const { socket } = options;
    this.#options = options;
    this.#handler = options.handler;
    this.#timeoutMs = options.heartbeatMs;
    this.#stopWaiting = this.#expectHello(HELLO_TIMEOUT_MS);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    socket.onmessage = ({ data }) => this.#receive(data);
    // An error is always followed by a close.
    socket.onerror = (event) => event.preventDefault();
    socket.onclose = () => {
      this.#stop();
      resolve();
      this.#handler?.lost(this);
    };
  }

  /** Sends a body. What cannot be sent is lost, as on a real network. */
  send(body: ServerMessage): void {
    this.#sendFrame({ type: "msg", body });
  }

  /** Its owner no longer cares; ends the socket when the client does not. */
  release(): void {
    this.#handler = null;
    this.#stop();
    this.#stopWaiting = this.#options.timers.after(
      GOODBYE_MS,
      () => this.close(CLOSE_NORMAL),
    );
  }

  /** Closes the socket. */
  close(code: number, reason = ""): void {
    this.#stop();
    try {
      this.#options.socket.close(code, reason);
    } catch {
      // It is not open yet, or not any more.
    }
  }

  /**
   * Plays dead: neither reads nor writes, as a process that was stopped. What
   * arrives meanwhile is read after `freeze(false)`.
   */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    if (!frozen) {
      for (const text of this.#whileFrozen.splice(0)) this.#receive(text);
    }
  }

  #receive(data: unknown): void {
    if (typeof data !== "string") {
      this.close(CLOSE_UNSUPPORTED, "text frames only");
      return;
    }
    if (data.length > MAX_FRAME) {
      this.close(CLOSE_TOO_BIG, `at most ${MAX_FRAME} characters`);
      return;
    }
    if (this.#frozen) {
      if (this.#whileFrozen.length < MAX_UNREAD) this.#whileFrozen.push(data);
      return;
    }
    if (this.#welcomed) this.#expectLife();
    const frame = parseClientFrame(data);
    if (frame) this.#options.onFrame?.("in", frame);
    switch (frame?.type) {
      case "hello":
        this.#hello(frame.timeout, frame.body);
        return;
      case "msg":
        if (this.#welcomed) this.#handler?.message(this, frame.body);
        return;
      case "heartbeat":
      case "bye":
        // The client closes the socket after its `bye`.
        return;
      default:
        this.#sendFrame({ type: "bad", reason: "not a TCMP frame" });
    }
  }

  #hello(requestedTimeout: number | undefined, body: unknown): void {
    // The SDK repeats a hello that it thinks was lost.
    if (this.#welcomed) return;
    const retryAfter = this.#options.busy();
    if (retryAfter !== null) {
      this.#sendFrame({ type: "busy", keepAlive: true, retryAfter });
      this.#stopWaiting();
      this.#stopWaiting = this.#expectHello(HELLO_TIMEOUT_MS + retryAfter);
      return;
    }
    this.#welcomed = true;
    this.#timeoutMs = Math.max(
      HEARTBEAT_MARGIN_MS * 2,
      Math.min(this.#timeoutMs, requestedTimeout ?? Infinity),
    );
    this.#sendFrame({ type: "welcome", negotiatedTimeout: this.#timeoutMs });
    this.#expectLife();
    this.#beat();
    this.#handler?.message(this, body);
  }

  #expectHello(ms: number): () => void {
    return this.#options.timers.after(
      ms,
      () => this.close(CLOSE_TIMEOUT, "no hello"),
    );
  }

  #beat(): void {
    this.#stopHeartbeat = this.#options.timers.after(
      this.#timeoutMs - HEARTBEAT_MARGIN_MS,
      () => {
        this.#sendFrame({ type: "heartbeat" });
        this.#beat();
      },
    );
  }

  #expectLife(): void {
    if (!this.#handler) return;
    this.#stopWaiting();
    this.#stopWaiting = this.#options.timers.after(
      this.#timeoutMs * MAX_MISSED_HEARTBEATS,
      () => {
        if (this.#frozen) return;
        this.close(CLOSE_TIMEOUT, "heartbeats missed");
        // A dead peer never completes the closing handshake: do not wait for it.
        const handler = this.#handler;
        this.#handler = null;
        handler?.lost(this);
      },
    );
  }

  #stop(): void {
    this.#stopHeartbeat();
    this.#stopWaiting();
  }

  #sendFrame(frame: ServerFrame): void {
    const { socket } = this.#options;
    if (this.#frozen || socket.readyState !== WebSocket.OPEN) return;
    this.#options.onFrame?.("out", frame);
    socket.send(JSON.stringify(frame));
  }
}
