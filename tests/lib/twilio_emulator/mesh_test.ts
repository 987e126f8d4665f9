/** Four participants in a room, each pair with a peer connection of its own, without a browser. */
import type { PeerConnectionEntry } from "@/lib/twilio_emulator/signalling/messages.ts";
import assert from "node:assert/strict";
import { eventually, SANITIZED, serveEmulator } from "./harness.ts";
import { Socket } from "./socket.ts";

type Joined = Awaited<ReturnType<typeof Socket.join>>;

/** A participant that negotiates as the SDK does: it answers offers, and makes one of its own after its first answer. */
class Peer implements AsyncDisposable {
  readonly identity: string;
  readonly joined: Joined;
  /** Revision of the newest answered offer, by peer connection. */
  readonly stable = new Map<string, number>();
  readonly closed = new Set<string>();
  readonly #answered = new Set<string>();
  #read = 0;
  #stopped = false;
  readonly #running: Promise<void>;

  private constructor(identity: string, joined: Joined) {
    this.identity = identity;
    this.joined = joined;
    this.#receive(joined.connected.peer_connections);
    this.#running = this.#run();
  }

  static async join(
    served: ReturnType<typeof serveEmulator>,
    identity: string,
  ): Promise<Peer> {
    const joined = await Socket.join(served, identity, "the room", [{
      id: `track of ${identity}`,
      kind: "video",
      name: "camera",
      priority: "high",
    }]);
    return new Peer(identity, joined);
  }

  /** The identities whose tracks the last snapshot subscribes to. */
  get receives(): string[] {
    const snapshots = this.joined.socket.frames.flatMap((frame) =>
      frame.type === "msg" && "subscribed" in frame.body &&
        frame.body.subscribed
        ? [frame.body.subscribed]
        : []
    );
    return (snapshots.at(-1)?.tracks ?? [])
      .map(({ id }) => id.replace("track of ", "")).sort();
  }

  leave(): void {
    const { session } = this.joined.connected;
    this.joined.socket.say({ type: "disconnect", version: 2, session });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.joined.socket[Symbol.asyncDispose]();
  }

  async #run(): Promise<void> {
    const { frames } = this.joined.socket;
    while (!this.#stopped) {
      for (; this.#read < frames.length; this.#read++) {
        const frame = frames[this.#read]!;
        if (frame.type !== "msg" || frame.body.type !== "update") continue;
        this.#receive(frame.body.peer_connections ?? []);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #receive(entries: readonly PeerConnectionEntry[]): void {
    for (const { id, description } of entries) {
      const { type, revision = 0 } = description ?? {};
      if (type === "create-offer") this.#say(id, "offer", revision + 1);
      if (type === "close") this.closed.add(id);
      if (type === "answer") this.stable.set(id, revision);
      if (type !== "offer") continue;
      this.stable.set(id, revision);
      this.#say(id, "answer", revision);
      if (revision > 2 || this.#answered.has(id)) continue;
      this.#answered.add(id);
      this.#say(id, "offer", revision + 1);
    }
  }

  #say(id: string, type: string, revision: number): void {
    this.joined.socket.say({
      type: "update",
      version: 2,
      session: this.joined.connected.session,
      peer_connections: [{ id, description: { type, revision, sdp: "v=0" } }],
    });
  }
}

Deno.test("mesh: four participants, six pairs", SANITIZED, async () => {
  await using served = serveEmulator({ clientSideRoomCreation: true });
  await using stack = new AsyncDisposableStack();
  const peers: Peer[] = [];
  for (const identity of ["alice", "bob", "carol", "dave"]) {
    peers.push(stack.use(await Peer.join(served, identity)));
  }
  const settled = () =>
    peers.every(({ stable }) =>
      stable.size === 3 && [...stable.values()].every((at) => at === 3)
    );
  await eventually(settled, Boolean, "six negotiations");
  const pairs = new Set(peers.flatMap(({ stable }) => [...stable.keys()]));
  assert.equal(pairs.size, 6);
  for (const { identity, receives } of peers) {
    assert.deepEqual(
      receives,
      ["alice", "bob", "carol", "dave"].filter((other) => other !== identity),
    );
  }
  const dave = peers[3]!;
  assert.deepEqual(
    dave.joined.connected.participants[0]?.tracks[0]?.priority,
    "high",
  );

  dave.leave();
  const rest = peers.slice(0, 3);
  await eventually(
    () =>
      rest.every(({ closed, receives }) =>
        closed.size === 1 && !receives.includes("dave")
      ),
    Boolean,
    "the end of Dave's pairs",
  );
  assert.deepEqual(
    new Set(rest.flatMap(({ closed }) => [...closed])),
    new Set(dave.stable.keys()),
  );
});
