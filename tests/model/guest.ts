/** Somebody in a room of the emulator, without media: the signalling alone. */
export class Guest {
  readonly identity: string;
  readonly #socket: WebSocket;
  readonly #session: string;
  readonly #closed: Promise<void>;

  private constructor(
    socket: WebSocket,
    closed: Promise<void>,
    identity: string,
    session: string,
  ) {
    this.#socket = socket;
    this.#closed = closed;
    this.identity = identity;
    this.#session = session;
  }

  /** Enters with a token, as the SDK does; null if the room does not let them in. */
  static async enter(
    origin: string,
    { token, roomName, identity }: {
      token: string;
      roomName: string;
      identity: string;
    },
  ): Promise<Guest | null> {
    const url = origin.replace("http", "ws") + "/twilio-emulator/signaling";
    const socket = new WebSocket(url);
    const { promise: closed, resolve: onClosed } = Promise.withResolvers<
      void
    >();
    socket.onclose = () => onClosed();
    socket.onopen = () =>
      socket.send(JSON.stringify({
        type: "hello",
        version: 2,
        id: "1",
        timeout: 15_000,
        body: {
          type: "connect",
          version: 2,
          token,
          name: roomName,
          participant: { revision: 1, tracks: [] },
          peer_connections: [],
        },
      }));
    const session = await new Promise<string | null>((resolve) => {
      socket.onmessage = ({ data }) => {
        const { type, body } = JSON.parse(data);
        if (type !== "msg") return;
        resolve(body.type === "connected" ? body.session : null);
      };
      closed.then(() => resolve(null));
    });
    if (session !== null) return new Guest(socket, closed, identity, session);
    socket.close();
    await closed;
    return null;
  }

  /** Leaves properly. */
  async hangUp(): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({
        type: "msg",
        body: { type: "disconnect", session: this.#session },
      }));
    }
    this.#socket.close();
    await this.#closed;
  }

  /** Is gone without a word, as a phone without a network is. */
  async vanish(): Promise<void> {
    this.#socket.close(4001);
    await this.#closed;
  }
}
