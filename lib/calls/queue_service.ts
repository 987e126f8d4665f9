import type { Availability } from "@/lib/calls/availability.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";
import type { Queue } from "@/lib/calls/queue.ts";
import { listAvailable } from "@/lib/calls/availability_store.ts";
import { findPulse } from "@/lib/calls/pulse_store.ts";
import { listWaitingCalls } from "@/lib/calls/store.ts";
import { findTakenSession } from "@/lib/calls/taken_store.ts";
import type { Services } from "@/lib/services.ts";
import { isOver } from "@/lib/sessions/session.ts";
import { listRunning } from "@/lib/sessions/store.ts";

/** A doctor's page says about every twenty seconds that it is open; after three times that it is not. */
const DOCTOR_SILENCE_MS_MAX = 60_000;

/** Whether a doctor's queue, last noted to be open at that time, counts as open. */
export function isHere(seenAt: string | null, now: Date): boolean {
  return seenAt !== null &&
    now.getTime() - Date.parse(seenAt) <= DOCTOR_SILENCE_MS_MAX;
}

/** The queue as it is now. */
export async function readQueue({ kv, now }: Services): Promise<Queue> {
  const [calls, available, running, pulse] = await Promise.all([
    listWaitingCalls(kv),
    listAvailable(kv),
    listRunning(kv),
    findPulse(kv),
  ]);
  const inSession = new Set(running.map(({ doctor }) => doctor.id));
  const doctors = await Promise.all(
    available.map(({ availability, seenAt }) =>
      onDuty(kv, availability, {
        isHere: isHere(seenAt, now()),
        inSession: inSession.has(availability.doctor.id),
      })
    ),
  );
  return { calls, doctors, serviceSeconds: pulse?.serviceSeconds ?? [] };
}

async function onDuty(
  kv: Deno.Kv,
  { doctor, specialties, languages, since, unanswered }: Availability,
  { isHere, inSession }: { isHere: boolean; inSession: boolean },
): Promise<DoctorOnDuty> {
  const taken = await findTakenSession(kv, doctor.id);
  const isTaken = taken !== null && !isOver(taken.status);
  return {
    ...doctor,
    specialties,
    languages,
    isAvailable: true,
    isHere,
    isBusy: inSession || isTaken,
    unanswered,
    idleSince: Math.max(Date.parse(since), Date.parse(taken?.endedAt ?? since)),
  };
}
