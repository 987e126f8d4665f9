import { authorizeRole } from "@/lib/access/policy.ts";
import { type Caller, personRef } from "@/lib/accounts/account.ts";
import { auditActor } from "@/lib/audit/facts.ts";
import type { Answerable } from "@/lib/calls/answerable.ts";
import {
  type CallRequest,
  type CallWish,
  newCall,
  visitReason,
} from "@/lib/calls/call_request.ts";
import { NO_SKILLS, type Skills } from "@/lib/calls/doctors.ts";
import { applyToCall, changeBy } from "@/lib/calls/event_service.ts";
import { requestFacts } from "@/lib/calls/facts.ts";
import { authorizeCall, callSeatOf } from "@/lib/calls/policy.ts";
import { queueAround } from "@/lib/calls/queue.ts";
import { readQueue } from "@/lib/calls/queue_service.ts";
import { isToReturn, RETURNS_MAX } from "@/lib/calls/returning.ts";
import { findAvailability } from "@/lib/calls/availability_store.ts";
import {
  findCall,
  findLastCall,
  insertCall,
  listCallsOf,
  listWaitingCalls,
  sessionOf,
} from "@/lib/calls/store.ts";
import {
  type Acceptance,
  acceptCall as commitAcceptance,
} from "@/lib/calls/taken_store.ts";
import { listAnswerable } from "@/lib/calls/skills_service.ts";
import type { CallInContext, QueueInContext } from "@/lib/calls/view.ts";
import { servingDoctors, type WaitRange, waitRange } from "@/lib/calls/wait.ts";
import { AppError } from "@/lib/errors.ts";
import { earlierEffect } from "@/lib/idempotency/receipt.ts";
import type { PageQuery } from "@/lib/kv/page.ts";
import { countOne, secondsUntilRoom } from "@/lib/rate_limit/store.ts";
import type { Limit } from "@/lib/rate_limit/window.ts";
import { logError } from "@/lib/log.ts";
import { newId } from "@/lib/new_id.ts";
import type { Services } from "@/lib/services.ts";
import { voiceOf } from "@/lib/sessions/event_service.ts";
import { EXPIRY_MS } from "@/lib/sessions/ending.ts";
import { createFacts, eventFacts } from "@/lib/sessions/facts.ts";
import { newSession } from "@/lib/sessions/plan.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { startSession } from "@/lib/sessions/service.ts";
import {
  type Change as SessionChange,
  listNextOf,
} from "@/lib/sessions/store.ts";
import { decide as decideSession } from "@/lib/sessions/transitions.ts";
import { openingFacts } from "@/lib/visits/facts.ts";
import { newVisit } from "@/lib/visits/visit.ts";

/**
 * Puts a patient into the queue. Whoever waits already, or is in the call that
 * came of it, gets that one again. Throws `role_forbidden`,
 * `video_not_configured`, `rate_limited`.
 */
export async function requestCall(
  services: Services,
  caller: Caller,
  wish: CallWish,
): Promise<CallInContext & { isNew: boolean }> {
  const { kv, now } = services;
  const earlier = earlierEffect(caller.client);
  if (earlier !== null) {
    return { ...await getCall(services, caller, earlier), isNew: true };
  }
  authorizeRole(caller.actor, "ask_for_call");
  requireVideo(services);
  const open = await findOpenCall(services, caller);
  if (open !== null) return { ...open, isNew: false };
  await requirePatience(services, caller);
  const next = newCall(wish, personRef(caller.actor), {
    id: newId(),
    now: now(),
  });
  const { call, isNew } = await insertCall(kv, {
    next,
    facts: requestFacts(next, auditActor(caller), caller.client.requestId),
    client: caller.client,
  }, isOpen);
  // What is answered with the request of another tab counts once.
  if (isNew) await countOne(kv, limitOf(caller), REQUEST_LIMIT, now());
  return { ...await inContext(services, caller, call), isNew };
}

/** Every new request rings at doctors: nobody asks again and again. */
const REQUEST_LIMIT: Limit = { times: 10, windowMs: 10 * 60_000 };

const limitOf = ({ actor }: Caller) => ["call_requests", actor.accountId];

async function requirePatience(
  { kv, now }: Services,
  caller: Caller,
): Promise<void> {
  const wait = await secondsUntilRoom(
    kv,
    limitOf(caller),
    REQUEST_LIMIT,
    now(),
  );
  if (wait === 0) return;
  throw new AppError("rate_limited", "Calls were asked for too often", {
    retryAfterSeconds: wait,
  });
}

/** Whether a patient's request, with what it became, still goes on, or is about to again. */
function isOpen(call: CallRequest, session: Session | null): boolean {
  return call.status === "WAITING" ||
    (session !== null && !isOver(session.status)) || isToReturn(call, session);
}

