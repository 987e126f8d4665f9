import type { CallRequest } from "@/lib/calls/call_request.ts";
import {
  type DoctorOnDuty,
  isFree,
  isServing,
  isSpoken,
  type Skills,
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

/**
 * A page that is open says so about every twenty seconds, in the background of
 * some browsers once a minute. After so long without, nobody is there.
 */
export const SILENCE_MS_MAX = 90_000;
/** A patient who is away (a locked phone, a tunnel) keeps the place in line for so long; then the request expires. */
export const PLACE_KEPT_MS = 10 * 60_000;

/** Whether the request came back to the line without its patient: no page has asked for it since. */
export function isUnattended(
  { returnedAt }: CallRequest,
  seenAt: string | null,
): boolean {
  return returnedAt !== null && (seenAt ?? "") < returnedAt;
}

/** How long it is that the page of a request was last noted, at `seenAt`, in ms; only while somebody was there to note it. */
function silenceMs(
  { createdAt, returnedAt }: CallRequest,
  seenAt: string | null,
  pulse: Pulse | null,
  now: Date,
): number {
  const last = [
    createdAt,
    returnedAt ?? "",
    seenAt ?? "",
    pulse?.since ?? "",
  ].toSorted().at(-1)!;
  return now.getTime() - Date.parse(last);
}

/** Whether nobody sits behind a request at the moment: it rings nowhere. */
export function isAway(...about: Parameters<typeof silenceMs>): boolean {
  const [call, seenAt] = about;
  return isUnattended(call, seenAt) || silenceMs(...about) > SILENCE_MS_MAX;
}

/** Whether nobody waits any more behind a request: its place is not kept any longer. */
export function isAbandoned(...about: Parameters<typeof silenceMs>): boolean {
  return silenceMs(...about) > PLACE_KEPT_MS;
}

/** From how many calls on a range says something. */
const SAMPLES_MIN = 3;
/** A range is from the quarter of calls that are short to the quarter that are long. */
const SHORT = 0.25;
const LONG = 0.75;

/** In how many minutes it will probably be somebody's turn. */
export interface WaitRange {
  from: number;
  to: number;
}

/**
 * Which place the request has in the queue, from 1; null once it waits no
 * more. Whoever waits for other doctors is not ahead.
 */
export function positionOf(
  call: CallRequest,
  calls: readonly CallRequest[],
  doctors: readonly Skills[],
): number | null {
  const order = inOrder(calls);
  const place = order.findIndex(({ id }) => id === call.id);
  if (place < 0) return null;
  const able = doctors.filter((one) => suits(one, call));
  const isAhead = (one: CallRequest) =>
    // As long as nobody is there for it, the wishes alone can tell.
    able.length === 0
      ? isCompatible(one, call)
      : able.some((doctor) => suits(doctor, one));
  return order.slice(0, place).filter(isAhead).length + 1;
}

/** Whether one doctor could be who both ask for. */
function isCompatible(a: CallRequest, b: CallRequest): boolean {
  const asOne = a.specialty === null || b.specialty === null ||
    a.specialty === b.specialty;
  return asOne && (a.language === null || b.language === null ||
    isSpoken(a.language, b.language));
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
 * took. Null if nothing honest can be said: nobody is there to answer who has
 * not refused already, too few calls have been held, or the calls that go on
 * have taken longer than any of those.
 */
export function waitRange(
  call: CallRequest,
  calls: readonly CallRequest[],
  doctors: readonly DoctorOnDuty[],
  serviceSeconds: readonly number[],
  now: Date,
): WaitRange | null {
  const willing = servingDoctors(call, doctors).filter(({ id }) =>
    call.refusals.every(({ doctorId }) => doctorId !== id)
  );
  const order = inOrder(calls);
  const place = order.findIndex(({ id }) => id === call.id);
  const ahead = order.slice(0, Math.max(0, place))
    .filter((one) => willing.some((doctor) => suits(doctor, one))).length;
  // Somebody is free: it rings already, or after one who does not answer.
  if (ahead < willing.filter(isFree).length) return { from: 0, to: 1 };
  const turn = (share: number) =>
    secondsUntil(ahead, willing, serviceSeconds, share, now);
  const [from, to] = [turn(SHORT), turn(LONG)];
  if (from === null || to === null) return null;
  return {
    from: Math.floor(from / 60),
    to: Math.max(1, Math.ceil(to / 60)),
  };
}

/** When it is the turn of whoever has so many ahead, if every call takes as long as that share of the last ones did; null if that cannot be said. */
function secondsUntil(
  ahead: number,
  doctors: readonly DoctorOnDuty[],
  serviceSeconds: readonly number[],
  share: number,
  now: Date,
): number | null {
  if (serviceSeconds.length < SAMPLES_MIN) return null;
  const takes = quantile(serviceSeconds, share);
  // In how many seconds each of them is free.
  const free = doctors.map(({ busySince }) => {
    if (busySince === null) return 0;
    const lasts = (now.getTime() - busySince) / 1000;
    // What has lasted long already lasts as long as calls do that last as long.
    const longer = serviceSeconds.filter((seconds) => seconds > lasts);
    return longer.length === 0 ? Infinity : quantile(longer, share) - lasts;
  });
  for (let turn = 0; turn < ahead; turn++) {
    const next = free.indexOf(Math.min(...free));
    free[next]! += takes;
  }
  const seconds = Math.min(...free);
  return Number.isFinite(seconds) ? seconds : null;
}

/** The value below which that share of the others is. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))]!;
}
