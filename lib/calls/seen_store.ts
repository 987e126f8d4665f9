import { QUEUE_TOUCHED_KEY } from "@/lib/calls/keys.ts";

const patientKey = (id: string) => ["call_seen", id];
const doctorKey = (doctorId: string) => ["doctor_seen", doctorId];

/** Only for collecting what nobody asks for any more. */
const SEEN_MS = 24 * 3_600_000;

/** Notes that the waiting patient was there at that time. `isNews`: whoever listens to the queue is to hear it. */
export function notePatient(
  kv: Deno.Kv,
  id: string,
  at: Date,
  isNews: boolean,
): Promise<void> {
  return note(kv, patientKey(id), at, isNews);
}

/** When the waiting patient was last noted to be there, or null. */
export async function patientSeenAt(
  kv: Deno.Kv,
  id: string,
): Promise<string | null> {
  return (await kv.get<string>(patientKey(id))).value;
}

/** Notes that the doctor had the queue open at that time. `isNews`: whoever listens is to hear it. */
export function noteDoctor(
  kv: Deno.Kv,
  doctorId: string,
  at: Date,
  isNews: boolean,
): Promise<void> {
  return note(kv, doctorKey(doctorId), at, isNews);
}

async function note(
  kv: Deno.Kv,
  key: Deno.KvKey,
  at: Date,
  isNews: boolean,
): Promise<void> {
  const time = at.toISOString();
  const operation = kv.atomic().set(key, time, { expireIn: SEEN_MS });
  if (isNews) operation.set(QUEUE_TOUCHED_KEY, time);
  await operation.commit();
}

/** When the doctor's queue was last noted to be open, or null. */
export async function doctorSeenAt(
  kv: Deno.Kv,
  doctorId: string,
): Promise<string | null> {
  return (await kv.get<string>(doctorKey(doctorId))).value;
}