/** The patient's request that still goes on, waiting or in its call, or null. */
export async function findOpenCall(
  services: Services,
  caller: Caller,
): Promise<CallInContext | null> {
  const call = await findLastCall(services.kv, caller.actor.accountId);
  if (call === null) return null;
  const seen = await inContext(services, caller, call);
  return isOpen(call, seen.session) ? seen : null;
}

/**
 * The request, for its patient, the doctor who took it, and, as long as it
 * waits, doctors who could; these cannot follow it. Throws `call_not_found`,
 * `role_forbidden`.
 */
export async function getCall(
  services: Services,
  caller: Caller,
  id: string,
  how: "see" | "follow" = "see",
): Promise<CallInContext> {
  const call = await findCall(services.kv, id);
  const seen = await inContext(services, caller, call);
  authorizeCall(caller.actor, how, call, seen.skills);
  return seen;
}

/** The caller's own requests, newest first. Of doctors and admins there are none. */
export async function listOwnCalls(
  services: Services,
  caller: Caller,
  page: PageQuery,
): Promise<{ calls: CallInContext[]; next: string | null }> {
  const { accountId } = caller.actor;
  const { items, next } = await listCallsOf(services.kv, accountId, page);
  const queue = await readQueue(services);
  const calls = await Promise.all(
    items.map((call) => inContext(services, caller, call, queue)),
  );
  return { calls, next };
}

/** The queue, for a doctor. Throws `role_forbidden`. */
export async function getQueue(
  services: Services,
  caller: Caller,
): Promise<QueueInContext> {
  authorizeRole(caller.actor, "take_calls");
  const { accountId } = caller.actor;
  const availability = await findAvailability(services.kv, accountId);
  const queue = await readQueue(services);
  return {
    queue,
    availability,
    session: queue.sessions.get(accountId) ?? null,
    skills: availability ?? NO_SKILLS,
    planned: await listNextOf(services.kv, accountId, {
      // What is late can still be started.
      from: new Date(services.now().getTime() - EXPIRY_MS),
      limit: PLANNED_MAX,
    }),
    now: services.now(),
  };
}

/** How much of what is planned stands beside the queue. */
const PLANNED_MAX = 4;

/** How many wait for a doctor like the caller. */
export async function countWaiting(
  services: Services,
  caller: Caller,
): Promise<number> {
  const calls = await listWaitingCalls(services.kv);
  if (calls.length === 0) return 0;
  const skills = await skillsOf(services, caller);
  return calls.filter((call) => callSeatOf(caller.actor, call, skills) !== null)
    .length;
}

/** What a patient can expect who would ask for a call now. */
export interface Outlook {
  /** How many doctors take calls. */
  doctors: number;
  /** Null: nothing honest can be said. */
  wait: WaitRange | null;
  /** What can be asked for besides. */
  answerable: Answerable;
}

/** What a patient can expect who would ask for a call now. */
export async function getOutlook(
  services: Services,
  { actor }: Caller,
): Promise<Outlook> {
  const queue = await readQueue(services);
  const { doctors, serviceSeconds } = queue;
  const at = services.now();
  const next = newCall(
    {
      mode: "voice",
      reason: "",
      urgency: "routine",
      specialty: null,
      language: null,
    },
    personRef(actor),
    { id: newId(), now: at },
  );
  const calls = queueAround(next, { ...queue, calls: [...queue.calls, next] });
  return {
    doctors: servingDoctors(next, doctors).length,
    wait: waitRange(next, calls, doctors, serviceSeconds, at),
    answerable: await listAnswerable(services, doctors),
  };
}

/** A request that was accepted, and the session it became. */
export interface AcceptedCall {
  call: CallInContext;
  session: Session;
}

/**
 * Takes a request: it becomes a visit and a session of the calling doctor,
 * which starts at once. Accepting again what one has accepted is fine. While
 * the video service is out of reach the call is accepted all the same, and the
 * outbox goes on trying to open its room. Throws `call_not_found`,
 * `role_forbidden`, `call_taken`, `call_over`, `doctor_busy`,
 * `video_not_configured`.
 */
export async function acceptCall(
  services: Services,
  caller: Caller,
  id: string,
): Promise<AcceptedCall> {
  const { kv } = services;
  const { actor } = caller;
  const skills = await skillsOf(services, caller);
  const call = await commitAcceptance(
    kv,
    id,
    actor.accountId,
    (call, runs) => {
      authorizeCall(actor, "accept", call, skills);
      requireVideo(services);
      if (call.status === "WAITING" && runs !== null) {
        throw new AppError(
          "doctor_busy",
          `Cannot accept call request "${id}": session "${runs.id}" is running`,
        );
      }
      return acceptance(services, caller, call);
    },
  );
  await startSession(services, caller, call.sessionId!).catch((error) => {
    // The patient has a doctor; that the room is late changes nothing of it,
    // and the outbox has what is left to do.
    if (error instanceof AppError) return;
    logError(`Cannot start session ${call.sessionId} at once`, error);
  });
  const seen = await inContext(services, caller, call);
  return { call: seen, session: seen.session! };
}

