import type { Availability } from "@/lib/calls/availability.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";
import type { Queue } from "@/lib/calls/queue.ts";
import { listAvailable } from "@/lib/calls/availability_store.ts";
import { findPulse } from "@/lib/calls/pulse_store.ts";
import { listWaitingCalls } from "@/lib/calls/store.ts";
import { patientSeenAt } from "@/lib/calls/seen_store.ts";
import { findTakenSession } from "@/lib/calls/taken_store.ts";
import { isAway, SILENCE_MS_MAX } from "@/lib/calls/wait.ts";
import type { Services } from "@/lib/services.ts";
import { sharedRead } from "@/lib/shared_read.ts";
import { isOver } from "@/lib/sessions/session.ts";
import { listRunning } from "@/lib/sessions/store.ts";

/** Whether a doctor's queue, last noted to be open at that time, counts as open. */
export function isHere(seenAt: string | null, now: Date): boolean {
  return seenAt !== null &&
    now.getTime() - Date.parse(seenAt) <= SILENCE_MS_MAX;
}

/** The queue as it is now. Every open page looks whenever something changes, all at once: they share what is read. */
export const readQueue: (services: Services) => Promise<Queue> = sharedRead(
  read,
);

async function read({ kv, now }: Services): Promise<Queue> {
  const [calls, available, running, pulse] = await Promise.all([
    listWaitingCalls(kv),
    listAvailable(kv),
    listRunning(kv),
    findPulse(kv),
  ]);
  const startOf = new Map(
    running.map(({ doctor, startedAt }) => [doctor.id, Date.parse(startedAt!)]),
  );
  const doctors = await Promise.all(
    available.map(({ availability, seenAt }) =>
      onDuty(kv, availability, {
        isHere: isHere(seenAt, now()),
        startedMs: startOf.get(availability.doctor.id) ?? null,
      })
    ),
  );
  const away = await Promise.all(
    calls.map(async (call) =>
      isAway(call, await patientSeenAt(kv, call.id), pulse, now())
    ),
  );
  return {
    calls,
    away: new Set(calls.filter((_, i) => away[i]).map(({ id }) => id)),
    doctors,
    serviceSeconds: pulse?.serviceSeconds ?? [],
  };
}

async function onDuty(
  kv: Deno.Kv,
  { doctor, specialties, languages, since, unanswered }: Availability,
  { isHere, startedMs }: { isHere: boolean; startedMs: number | null },
): Promise<DoctorOnDuty> {
  const taken = await findTakenSession(kv, doctor.id);
  const takenMs = taken !== null && !isOver(taken.status)
    ? Date.parse(taken.createdAt)
    : null;
  return {
    ...doctor,
    specialties,
    languages,
    isAvailable: true,
    isHere,
    busySince: startedMs ?? takenMs,
    unanswered,
    idleSince: Math.max(Date.parse(since), Date.parse(taken?.endedAt ?? since)),
  };
}
