/**
 * The peer connections of one room: one for every two participants.
 *
 * @module
 */
import type { Timers } from "../timers.ts";
import type { Client } from "./client.ts";
import type { PeerConnectionEntry } from "./messages.ts";
import {
  entriesToResume,
  entryToBegin,
  entryToClose,
  NEW_PAIR,
  otherSide,
  type PairState,
  receiveDescription,
  receiveIce,
  type Side,
} from "./pair.ts";

/**
 * Pause between the end of a pair and its new beginning. The SDK must have
 * seen its subscriptions end, or data tracks stay bound to the old one.
 */
const RESET_PAUSE_MS = 150;

interface Pair {
  readonly id: string;
  /** By {@link Side}. */
  readonly clients: readonly [Client, Client];
  state: PairState;
}

/** The peer connections of one room. */
export class Mesh {
  readonly #timers: Timers;
  readonly #pairs = new Map<string, Pair>();
  /** Clients whose pairs are being reset, with the clients they wait for. */
  readonly #resetting = new Set<() => void>();
  readonly #subscribedTo: (client: Client, except?: Client) => Client[];

  /** @param subscribedTo The clients whose tracks a client receives, but for one. */
  constructor(
    timers: Timers,
    subscribedTo: (client: Client, except?: Client) => Client[],
  ) {
    this.#timers = timers;
    this.#subscribedTo = subscribedTo;
  }

  /** Pairs a newcomer with everybody; the answer tells it to make the offers. */
  add(newcomer: Client, others: readonly Client[]): PeerConnectionEntry[] {
    return others.map((other) => entryToBegin(this.#pair(newcomer, other).id));
  }

  /** Ends the pairs of somebody who left. */
  remove(client: Client): void {
    for (const { pair, side } of this.#pairsOf(client)) {
      this.#pairs.delete(pair.id);
      sendTo(pair.clients[otherSide(side)], entryToClose(pair.id));
    }
  }

  /** What a client must be told that resumes its session. */
  resume(client: Client): PeerConnectionEntry[] {
    return this.#pairsOf(client)
      .flatMap(({ pair, side }) => entriesToResume(pair.state, side, pair.id));
  }

  /** Takes in what a client says of its peer connections. Unknown ids are those of pairs that ended. */
  receive(from: Client, entries: readonly PeerConnectionEntry[]): void {
    for (const entry of entries) {
      const pair = this.#pairs.get(entry.id);
      const side = pair && sideOf(pair, from);
      if (pair && side !== null && side !== undefined) {
        this.#relay(pair, side, entry);
      }
    }
  }

  /** Calls off what is planned. */
  close(): void {
    for (const cancel of this.#resetting) cancel();
    this.#resetting.clear();
    this.#pairs.clear();
  }

  #relay(
    pair: Pair,
    side: Side,
    { id, description, ice }: PeerConnectionEntry,
  ) {
    const other = pair.clients[otherSide(side)];
    if (description) {
      const { state, effect } = receiveDescription(
        pair.state,
        side,
        description,
      );
      pair.state = state;
      if (effect === "reset") {
        this.#reset(pair);
        return;
      }
      if (effect === "end") this.#pairs.delete(id);
      if (effect !== "drop") sendTo(other, { id, description });
    }
    if (ice) {
      pair.state = receiveIce(pair.state, side, ice);
      sendTo(other, { id, ice });
    }
  }

  /** Ends a pair that cannot go on, and begins another for the same two. */
  #reset(pair: Pair): void {
    this.#pairs.delete(pair.id);
    const [zero, one] = pair.clients;
    for (const [client, peer] of [[zero, one], [one, zero]] as const) {
      client.send({
        type: "update",
        version: 2,
        subscribed: client.subscribed(this.#subscribedTo(client, peer)),
        peer_connections: [entryToClose(pair.id)],
      });
    }
    const cancel = this.#timers.after(RESET_PAUSE_MS, () => {
      this.#resetting.delete(cancel);
      // Somebody may have left meanwhile.
      if (!this.#subscribedTo(zero).includes(one)) return;
      const { id } = this.#pair(zero, one);
      for (const client of pair.clients) {
        client.send({
          type: "update",
          version: 2,
          subscribed: client.subscribed(this.#subscribedTo(client)),
          ...(client === zero ? { peer_connections: [entryToBegin(id)] } : {}),
        });
      }
    });
    this.#resetting.add(cancel);
  }

  #pair(zero: Client, one: Client): Pair {
    const pair: Pair = {
      id: crypto.randomUUID(),
      clients: [zero, one],
      state: NEW_PAIR,
    };
    this.#pairs.set(pair.id, pair);
    return pair;
  }

  #pairsOf(client: Client): { pair: Pair; side: Side }[] {
    return [...this.#pairs.values()].flatMap((pair) => {
      const side = sideOf(pair, client);
      return side === null ? [] : [{ pair, side }];
    });
  }
}

function sideOf(pair: Pair, client: Client): Side | null {
  if (pair.clients[0] === client) return 0;
  return pair.clients[1] === client ? 1 : null;
}

function sendTo(client: Client, entry: PeerConnectionEntry): void {
  client.send({ type: "update", version: 2, peer_connections: [entry] });
}
