/**
 * The negotiation between two participants, as a pure state machine.
 *
 * Every two participants of a room share one peer connection. The emulator
 * relays their offers and answers without reading the SDP, and decides what
 * must not be passed on. Each description has a revision: an answer that of
 * its offer, a new offer one more than the last. Two rules keep a pair from
 * getting stuck:
 *
 * - **Glare**: when both offer at once, the offer that came first wins. The
 *   other is dropped; its author will roll back, answer, and offer again.
 * - **Reset**: an offer *newer* than the one the other side waits to have
 *   answered proves that an answer was lost with its socket: a client that
 *   resumes repeats only its newest description. The pair starts over.
 *
 * @module
 */
import type { Description, Ice, PeerConnectionEntry } from "./messages.ts";

/** One of the two. Side 0 is told to make the first offer. */
export type Side = 0 | 1;

/** The other one. */
export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** What one side sent last, to be repeated when the other resumes its session. */
interface Sent {
  readonly offer: Description | null;
  readonly answer: Description | null;
  readonly ice: Ice | null;
}

/** The state of a negotiation. */
export interface PairState {
  /** Revision of the last offer that was answered; 0 before. */
  readonly stable: number;
  /** The offer that waits for its answer. */
  readonly pending: { readonly from: Side; readonly revision: number } | null;
  readonly sent: readonly [Sent, Sent];
}

/** What must follow a description. */
export type PairEffect =
  /** Pass it on to the other side. */
  | "relay"
  /** Nothing: it is outdated, or lost against the other side's offer. */
  | "drop"
  /** Close the pair on both sides and begin a new one. */
  | "reset"
  /** Pass it on; the pair has ended. */
  | "end";

const NOTHING_SENT: Sent = { offer: null, answer: null, ice: null };

/** Asks the SDK for an offer, which will have revision 2. */
const CREATE_OFFER: Description = { type: "create-offer", revision: 1 };

/** A pair before anything was sent. */
export const NEW_PAIR: PairState = {
  stable: 0,
  pending: null,
  sent: [NOTHING_SENT, NOTHING_SENT],
};

/** Takes in a description that one side sent. */
export function receiveDescription(
  state: PairState,
  from: Side,
  description: Description,
): { state: PairState; effect: PairEffect } {
  switch (description.type) {
    case "offer":
      return receiveOffer(state, from, description);
    case "answer":
      return receiveAnswer(state, from, description);
    case "close":
      return { state, effect: "end" };
    default:
      // `pranswer` is never sent by the SDK, `create-offer` only by servers.
      return { state, effect: "drop" };
  }
}

function receiveOffer(state: PairState, from: Side, offer: Description) {
  const { stable, pending } = state;
  const { revision } = offer;
  if (revision <= stable) return { state, effect: "drop" as const };
  if (pending && pending.from !== from) {
    const effect: PairEffect = revision > pending.revision ? "reset" : "drop";
    return { state, effect };
  }
  return {
    state: {
      ...state,
      pending: { from, revision },
      sent: remember(state, from, { offer }),
    },
    effect: "relay" as const,
  };
}

function receiveAnswer(state: PairState, from: Side, answer: Description) {
  const { pending } = state;
  const { revision } = answer;
  if (!pending || pending.from === from || pending.revision !== revision) {
    return { state, effect: "drop" as const };
  }
  return {
    state: {
      stable: revision,
      pending: null,
      sent: remember(state, from, { answer }),
    },
    effect: "relay" as const,
  };
}

/** Takes in the ICE candidates that one side sent; they are always passed on. */
export function receiveIce(state: PairState, from: Side, ice: Ice): PairState {
  return { ...state, sent: remember(state, from, { ice }) };
}

/**
 * What `side` must be told when its socket was lost: perhaps it has seen none
 * of it. The SDK drops what it knows already, by revision. Never empty: a
 * peer connection that a `synced` message does not name is closed.
 */
export function entriesToResume(
  state: PairState,
  side: Side,
  id: string,
): PeerConnectionEntry[] {
  const { offer, answer, ice } = state.sent[otherSide(side)];
  const descriptions = [offer, answer]
    .filter((description) => description !== null)
    // An offer can only follow the answer of a lower revision, or be followed by
    // the answer of a higher one.
    .sort((a, b) => a.revision - b.revision);
  if (side === 0 && !state.sent[0].offer) descriptions.unshift(CREATE_OFFER);
  const entries: PeerConnectionEntry[] = descriptions
    .map((description) => ({ id, description }));
  if (ice) entries.push({ id, ice });
  return entries.length > 0 ? entries : [{ id }];
}

/** What side 0 is sent when the pair begins. */
export function entryToBegin(id: string): PeerConnectionEntry {
  return { id, description: CREATE_OFFER };
}

/** Ends a peer connection at one side. The SDK does not look at the revision. */
export function entryToClose(id: string): PeerConnectionEntry {
  return { id, description: { type: "close", revision: 1 } };
}

function remember(
  state: PairState,
  side: Side,
  news: Partial<Sent>,
): readonly [Sent, Sent] {
  const [zero, one] = state.sent;
  return side === 0 ? [{ ...zero, ...news }, one] : [zero, { ...one, ...news }];
}
