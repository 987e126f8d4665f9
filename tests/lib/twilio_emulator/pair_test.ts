/**
 * The negotiation of a pair: examples of its rules, and a proof by many random
 * runs that two clients always come to rest, whatever is lost in between.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  entriesToResume,
  entryToBegin,
  NEW_PAIR,
  otherSide,
  type PairState,
  receiveDescription,
  type Side,
} from "@/lib/twilio_emulator/signalling/pair.ts";
import type {
  Description,
  PeerConnectionEntry,
} from "@/lib/twilio_emulator/signalling/messages.ts";

function run(...steps: [Side, "offer" | "answer" | "close", number][]) {
  let state: PairState = NEW_PAIR;
  const effects: string[] = [];
  for (const [side, type, revision] of steps) {
    const step = receiveDescription(state, side, { type, revision });
    state = step.state;
    effects.push(step.effect);
  }
  return { state, effects };
}

Deno.test("pair: the two rounds of a first negotiation", () => {
  const { state, effects } = run(
    [0, "offer", 2],
    [1, "answer", 2],
    [1, "offer", 3],
    [0, "answer", 3],
  );
  assert.deepEqual(effects, ["relay", "relay", "relay", "relay"]);
  assert.equal(state.stable, 3);
  assert.equal(state.pending, null);
});

Deno.test("pair: glare keeps the first offer and drops the second", () => {
  const { state, effects } = run(
    [0, "offer", 2],
    [1, "offer", 2],
    [1, "answer", 2],
    [1, "offer", 3],
  );
  assert.deepEqual(effects, ["relay", "drop", "relay", "relay"]);
  assert.deepEqual(state.pending, { from: 1, revision: 3 });
});

Deno.test("pair: an offer beyond the one that waits shows a lost answer", () => {
  const { effects } = run([0, "offer", 2], [1, "offer", 3]);
  assert.deepEqual(effects, ["relay", "reset"]);
});

Deno.test("pair: outdated and misplaced descriptions are dropped", () => {
  const { effects } = run(
    [1, "answer", 2],
    [0, "offer", 2],
    [0, "answer", 2],
    [1, "answer", 3],
    [1, "answer", 2],
    [0, "offer", 2],
    [1, "answer", 2],
    [0, "close", 9],
  );
  assert.deepEqual(
    effects,
    ["drop", "relay", "drop", "drop", "relay", "drop", "drop", "end"],
  );
});

Deno.test("pair: resuming repeats the other side's last words in order", () => {
  const { state } = run([0, "offer", 2], [1, "answer", 2], [1, "offer", 3]);
  assert.deepEqual(entriesToResume(state, 0, "id"), [
    { id: "id", description: { type: "answer", revision: 2 } },
    { id: "id", description: { type: "offer", revision: 3 } },
  ]);
  assert.deepEqual(entriesToResume(NEW_PAIR, 0, "id"), [entryToBegin("id")]);
  assert.deepEqual(entriesToResume(NEW_PAIR, 1, "id"), [{ id: "id" }]);
});

/**
 * The part of the SDK's `PeerConnectionV2` that matters: which descriptions it
 * ignores, answers, queues, and when it offers.
 */
class SdkPeer {
  id: string;
  /** The newest local description, which is all that a `sync` carries. */
  local: Description | null = null;
  lastStable = 0;
  #revision = 0;
  #needsAnswer = false;
  #shouldOffer: boolean;
  #queued: Description | null = null;
  readonly #emit: (entry: PeerConnectionEntry) => void;

  /** @param sends Whether it has tracks of its own, so that it offers after its first answer. */
  constructor(
    id: string,
    sends: boolean,
    emit: (entry: PeerConnectionEntry) => void,
  ) {
    this.id = id;
    this.#shouldOffer = sends;
    this.#emit = emit;
  }

  get atRest(): boolean {
    return this.lastStable > 0 && !this.#needsAnswer && !this.#shouldOffer;
  }

  /** The application publishes something. */
  publish(): void {
    if (this.#needsAnswer || this.lastStable === 0) this.#shouldOffer = true;
    else this.#offer();
  }

  receive(description: Description): void {
    const { type, revision } = description;
    if (type === "create-offer") {
      if (revision <= this.lastStable) return;
      if (this.#needsAnswer) {
        this.#queued = description;
        return;
      }
      this.#revision = revision;
      this.#offer();
    } else if (type === "offer") {
      if (revision <= this.lastStable) return;
      if (!this.#needsAnswer) {
        this.#revision = revision;
        this.#answer();
      } else if (this.lastStable === 0) {
        this.#queued = description;
      } else {
        // Glare: roll back, answer, and offer again.
        this.#revision = revision;
        this.#needsAnswer = false;
        this.#shouldOffer = true;
        this.#answer();
      }
    } else if (type === "answer") {
      if (revision !== this.#revision || !this.#needsAnswer) return;
      this.#needsAnswer = false;
      this.lastStable = revision;
      this.#continue();
    }
  }

  #offer(): void {
    this.#needsAnswer = true;
    this.#shouldOffer = false;
    this.#say({ type: "offer", revision: ++this.#revision });
  }

  #answer(): void {
    this.lastStable = this.#revision;
    this.#say({ type: "answer", revision: this.#revision });
    this.#continue();
  }

  #continue(): void {
    const queued = this.#queued;
    this.#queued = null;
    if (queued) this.receive(queued);
    if (this.#shouldOffer && !this.#needsAnswer) this.#offer();
  }

  #say(description: Description): void {
    this.local = description;
    this.#emit({ id: this.id, description });
  }
}