/** What the caller's acceptance makes of a request; null if it is theirs already. */
function acceptance(
  { now }: Services,
  caller: Caller,
  call: CallRequest,
): Acceptance | null {
  const at = now();
  const by = voiceOf(caller);
  const doctor = personRef(caller.actor);
  const visit = newVisit(
    { doctor, patient: call.patient, reason: visitReason(call) },
    { id: newId(), now: at },
  );
  const session = newSession(
    {
      scheduledStart: at,
      recordingEnabled: false,
      voiceOnly: call.mode === "voice",
      notes: "",
    },
    visit,
    {
      id: newId(),
      roomName: `doctor-call-${crypto.randomUUID()}`,
      now: at,
      call: {
        callId: call.id,
        mayReturn: call.returns < RETURNS_MAX,
        isGivenUp: false,
      },
    },
  );
  const change = changeBy(
    call,
    { type: "accepted", doctor, visitId: visit.id, sessionId: session.id },
    by,
    at,
  );
  if (change === null) return null;
  const { client, requestId } = by;
  return {
    call: change,
    visit: {
      next: visit,
      facts: openingFacts(visit, by.actor, requestId),
      client,
    },
    session: {
      next: session,
      facts: createFacts(session, by.actor, requestId),
      client,
    },
    start: (created) => startOf(created, by, at),
  };
}

/** The wish to start, committed along, so that the outbox brings the call about even if nobody else does. */
function startOf(
  before: Session,
  { actor, requestId, client }: ReturnType<typeof voiceOf>,
  now: Date,
): SessionChange {
  const event = { type: "start_requested", opId: newId() } as const;
  const around = {
    now,
    visitStatus: "OPEN",
    activeSessionId: null,
    onDemandId: before.id,
  } as const;
  const after = decideSession(before, event, around)!;
  const facts = eventFacts(event, { before, after, at: now }, actor, requestId);
  return { next: after, facts, client };
}

/** Notes that the calling doctor does not take the request; it rings at the next one. Throws `call_over`, `call_taken`. */
export async function declineCall(
  services: Services,
  caller: Caller,
  id: string,
): Promise<CallInContext> {
  const { accountId: doctorId } = caller.actor;
  const skills = await skillsOf(services, caller);
  const call = await applyToCall(services, id, voiceOf(caller), (call) => {
    authorizeCall(caller.actor, "decline", call, skills);
    return { type: "declined", doctorId };
  });
  return await inContext(services, caller, call);
}

/** Takes the request back. Its patient only; twice is fine. Throws `call_over` when a doctor has taken it. */
export async function cancelCall(
  services: Services,
  caller: Caller,
  id: string,
): Promise<CallInContext> {
  const skills = await skillsOf(services, caller);
  const call = await applyToCall(services, id, voiceOf(caller), (call) => {
    authorizeCall(caller.actor, "cancel", call, skills);
    return { type: "cancelled" };
  });
  return await inContext(services, caller, call);
}

/**
 * Lets any doctor take a request that asked for a specialty or a language;
 * `keepLanguage`: any who speaks it. It keeps its place. Its patient only.
 * Throws `call_over` when a doctor has taken it.
 */
export async function widenCall(
  services: Services,
  caller: Caller,
  id: string,
  { keepLanguage }: { keepLanguage: boolean },
): Promise<CallInContext> {
  const skills = await skillsOf(services, caller);
  const call = await applyToCall(services, id, voiceOf(caller), (call) => {
    authorizeCall(caller.actor, "widen", call, skills);
    return { type: "widened", keepLanguage };
  });
  return await inContext(services, caller, call);
}

/** Everything that a look at the request depends on. */
async function inContext(
  services: Services,
  caller: Caller,
  call: CallRequest,
  queue?: CallInContext["queue"],
): Promise<CallInContext> {
  return {
    call,
    session: await sessionOf(services.kv, call),
    queue: queue ?? await readQueue(services),
    skills: await skillsOf(services, caller),
    now: services.now(),
  };
}

/** What the caller knows; whoever is no doctor has said nothing of it. */
async function skillsOf(
  { kv }: Services,
  { actor }: Caller,
): Promise<Skills> {
  return await findAvailability(kv, actor.accountId) ?? NO_SKILLS;
}

/** Nobody is put into a queue that leads nowhere. */
function requireVideo({ video }: Services): void {
  if (video.client.service !== "none") return;
  throw new AppError("video_not_configured", "No video service is set up");
}
