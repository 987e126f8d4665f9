import { signOfCall } from "@/lib/calls/availability.ts";
import {
  applyToCall,
  changeBy,
  doctorChange,
} from "@/lib/calls/event_service.ts";
import { match } from "@/lib/calls/matcher.ts";
import { readQueue } from "@/lib/calls/queue_service.ts";
import { findPulse, savePulse } from "@/lib/calls/pulse_store.ts";
import { patientSeenAt } from "@/lib/calls/seen_store.ts";
import {
  listAccepted,
  listWaitingCalls,
  sessionOf,
} from "@/lib/calls/store.ts";
import {
  isAbandoned,
  isPulseDue,
  nextPulse,
  type Pulse,
} from "@/lib/calls/wait.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import type { CallEvent } from "@/lib/calls/transitions.ts";
import {
  listUnderWay,
  settleCall,
  type Settling,
  type UnderWay,
  type Undoing,
} from "@/lib/calls/return_store.ts";
import { isGivenUp, isToReturn } from "@/lib/calls/returning.ts";
import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import type { Voice } from "@/lib/sessions/event_service.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { closingFacts } from "@/lib/visits/facts.ts";
import { closedVisit } from "@/lib/visits/visit.ts";

/**
 * Looks after the queue: requests whose doctor never came go back to their
 * place, those given up meanwhile and those whose page is gone for long expire, offers whose time is up pass
 * on, and every request rings at a doctor who can take it.
 */
export async function sweepCalls(
  services: Services,
  by: Voice,
  stop: AbortSignal,
): Promise<void> {
  const { kv, now } = services;
  for (const one of await listUnderWay(kv)) {
    if (stop.aborted) return;
    await tend(one.callId, () => settle(services, one, by));
  }
  const waiting = await listWaitingCalls(kv);
  // Most of the time: nothing else is read, and nothing written.
  if (waiting.length === 0) return;
  const pulse = await beat(services);
  for (const call of waiting) {
    if (stop.aborted) return;
    const seenAt = await patientSeenAt(kv, call.id);
    if (!isAbandoned(call, seenAt, pulse, now())) continue;
    await tend(
      call.id,
      () => applyToCall(services, call.id, by, () => ({ type: "expired" })),
    );
  }
  const { calls, doctors, away } = await readQueue(services);
  for (const { callId, event } of match(calls, doctors, now(), away)) {
    if (stop.aborted) return;
    await tend(callId, () => applyToCall(services, callId, by, () => event));
  }
}

/** Looks at how a call ended, once it has. */
async function settle(
  { kv, now }: Services,
  one: UnderWay,
  by: Voice,
): Promise<void> {
  const { status } = await findSession(kv, one.sessionId);
  if (!isOver(status)) return;
  const at = now();
  await settleCall(kv, one, (settling) => ({
    undoing: undoing(settling, by, at),
    doctor: doctorChange(signOfCall(settling.session), by, at),
  }));
}

/** What becomes of a request whose call is over, and of its visit: nothing, if its doctor was there. */
function undoing(
  { call, session, visit }: Settling,
  by: Voice,
  at: Date,
): Undoing | null {
  const event = settlingEvent(call, session);
  if (event === null) return null;
  const change = changeBy(call, event, by, at);
  if (change === null) return null;
  const { actor, requestId, client } = by;
  return {
    call: change,
    visit: visit === null ? null : {
      next: closedVisit(visit, at),
      facts: closingFacts(visit, at.toISOString(), actor, requestId),
      client,
    },
  };
}

function settlingEvent(
  call: CallRequest,
  session: Session,
): CallEvent | null {
  const { id: sessionId, doctor: { id: doctorId } } = session;
  if (isToReturn(call, session)) {
    return { type: "returned", doctorId, sessionId };
  }
  return isGivenUp(call, session) ? { type: "given_up", sessionId } : null;
}

/** One request's trouble must not keep the others waiting. */
async function tend(
  callId: string,
  work: () => Promise<unknown>,
): Promise<void> {
  await work().catch((error) =>
    logError(`Cannot look after call request ${callId}`, error)
  );
}

/** How many calls the estimate is made from. */
const SAMPLES = 20;

async function beat({ kv, now }: Services): Promise<Pulse> {
  const last = await findPulse(kv);
  if (last !== null && !isPulseDue(last, now())) return last;
  const accepted = await listAccepted(kv, SAMPLES);
  const took = await Promise.all(
    accepted.map((call) => serviceSeconds(kv, call)),
  );
  const pulse = nextPulse(
    last,
    took.filter((seconds) => seconds !== null),
    now(),
  );
  await savePulse(kv, pulse);
  return pulse;
}

/** How long an accepted call kept its doctor, in seconds; null while it does, or if it came to nothing. */
async function serviceSeconds(
  kv: Deno.Kv,
  call: CallRequest,
): Promise<number | null> {
  const session = await sessionOf(kv, call);
  if (session?.status !== "COMPLETED") return null;
  const ms = Date.parse(session.endedAt!) - Date.parse(call.decidedAt!);
  return Math.max(0, Math.round(ms / 1000));
}