/** Two SDK peers, a server with the rules under test, and a network that loses what is on its way. */
class World {
  id = "pair 0";
  state: PairState = NEW_PAIR;
  resets = 0;
  readonly peers: [SdkPeer | null, SdkPeer | null] = [null, null];
  /** On the way to each client, and from each client. `null`: its socket is lost. */
  readonly #down: [PeerConnectionEntry[], PeerConnectionEntry[]] = [[], []];
  #up: [PeerConnectionEntry[], PeerConnectionEntry[]] = [[], []];
  readonly #online: [boolean, boolean] = [true, true];
  readonly #sends: readonly [boolean, boolean];
  #restartPending = false;

  constructor(sends: readonly [boolean, boolean]) {
    this.#sends = sends;
    this.#toClient(0, entryToBegin(this.id));
  }

  get quiet(): boolean {
    return !this.#restartPending && this.#online.every(Boolean) &&
      [...this.#down, ...this.#up].every(({ length }) => length === 0);
  }

  /** One frame from the server arrives. */
  deliverDown(side: Side): void {
    const entry = this.#online[side] ? this.#down[side].shift() : undefined;
    if (entry) this.#clientReceives(side, entry);
  }

  /** One frame from the client arrives. */
  deliverUp(side: Side): void {
    const entry = this.#online[side] ? this.#up[side].shift() : undefined;
    if (entry) this.#serverReceives(side, entry);
  }

  publish(side: Side): void {
    this.peers[side]?.publish();
  }

  /** The socket breaks: both directions lose what is on the way. */
  drop(side: Side): void {
    this.#online[side] = false;
    this.#down[side].length = 0;
    this.#up[side].length = 0;
  }

  /** The client says `sync`, with its newest description; the server answers `synced`. */
  resume(side: Side): void {
    if (this.#online[side]) return;
    this.#online[side] = true;
    const peer = this.peers[side];
    const sync = peer?.local ? { id: peer.id, description: peer.local } : null;
    // The SDK then sends what it queued meanwhile, reduced to the same thing.
    this.#up[side] = sync ? [sync] : [];
    const entries = this.#restartPending
      ? []
      : entriesToResume(this.state, side, this.id);
    // Peer connections that `synced` does not name are closed by the SDK.
    if (peer && !entries.some(({ id }) => id === peer.id)) {
      this.peers[side] = null;
    }
    for (const entry of entries) this.#toClient(side, entry);
    if (sync) this.#serverReceives(side, sync);
  }

  /** The pause of a reset ends. */
  restart(): void {
    if (!this.#restartPending) return;
    this.#restartPending = false;
    this.id = `pair ${this.resets}`;
    this.state = NEW_PAIR;
    this.#toClient(0, entryToBegin(this.id));
  }

  #serverReceives(from: Side, { id, description }: PeerConnectionEntry): void {
    if (id !== this.id || this.#restartPending || !description) return;
    const { state, effect } = receiveDescription(this.state, from, description);
    this.state = state;
    if (effect === "relay") {
      this.#toClient(otherSide(from), { id, description });
    }
    if (effect === "reset") {
      this.resets++;
      this.#restartPending = true;
      const close: Description = { type: "close", revision: 1 };
      this.#toClient(0, { id, description: close });
      this.#toClient(1, { id, description: close });
    }
  }

  #toClient(side: Side, entry: PeerConnectionEntry): void {
    if (this.#online[side]) this.#down[side].push(entry);
  }

  #clientReceives(side: Side, { id, description }: PeerConnectionEntry): void {
    if (!description) return;
    const known = this.peers[side]?.id === id;
    if (description.type === "close") {
      if (known) this.peers[side] = null;
      return;
    }
    if (!known) {
      this.peers[side] = new SdkPeer(
        id,
        this.#sends[side],
        (entry) => this.#up[side].push(entry),
      );
    }
    this.peers[side]!.receive(description);
  }
}

type Action = ["down" | "up" | "publish" | "drop" | "resume", Side] | [
  "restart",
];

function perform(world: World, [name, side]: Action): void {
  switch (name) {
    case "down":
      return world.deliverDown(side!);
    case "up":
      return world.deliverUp(side!);
    case "publish":
      return world.publish(side!);
    case "drop":
      return world.drop(side!);
    case "resume":
      return world.resume(side!);
    case "restart":
      return world.restart();
  }
}

/** Lets everything that is under way arrive. Fails when it never ends. */
function settle(world: World): void {
  for (let step = 0; !world.quiet; step++) {
    assert.ok(step < 1000, "the clients offer for ever");
    world.restart();
    for (const side of [0, 1] as const) {
      world.resume(side);
      world.deliverUp(side);
      world.deliverDown(side);
    }
  }
}

const side = fc.constantFrom<Side>(0, 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom("down", "up"), side) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("publish"), side) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("drop", "resume"), side),
  },
  { weight: 1, arbitrary: fc.constant<Action>(["restart"]) },
) as fc.Arbitrary<Action>;

Deno.test("pair: whatever is lost or crosses, both come to rest agreeing", () => {
  let resets = 0;
  fc.assert(
    fc.property(
      fc.tuple(fc.boolean(), fc.boolean()),
      fc.array(action, { maxLength: 80 }),
      (sends, actions) => {
        const world = new World(sends);
        for (const step of actions) perform(world, step);
        settle(world);
        const [zero, one] = world.peers;
        assert.ok(zero && one, "both have the peer connection");
        assert.equal(zero.id, one.id);
        assert.ok(zero.atRest && one.atRest, "nobody waits");
        assert.equal(world.state.pending, null);
        assert.equal(zero.lastStable, world.state.stable);
        assert.equal(one.lastStable, world.state.stable);
        resets += world.resets;
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(resets > 0, "the runs are rough enough to need a reset");
});
