import type { Actor, PersonRef } from "@/lib/accounts/account.ts";
import type { Availability, Stop } from "@/lib/calls/availability.ts";
import {
  type CallMode,
  type CallRequest,
  type CallStatus,
  isOfferedTo,
  type Urgency,
} from "@/lib/calls/call_request.ts";
import { isServing, type Skills } from "@/lib/calls/doctors.ts";
import { inOrder } from "@/lib/calls/matcher.ts";
import {
  availableCallActions,
  type CallAction,
  callSeatOf,
} from "@/lib/calls/policy.ts";
import { type Queue, queueAround } from "@/lib/calls/queue.ts";
import { positionOf, servingDoctors, waitRange } from "@/lib/calls/wait.ts";
import { isWaiting, type Session } from "@/lib/sessions/session.ts";
import { type SessionView, viewSession } from "@/lib/sessions/view.ts";

/** A call request as one person sees it, and what that person may do next. */
export interface CallView {
  id: string;
  status: CallStatus;
  mode: CallMode;
  /** In the patient's words; empty if nothing was said. */
  reason: string;
  urgency: Urgency;
  specialty: string | null;
  language: string | null;
  patient: PersonRef;
  created_at: string;
  /** When it was accepted, cancelled or expired. */
  decided_at: string | null;
  /** Place in the queue, from 1; null once it waits no more. */
  position: number | null;
  /** The patient is not at the page at the moment: it keeps its place and rings nowhere. */
  away: boolean;
  /** For the patient: in how many minutes it will probably be their turn; null: nothing honest can be said. */
  wait: { from_minutes: number; to_minutes: number } | null;
  /** For the patient: how many doctors take such calls now. */
  doctors_available: number | null;
  /** For the patient: how many doctors take calls now, such or others. */
  doctors_on_duty: number | null;
  /** It rings at whoever looks at it, until then. */
  offer: { until: string } | null;
  /** Who took it. */
  doctor: PersonRef | null;
  visit_id: string | null;
  session_id: string | null;
  /** What it became, once accepted. */
  session: SessionView | null;
  actions: CallAction[];
}

/** A request with everything that a look at it depends on. */
export interface CallInContext {
  call: CallRequest;
  session: Session | null;
  queue: Queue;
  /** Of whoever looks. */
  skills: Skills;
  now: Date;
}

/** The request as this actor may see it. */
export function viewCall(
  { call, session, queue, skills, now }: CallInContext,
  actor: Actor,
): CallView {
  const { doctors, serviceSeconds } = queue;
  const calls = queueAround(call, queue);
  const isPatient = actor.role === "patient";
  const waits = isPatient && call.status === "WAITING";
  const wait = waits
    ? waitRange(call, calls, doctors, serviceSeconds, now)
    : null;
  return {
    id: call.id,
    status: call.status,
    mode: call.mode,
    reason: call.reason,
    urgency: call.urgency,
    specialty: call.specialty,
    language: call.language,
    patient: call.patient,
    created_at: call.createdAt,
    decided_at: call.decidedAt,
    // A doctor counts what is to be seen there.
    position: positionOf(call, calls, isPatient ? doctors : [skills]),
    away: queue.away.has(call.id),
    wait: wait === null
      ? null
      : { from_minutes: wait.from, to_minutes: wait.to },
    doctors_available: waits ? servingDoctors(call, doctors).length : null,
    doctors_on_duty: waits ? doctors.filter(isServing).length : null,
    offer: isOfferedTo(call, actor.accountId, now)
      ? { until: call.offer!.until }
      : null,
    doctor: call.acceptedBy,
    visit_id: call.visitId,
    session_id: call.sessionId,
    session: session === null ? null : viewSession(session, actor),
    actions: availableCallActions(actor, call, skills),
  };
}

/** Whether a doctor takes calls, as the API shows it to that doctor. */
export interface AvailabilityView {
  available: boolean;
  /** Why the app has switched it off; null: it is as the doctor wants it. */
  stopped: Stop | null;
  specialties: string[];
  languages: string[];
  /** The session that the doctor is in; calls have to wait for its end. */
  session_id: string | null;
}

/** Whether the doctor takes calls; who has never said so does not. */
export function viewAvailability(
  availability: Availability | null,
  session: Session | null,
): AvailabilityView {
  return {
    available: availability?.available ?? false,
    stopped: availability?.stopped ?? null,
    specialties: availability?.specialties ?? [],
    languages: availability?.languages ?? [],
    session_id: session?.id ?? null,
  };
}

/** What a doctor has planned next, as far as it matters beside the queue. */
export interface PlannedView {
  session_id: string;
  visit_id: string;
  patient: PersonRef;
  scheduled_start: string;
  /** Since when the patient is in the waiting room; null: not here. */
  waiting_since: string | null;
}

function viewPlanned(session: Session): PlannedView {
  const { id, visitId, patient, scheduledStart, presence } = session;
  return {
    session_id: id,
    visit_id: visitId,
    patient,
    scheduled_start: scheduledStart,
    waiting_since: isWaiting(session) ? presence.patient!.at : null,
  };
}

/** A request that a doctor could have taken a moment ago. */
export interface GoneView {
  id: string;
  /** Another doctor has it; false: nobody waits any more. */
  taken: boolean;
}

/** The queue as one doctor sees it. */
export interface QueueView {
  /** In the order in which they are to be taken; those that suit the doctor. */
  calls: CallView[];
  availability: AvailabilityView;
  /** Names of the other doctors who take calls. */
  colleagues: string[];
  /** What the doctor has planned next, soonest first. */
  planned: PlannedView[];
  /** What has left the queue since whoever listens heard of it last, save what they took themselves. */
  gone: GoneView[];
  /** The server's clock: offers run by it. */
  now: string;
}

/** The queue with everything that a doctor's look at it depends on. */
export interface QueueInContext {
  queue: Queue;
  availability: Availability | null;
  /** The session that the doctor is in. */
  session: Session | null;
  skills: Skills;
  /** What is planned next. */
  planned: Session[];
  now: Date;
}

/** The queue as this doctor may see it. `left` are requests that were in it when they last looked. */
export function viewQueue(
  { queue, availability, session, skills, planned, now }: QueueInContext,
  actor: Actor,
  left: readonly CallRequest[] = [],
): QueueView {
  return {
    calls: inOrder(queue.calls)
      .filter((call) => callSeatOf(actor, call, skills) === "candidate")
      .map((call) =>
        viewCall({ call, session: null, queue, skills, now }, actor)
      ),
    availability: viewAvailability(availability, session),
    colleagues: queue.doctors
      .filter((one) => one.id !== actor.accountId && isServing(one))
      .map(({ name }) => name),
    planned: planned.map(viewPlanned),
    // Who took it is nobody else's business.
    gone: left
      .filter(({ status, acceptedBy }) =>
        status !== "WAITING" && acceptedBy?.id !== actor.accountId
      )
      .map(({ id, status }) => ({ id, taken: status === "ACCEPTED" })),
    now: now.toISOString(),
  };
}
