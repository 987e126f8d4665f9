import { QUEUE_TOUCHED_KEY } from "@/lib/calls/keys.ts";

const patientKey = (id: string) => ["call_seen", id];
const doctorKey = (doctorId: string) => ["doctor_seen", doctorId];

/** Only for collecting what nobody asks for any more. */
const SEEN_MS = 24 * 3_600_000;

/** Notes that the waiting patient's page was open at that time. */
export async function notePatient(
  kv: Deno.Kv,
  id: string,
  at: Date,
): Promise<void> {
  await kv.set(patientKey(id), at.toISOString(), { expireIn: SEEN_MS });
}

/** When the waiting patient's page was last noted to be open, or null. */
export async function patientSeenAt(
  kv: Deno.Kv,
  id: string,
): Promise<string | null> {
  return (await kv.get<string>(patientKey(id))).value;
}

/** Notes that the doctor's queue was open at that time. `isNews`: whoever listens is to hear it. */
export async function noteDoctor(
  kv: Deno.Kv,
  doctorId: string,
  at: Date,
  isNews: boolean,
): Promise<void> {
  const operation = kv.atomic()
    .set(doctorKey(doctorId), at.toISOString(), { expireIn: SEEN_MS });
  if (isNews) operation.set(QUEUE_TOUCHED_KEY, doctorId);
  await operation.commit();
}

/** When the doctor's queue was last noted to be open, or null. */
export async function doctorSeenAt(
  kv: Deno.Kv,
  doctorId: string,
): Promise<string | null> {
  return (await kv.get<string>(doctorKey(doctorId))).value;
}
