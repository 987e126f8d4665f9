import type { CallRequest } from "@/lib/calls/call_request.ts";
import {
  type DoctorOnDuty,
  isFree,
  isServing,
  suits,
} from "@/lib/calls/doctors.ts";
import { inOrder } from "@/lib/calls/matcher.ts";

/** What the queue knows of itself over time, as stored. */
export interface Pulse {
  /** When somebody last looked after the queue. */
  at: string;
  /** Since when somebody has without a pause: silence of a page counts from then on only. */
  since: string;
  /** How long the last calls took, in seconds from the acceptance to the end. */
  serviceSeconds: number[];
}

/** Noted about so often, and missed after three times that. */
export const PULSE_MS = 10_000;
const PAUSE_MS = 3 * PULSE_MS;

/** Whether it is time for the next pulse. */
export function isPulseDue(pulse: Pulse | null, now: Date): boolean {
  return pulse === null || now.getTime() - Date.parse(pulse.at) >= PULSE_MS;
}

/** The pulse now. After a pause (nobody waited, or the app was not there) it begins anew. */
export function nextPulse(
  pulse: Pulse | null,
  serviceSeconds: number[],
  now: Date,
): Pulse {
  const at = now.toISOString();
  const goesOn = pulse !== null &&
    now.getTime() - Date.parse(pulse.at) < PAUSE_MS;
  return { at, since: goesOn ? pulse.since : at, serviceSeconds };
}

/** A waiting patient's page may be silent for so long; then the request expires. */
export const SILENCE_MS_MAX = 90_000;

/** Whether nobody waits any more behind a request: its page was last noted at `seenAt`, and somebody was there to note it. */
export function isAbandoned(
  { createdAt }: CallRequest,
  seenAt: string | null,
  pulse: Pulse,
  now: Date,
): boolean {
  const last = [createdAt, seenAt ?? "", pulse.since].toSorted().at(-1)!;
  return now.getTime() - Date.parse(last) > SILENCE_MS_MAX;
}

/** From how many calls on a range says something. */
const SAMPLES_MIN = 3;

/** In how many minutes it will probably be somebody's turn. */
export interface WaitRange {
  from: number;
  to: number;
}

/** Which place the request has in the queue, from 1; null once it waits no more. */
export function positionOf(
  { id }: Pick<CallRequest, "id">,
  calls: readonly CallRequest[],
): number | null {
  const index = inOrder(calls).findIndex((one) => one.id === id);
  return index < 0 ? null : index + 1;
}

/** Doctors who could take the request: now, or after the call they are in. */
export function servingDoctors(
  call: Pick<CallRequest, "specialty" | "language">,
  doctors: readonly DoctorOnDuty[],
): DoctorOnDuty[] {
  return doctors.filter((one) => isServing(one) && suits(one, call));
}

/**
 * How long the patient has probably to wait, from how long the last calls
 * took. Null if nothing honest can be said: nobody is there to answer, or too
 * few calls have been held.
 */
export function waitRange(
  call: CallRequest,
  calls: readonly CallRequest[],
  doctors: readonly DoctorOnDuty[],
  serviceSeconds: readonly number[],
): WaitRange | null {
  const serving = servingDoctors(call, doctors);
  if (serving.length === 0) return null;
  const order = inOrder(calls);
  const place = order.findIndex(({ id }) => id === call.id);
  // Only those who wait for the same doctors are in the way.
  const ahead = order.slice(0, Math.max(0, place))
    .filter((one) => serving.some((doctor) => suits(doctor, one))).length;
  const turns = ahead + 1 - serving.filter(isFree).length;
  // Somebody is free: it rings already, or after one who does not answer.
  if (turns <= 0) return { from: 0, to: 1 };
  if (serviceSeconds.length < SAMPLES_MIN) return null;
  const sorted = serviceSeconds.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.round(share * (sorted.length - 1))]!;
  // All doctors take a round of turns together; how far the running calls are, nobody knows.
  const from = Math.floor((turns - 1) / serving.length) * at(0.25) / 60;
  const to = Math.ceil(turns / serving.length) * at(0.75) / 60;
  return { from: Math.floor(from), to: Math.max(1, Math.ceil(to)) };
}
