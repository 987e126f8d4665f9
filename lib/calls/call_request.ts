import { z } from "zod";
import type { PersonRef } from "@/lib/accounts/account.ts";
import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";

/** How the patient wants to talk. `voice`: no camera at any time. */
export const CallMode = z.enum(["voice", "video"]);
/** How the patient wants to talk. `voice`: no camera at any time. */
export type CallMode = z.infer<typeof CallMode>;

/** Whether the request may go before others that came a little earlier. */
export const Urgency = z.enum(["routine", "urgent"]);
/** Whether the request may go before others that came a little earlier. */
export type Urgency = z.infer<typeof Urgency>;

/** Where a call request is in its life; see `transitions.ts` for how it gets there. */
export const CallStatus = z.enum([
  "WAITING",
  "ACCEPTED",
  "CANCELLED",
  "EXPIRED",
]);
/** Where a call request is in its life; see `transitions.ts` for how it gets there. */
export type CallStatus = z.infer<typeof CallStatus>;

/** How somebody has to do with a request: asked for it, took it, or could take it. */
export type CallSeat = "patient" | "taker" | "candidate";

/** The request rings at one doctor, for a while. */
export interface Offer {
  doctorId: string;
  at: string;
  /** From then on it passes to the next doctor. */
  until: string;
}

/** A doctor does not take the request: said so, or let the offer pass. */
export interface Refusal {
  doctorId: string;
  at: string;
  kind: "declined" | "passed";
}

/** What a patient asks for. */
export interface CallWish {
  mode: CallMode;
  /** In the patient's words; empty if nothing was said. */
  reason: string;
  urgency: Urgency;
  /** A doctor of this specialty; null: any. */
  specialty: string | null;
  /** A doctor who speaks it (a language tag); null: any. */
  language: string | null;
}

/**
 * A call request, as stored: a patient wants to talk to any available doctor
 * now. When a doctor accepts, it becomes a visit and a running session. Times
 * are ISO 8601 in UTC from the server's clock.
 */
export interface CallRequest extends CallWish {
  /** Layout of this record; `upgrade.ts` reads the older ones. */
  v: 3;
  /** A ULID. */
  id: string;
  patient: PersonRef;
  status: CallStatus;
  createdAt: string;
  /** Null while it rings nowhere. */
  offer: Offer | null;
  /** The last of each doctor's, oldest first. */
  refusals: Refusal[];
  /** When it was accepted, cancelled or expired; null while it waits. */
  decidedAt: string | null;
  /** The doctor who took it, once accepted. */
  acceptedBy: PersonRef | null;
  /** What it became, once accepted. */
  visitId: string | null;
  sessionId: string | null;
  /** How often it was accepted by a doctor who then never came. */
  returns: number;
  /** When it went back to its place in line for that, last. */
  returnedAt: string | null;
  /** Grows by one with every commit. */
  rev: number;
  /** How many entries this request's audit chain has, and the hash of the last. */
  auditSeq: number;
  auditHash: string;
}

/** The new request as it will be stored. */
export function newCall(
  wish: CallWish,
  patient: PersonRef,
  { id, now }: { id: string; now: Date },
): CallRequest {
  return {
    v: 3,
    id,
    patient,
    ...wish,
    status: "WAITING",
    createdAt: now.toISOString(),
    offer: null,
    refusals: [],
    decidedAt: null,
    acceptedBy: null,
    visitId: null,
    sessionId: null,
    returns: 0,
    returnedAt: null,
    rev: 1,
    ...EMPTY_CHAIN,
  };
}

/** What the visit is about whose patient gave no reason. */
const UNSAID: Record<CallMode, string> = {
  voice: "Voice call on demand",
  video: "Video call on demand",
};

/** The reason of the visit that the request becomes. */
export function visitReason({ reason, mode }: CallRequest): string {
  return reason === "" ? UNSAID[mode] : reason;
}

/** Whether the request rings at this doctor now. */
export function isOfferedTo(
  { offer }: CallRequest,
  doctorId: string,
  now: Date,
): boolean {
  return offer?.doctorId === doctorId &&
    Date.parse(offer.until) > now.getTime();
}
