/**
 * A signalling client without WebRTC: speaks the protocol frame by frame.
 *
 * @module
 */
import type {
  ServerFrame,
  ServerMessage,
} from "@/lib/twilio_emulator/signalling/messages.ts";
import { accessToken, eventually, type ServedEmulator } from "./harness.ts";

/** Where to find the signalling. */
type Place = Pick<ServedEmulator, "wsServer">;

type MessageOf<T extends ServerMessage["type"]> = Extract<
  ServerMessage,
  { type: T }
>;

/** A signalling socket. Disposing closes it and waits until it is. */
export class Socket implements AsyncDisposable {
  /** Everything received so far. */
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<CloseEvent>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.frames.push(JSON.parse(data));
    this.closed = new Promise((resolve) => socket.onclose = resolve);
  }

  /** Opens a socket; nothing is said yet. */
  static async open(served: Place): Promise<Socket> {
    const raw = new WebSocket(served.wsServer);
    const socket = new Socket(raw);
    await new Promise((resolve, reject) => {
      raw.onopen = resolve;
      raw.onerror = reject;
    });
    return socket;
  }

  /** Opens a socket and joins a room. */
  static async join(
    served: Place,
    identity: string,
    room = "the room",
    tracks: Record<string, unknown>[] = [],
    more: Record<string, unknown> = {},
  ): Promise<{ socket: Socket; connected: MessageOf<"connected"> }> {
    const socket = await Socket.open(served);
    socket.hello({
      type: "connect",
      version: 2,
      token: accessToken({ identity }),
      name: room,
      participant: { revision: 1, tracks },
      peer_connections: [],
      ...more,
    });
    return { socket, connected: await socket.message("connected") };
  }

  /** Sends a frame, or any text. */
  send(frame: unknown): void {
    this.#socket.send(
      typeof frame === "string" ? frame : JSON.stringify(frame),
    );
  }

  /** Sends binary data, which no client does. */
  sendBinary(): void {
    this.#socket.send(new Uint8Array(8));
  }

  /** Says hello with a first message. */
  hello(body: Record<string, unknown>, timeout = 5000): void {
    this.send({ type: "hello", version: 2, id: "1", timeout, body });
  }

  /** Sends a message. */
  say(body: Record<string, unknown>): void {
    this.send({ type: "msg", body });
  }

  /** Waits for a frame that is accepted. */
  async frame(accept: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    const frames = await eventually(
      () => this.frames,
      (frames) => frames.some(accept),
      "a frame",
    );
    return frames.findLast(accept)!;
  }

  /** Waits for a message of a type that is accepted. */
  async message<T extends ServerMessage["type"]>(
    type: T,
    accept: (message: MessageOf<T>) => boolean = () => true,
  ): Promise<MessageOf<T>> {
    const matches = (frame: ServerFrame) =>
      frame.type === "msg" && frame.body.type === type &&
      accept(frame.body as MessageOf<T>);
    const frame = await this.frame(matches);
    return (frame as Extract<ServerFrame, { type: "msg" }>).body as MessageOf<
      T
    >;
  }

  /** Closes the socket without a word, as a network that fails does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close(4001);
    await this.closed;
  }
}
