import type { CallRequest } from "@/lib/calls/call_request.ts";
import { isLastCall } from "@/lib/calls/availability.ts";
import { type DoctorOnDuty, isFree, suits } from "@/lib/calls/doctors.ts";
import { type CallEvent, decide } from "@/lib/calls/transitions.ts";

/**
 * An urgent request counts as if it had come so much earlier. Whoever came
 * earlier still goes first, so that urgent ones can delay nobody for ever.
 */
export const HEAD_START_MS = 10 * 60_000;
/** A doctor who did not take a request has peace from it for so long, even if there is nobody else. */
export const PEACE_MS = 60_000;

/** One thing to be done to one request. */
export interface Step {
  callId: string;
  event: Extract<CallEvent, { type: "offered" | "passed" | "withdrawn" }>;
}

/** The requests that wait, in the order in which they are to be taken. */
export function inOrder(calls: readonly CallRequest[]): CallRequest[] {
  return calls.filter(({ status }) => status === "WAITING").toSorted((a, b) =>
    rank(a) - rank(b) || (a.id < b.id ? -1 : 1)
  );
}

function rank({ createdAt, urgency }: CallRequest): number {
  return Date.parse(createdAt) - (urgency === "urgent" ? HEAD_START_MS : 0);
}

/**
 * What has to be done so that every request rings at one doctor, as far as
 * there are doctors, and no doctor hears two at once:
 *
 * - an offer whose time is up, or whose doctor cannot take it any more, ends;
 * - the first request in the order chooses first: the doctor whom others need
 *   least for what they know, and of these whoever was idle longest;
 * - a doctor who did not take it gets it again when all others have not either;
 * - one who has let several pass in a row gets none (`availability.ts`);
 * - requests in `away`, whose patient is not there at the moment, keep their
 *   place and ring nowhere.
 *
 * Pure: the same state gives the same steps, and none once they are done.
 */
export function match(
  calls: readonly CallRequest[],
  doctors: readonly DoctorOnDuty[],
  now: Date,
  away: ReadonlySet<string> = new Set(),
): Step[] {
  const steps: Step[] = [];
  const take = (call: CallRequest, event: Step["event"]): CallRequest => {
    steps.push({ callId: call.id, event });
    return decide(call, event, now) ?? call;
  };
  const waiting = inOrder(calls).map((call) => {
    const end = endOfOffer(call, doctors, now, away);
    return end === null ? call : take(call, end);
  });
  const silent = new Set(
    steps.filter(({ event }) => event.type === "passed")
      .map(({ event }) => event.doctorId),
  );
  // Whoever has let the last one pass takes no more.
  const staying = doctors.filter((one) =>
    !(silent.has(one.id) && isLastCall(one))
  );
  const ringing = new Set(waiting.map(({ offer }) => offer?.doctorId));
  for (const call of waiting) {
    if (call.offer !== null || away.has(call.id)) continue;
    const others = waiting.filter(({ id }) => id !== call.id && !away.has(id));
    const doctorId = choose(call, others, staying, ringing, now);
    if (doctorId === null) continue;
    ringing.add(doctorId);
    take(call, { type: "offered", doctorId });
  }
  return steps;
}

function endOfOffer(
  call: CallRequest,
  doctors: readonly DoctorOnDuty[],
  now: Date,
  away: ReadonlySet<string>,
): Step["event"] | null {
  if (call.offer === null) return null;
  const { doctorId, until } = call.offer;
  const doctor = doctors.find(({ id }) => id === doctorId);
  // First of all: what rang at nobody was not left unanswered.
  if (
    away.has(call.id) || doctor === undefined || !isFree(doctor) ||
    !suits(doctor, call)
  ) return { type: "withdrawn", doctorId };
  return Date.parse(until) <= now.getTime()
    ? { type: "passed", doctorId }
    : null;
}

/** At whom the request is to ring next; null: nobody now. */
function choose(
  call: CallRequest,
  others: readonly CallRequest[],
  doctors: readonly DoctorOnDuty[],
  ringing: ReadonlySet<string | undefined>,
  now: Date,
): string | null {
  const able = doctors.filter((one) => isFree(one) && suits(one, call));
  const refusedAt = new Map(
    call.refusals.map(({ doctorId, at }) => [doctorId, Date.parse(at)]),
  );
  const unasked = able.filter(({ id }) => !refusedAt.has(id)).toSorted((a, b) =>
    neededFor(a, others) - neededFor(b, others) ||
    a.idleSince - b.idleSince || (a.id < b.id ? -1 : 1)
  );
  // Everybody else comes before those who did not take it, also who hears
  // another request first.
  const next = unasked.length > 0
    ? unasked
    : able.filter(({ id }) => refusedAt.get(id)! + PEACE_MS <= now.getTime())
      .toSorted((a, b) => refusedAt.get(a.id)! - refusedAt.get(b.id)!);
  return next.find(({ id }) => !ringing.has(id))?.id ?? null;
}

/** How many of the requests ask for something that this doctor knows. */
function neededFor(
  doctor: DoctorOnDuty,
  calls: readonly CallRequest[],
): number {
  return calls.filter((call) =>
    (call.specialty !== null || call.language !== null) && suits(doctor, call)
  ).length;
}
