import type { Availability } from "@/lib/calls/doctors.ts";
import { QUEUE_TOUCHED_KEY } from "@/lib/calls/keys.ts";
import { doctorSeenAt } from "@/lib/calls/seen_store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";

const availabilityKey = (doctorId: string) => ["doctor_availability", doctorId];

/** Whether the doctor takes calls; null: has never said. */
export async function findAvailability(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Availability | null> {
  return (await kv.get<Availability>(availabilityKey(doctorId))).value;
}

/** Reads whether the doctor takes calls, lets `change` decide, and stores the result. */
export function changeAvailability(
  kv: Deno.Kv,
  doctorId: string,
  change: (before: Availability | null) => Availability,
): Promise<Availability> {
  return untilCommitted(async () => {
    const entry = await kv.get<Availability>(availabilityKey(doctorId));
    const value = change(entry.value);
    const { ok } = await kv.atomic().check(entry)
      .set(entry.key, value)
      .set(QUEUE_TOUCHED_KEY, doctorId)
      .commit();
    return ok ? { ok, value } : LOST;
  });
}

/** Every doctor who takes calls, and when their queue was last open. */
export async function listAvailable(
  kv: Deno.Kv,
): Promise<{ availability: Availability; seenAt: string | null }[]> {
  const all: { availability: Availability; seenAt: string | null }[] = [];
  const entries = kv.list<Availability>({ prefix: ["doctor_availability"] });
  for await (const { value: availability } of entries) {
    if (!availability.available) continue;
    const seenAt = await doctorSeenAt(kv, availability.doctor.id);
    all.push({ availability, seenAt });
  }
  return all;
}
