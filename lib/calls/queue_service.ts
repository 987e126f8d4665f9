import type { Availability } from "@/lib/calls/availability.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";
import type { Queue } from "@/lib/calls/queue.ts";
import { listAvailable } from "@/lib/calls/availability_store.ts";
import { findPulse } from "@/lib/calls/pulse_store.ts";
import { listWaitingCalls } from "@/lib/calls/store.ts";
import { patientSeenAt } from "@/lib/calls/seen_store.ts";
import { isAway, SILENCE_MS_MAX } from "@/lib/calls/wait.ts";
import type { Services } from "@/lib/services.ts";
import { sharedRead } from "@/lib/shared_read.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findLastEnd, listLive } from "@/lib/sessions/store.ts";

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
  const [calls, available, live, pulse] = await Promise.all([
    listWaitingCalls(kv),
    listAvailable(kv),
    listLive(kv),
    findPulse(kv),
  ]);
  const sessions = new Map<string, Session>();
  for (const session of live) {
    const { doctor, onDemand } = session;
    if (onDemand || !sessions.has(doctor.id)) sessions.set(doctor.id, session);
  }
  const doctors = await Promise.all(
    available.map(({ availability, seenAt }) =>
      onDuty(kv, availability, {
        isHere: isHere(seenAt, now()),
        session: sessions.get(availability.doctor.id) ?? null,
        now: now(),
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
    sessions,
    serviceSeconds: pulse?.serviceSeconds ?? [],
  };
}

async function onDuty(
  kv: Deno.Kv,
  { doctor, specialties, languages, since, unanswered }: Availability,
  { isHere, session, now }: {
    isHere: boolean;
    session: Session | null;
    now: Date;
  },
): Promise<DoctorOnDuty> {
  const lastEnd = await findLastEnd(kv, doctor.id, now) ?? since;
  return {
    ...doctor,
    specialties,
    languages,
    isAvailable: true,
    isHere,
    busySince: session === null
      ? null
      : Date.parse(session.startedAt ?? session.createdAt),
    unanswered,
    idleSince: Math.max(Date.parse(since), Date.parse(lastEnd)),
  };
}
