import type { PersonRef } from "@/lib/accounts/account.ts";
import type { Skills } from "@/lib/calls/doctors.ts";
import type { CallEvent } from "@/lib/calls/transitions.ts";
import { doctorNeverCame } from "@/lib/sessions/ending.ts";
import type { Session } from "@/lib/sessions/session.ts";

/** Why the app, and not the doctor, says that a doctor takes no calls: they rang there, and nobody came. */
export type Stop = "unanswered";

/** Whether a doctor takes calls, as stored. */
export interface Availability extends Skills {
  /** Layout of this record. */
  v: 2;
  doctor: PersonRef;
  available: boolean;
  /** When `available` last changed. */
  since: string;
  /** How many calls in a row have rung here and passed, or were taken by a doctor who never came. */
  unanswered: number;
  /** Null, unless the app has switched it off. */
  stopped: Stop | null;
}

/** The first layout: nobody counted what rang unanswered, and no audit entry told who took calls. */
type AvailabilityV1 =
  & Omit<Availability, "v" | "unanswered" | "stopped">
  & { v: 1 };

/** The availability in today's layout, off until the doctor says so anew. It is stored so when it next changes. */
export function upgradeAvailability(
  stored: Availability | AvailabilityV1,
): Availability {
  return stored.v === 2
    ? stored
    : { ...stored, v: 2, available: false, unanswered: 0, stopped: null };
}

/** So many calls in a row go unanswered at a doctor; then none ring there any more, because patients pay for it with half a minute each, or more. */
export const UNANSWERED_MAX = 3;

/** Whether one more unanswered call is the last. */
export function isLastCall({ unanswered }: { unanswered: number }): boolean {
  return unanswered + 1 >= UNANSWERED_MAX;
}

/** What a doctor says of taking calls; what is not given stays. */
export interface AvailabilityWish {
  available?: boolean | undefined;
  specialties?: string[] | undefined;
  languages?: string[] | undefined;
}

/**
 * The availability as the doctor wants it. Whoever takes calls and says
 * something is there: what rang unanswered counts no more. Whom the app has
 * switched off stays so until they take calls again.
 */
export function wished(
  before: Availability | null,
  doctor: PersonRef,
  { specialties, languages, ...wish }: AvailabilityWish,
  now: Date,
): Availability {
  const available = wish.available ?? before?.available ?? false;
  const isStillOff = before?.available === false && !available;
  return {
    v: 2,
    doctor,
    available,
    specialties: specialties ?? before?.specialties ?? [],
    languages: languages ?? before?.languages ?? [],
    since: before?.available === available ? before.since : now.toISOString(),
    unanswered: isStillOff ? before.unanswered : 0,
    stopped: isStillOff ? before.stopped : null,
  };
}

/** Whether a doctor at whom a call rang is there. */
export interface SignOfLife {
  doctorId: string;
  answers: boolean;
}

/**
 * What an event of a request says of a doctor; null if nothing. Whoever takes
 * a call has still to come to it: what becomes of it says whether they did.
 */
export function signOfLife(event: CallEvent): SignOfLife | null {
  switch (event.type) {
    case "passed":
      return { doctorId: event.doctorId, answers: false };
    case "declined":
      return { doctorId: event.doctorId, answers: true };
    default:
      return null;
  }
}

/**
 * What a call that is over says of the doctor who took it; null if nothing,
 * because the video service did not let it begin.
 */
export function signOfCall(session: Session): SignOfLife | null {
  return session.status === "FAILED"
    ? null
    : { doctorId: session.doctor.id, answers: !doctorNeverCame(session) };
}

/**
 * The availability after a call that rang here, or null if that changes
 * nothing. The last of several in a row that nobody answers switches it off,
 * and only the doctor switches it on again.
 */
export function afterRinging(
  before: Availability,
  answers: boolean,
  now: Date,
): Availability | null {
  if (!before.available) return null;
  if (answers) {
    return before.unanswered === 0 ? null : { ...before, unanswered: 0 };
  }
  const next = { ...before, unanswered: before.unanswered + 1 };
  return isLastCall(before)
    ? {
      ...next,
      available: false,
      stopped: "unanswered",
      since: now.toISOString(),
    }
    : next;
}
