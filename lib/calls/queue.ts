import type { CallRequest } from "@/lib/calls/call_request.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";
import type { Session } from "@/lib/sessions/session.ts";

/** Who waits, who could answer, and how it went of late. */
export interface Queue {
  /** Every request that waits. */
  calls: CallRequest[];
  /** Ids of those whose patient is away: they keep their place and ring nowhere. */
  away: ReadonlySet<string>;
  /** Every doctor who takes calls. */
  doctors: DoctorOnDuty[];
  /** The session that each doctor is in, by the doctor's id: one that runs, or a call just taken. */
  sessions: ReadonlyMap<string, Session>;
  /** How long the last calls took, in seconds from the acceptance to the end. */
  serviceSeconds: number[];
}

/** The requests that are in the way of this one, and it itself: of whoever is away, nobody has to wait for the turn. */
export function queueAround(
  { id }: CallRequest,
  { calls, away }: Pick<Queue, "calls" | "away">,
): CallRequest[] {
  return calls.filter((one) => one.id === id || !away.has(one.id));
}
