import type { PersonRef } from "@/lib/accounts/account.ts";
import type { CallRequest, Refusal } from "@/lib/calls/call_request.ts";
import { RETURNS_MAX } from "@/lib/calls/returning.ts";
import { AppError } from "@/lib/errors.ts";

/** How long an offer rings at one doctor. */
export const OFFER_MS = 30_000;

/** What can happen to a call request. Who may cause it is `policy.ts`'s question. */
export type CallEvent =
  | { type: "offered"; doctorId: string }
  /** The offer's time is up. */
  | { type: "passed"; doctorId: string }
  /** The doctor it rings at cannot take it any more: gone, or in a call. */
  | { type: "withdrawn"; doctorId: string }
  | { type: "declined"; doctorId: string }
  | { type: "accepted"; doctor: PersonRef; visitId: string; sessionId: string }
  /** The call is over, and the doctor who took it was never there. */
  | { type: "returned"; doctorId: string; sessionId: string }
  /** The call is over, its doctor was never there, and its patient has left it on purpose. */
  | { type: "given_up"; sessionId: string }
  | { type: "cancelled" }
  /** The patient does not ask for a specialty any more, nor, unless it is kept, for a language. */
  | { type: "widened"; keepLanguage: boolean }
  /** The patient's page is gone. */
  | { type: "expired" };

type Handlers = {
  [K in CallEvent["type"]]: (
    call: CallRequest,
    event: Extract<CallEvent, { type: K }>,
    now: Date,
  ) => CallRequest | null;
};

const HANDLERS: Handlers = {
  offered(call, { doctorId }, now) {
    if (call.status !== "WAITING" || call.offer !== null) return null;
    const until = new Date(now.getTime() + OFFER_MS).toISOString();
    return { ...call, offer: { doctorId, at: now.toISOString(), until } };
  },

  passed(call, { doctorId }, now) {
    const { offer } = call;
    if (call.status !== "WAITING" || offer?.doctorId !== doctorId) return null;
    if (Date.parse(offer.until) > now.getTime()) return null;
    return { ...refused(call, doctorId, "passed", now), offer: null };
  },

  withdrawn(call, { doctorId }) {
    return call.status === "WAITING" && call.offer?.doctorId === doctorId
      ? { ...call, offer: null }
      : null;
  },

  declined(call, { doctorId }, now) {
    requireWaiting(call, "decline");
    const isRinging = call.offer?.doctorId === doctorId;
    const known = call.refusals.find((one) => one.doctorId === doctorId);
    // Pressed twice; a new offer has to be declined anew.
    if (!isRinging && known?.kind === "declined") return null;
    return {
      ...refused(call, doctorId, "declined", now),
      offer: isRinging ? null : call.offer,
    };
  },

  accepted(call, { doctor, visitId, sessionId }, now) {
    if (call.status === "ACCEPTED" && call.acceptedBy?.id === doctor.id) {
      return null;
    }
    requireWaiting(call, "accept");
    return {
      ...call,
      status: "ACCEPTED",
      decidedAt: now.toISOString(),
      offer: null,
      acceptedBy: doctor,
      visitId,
      sessionId,
    };
  },

  returned(call, { doctorId, sessionId }, now) {
    if (call.status !== "ACCEPTED" || call.sessionId !== sessionId) return null;
    if (call.returns >= RETURNS_MAX) return null;
    return {
      ...withoutCall(refused(call, doctorId, "passed", now)),
      status: "WAITING",
      decidedAt: null,
      returns: call.returns + 1,
      returnedAt: now.toISOString(),
    };
  },

  given_up(call, { sessionId }, now) {
    if (call.status !== "ACCEPTED" || call.sessionId !== sessionId) return null;
    return over(withoutCall(call), "CANCELLED", now);
  },

  cancelled(call, _event, now) {
    if (call.status === "CANCELLED") return null;
    requireWaiting(call, "cancel");
    return over(call, "CANCELLED", now);
  },

  widened(call, { keepLanguage }) {
    requireWaiting(call, "widen");
    const language = keepLanguage ? call.language : null;
    return call.specialty === null && call.language === language
      ? null
      : { ...call, specialty: null, language };
  },

  expired(call, _event, now) {
    return call.status === "WAITING" ? over(call, "EXPIRED", now) : null;
  },
};

/**
 * The request after the event, or null if the event changes nothing. Throws
 * `call_taken`, `call_over` if the event is refused. Pure and total.
 *
 *     WAITING ──accepted──▶ ACCEPTED ──returned (twice at most)──▶ WAITING
 *        │                     └───────given_up──────────────────▶ CANCELLED
 *        ├─────cancelled──▶ CANCELLED
 *        └─────expired────▶ EXPIRED
 *
 * While it waits it is offered to one doctor after the other; other doctors
 * may take it all the same. When it is widened, or goes back because its
 * doctor never came, it keeps its place. Whoever leaves the call before its
 * doctor comes has taken the request back: it does not ring again.
 */
export function decide(
  call: CallRequest,
  event: CallEvent,
  now: Date,
): CallRequest | null {
  const next = HANDLERS[event.type](call, event as never, now);
  return next === null ? null : { ...next, rev: call.rev + 1 };
}

/** What it became has never taken place. */
function withoutCall(call: CallRequest): CallRequest {
  return { ...call, acceptedBy: null, visitId: null, sessionId: null };
}

function refused(
  call: CallRequest,
  doctorId: string,
  kind: Refusal["kind"],
  now: Date,
): CallRequest {
  const others = call.refusals.filter((one) => one.doctorId !== doctorId);
  const refusal = { doctorId, at: now.toISOString(), kind };
  return { ...call, refusals: [...others, refusal] };
}

function over(
  call: CallRequest,
  status: "CANCELLED" | "EXPIRED",
  now: Date,
): CallRequest {
  return { ...call, status, decidedAt: now.toISOString(), offer: null };
}

/** What is done to a request that waits. */
type Verb = "accept" | "decline" | "cancel" | "widen";

/** Its patient knows who has taken it. */
function isOfDoctors(verb: Verb): boolean {
  return verb === "accept" || verb === "decline";
}

/** Whoever comes too late learns that, and not who was faster. */
function requireWaiting({ id, status }: CallRequest, verb: Verb): void {
  if (status === "WAITING") return;
  const isTaken = status === "ACCEPTED" && isOfDoctors(verb);
  throw new AppError(
    isTaken ? "call_taken" : "call_over",
    `Cannot ${verb} call request "${id}": current status is ${status}`,
  );
}
