import type { Caller } from "@/lib/accounts/account.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { findAvailability } from "@/lib/calls/availability_store.ts";
import { isHere } from "@/lib/calls/queue_service.ts";
import {
  doctorSeenAt,
  noteDoctor,
  notePatient,
  patientSeenAt,
} from "@/lib/calls/seen_store.ts";
import { isUnattended } from "@/lib/calls/wait.ts";
import type { Services } from "@/lib/services.ts";

/** Who was noted so lately is not noted again. */
const RECENT_MS = 10_000;

/**
 * Notes that whoever waits is there, if they ask for their request themselves.
 * An open stream says nothing: it stays open under a page that fell asleep.
 */
export async function noteWaitingPatient(
  { kv, now }: Services,
  { actor }: Caller,
  call: CallRequest,
): Promise<void> {
  // Doctors may look at it, too.
  if (actor.role !== "patient" || call.status !== "WAITING") return;
  const at = now();
  const seenAt = await patientSeenAt(kv, call.id);
  const isNew = isUnattended(call, seenAt) || !isHere(seenAt, at);
  if (!isNew && isRecent(seenAt, at)) return;
  await notePatient(kv, call.id, at, isNew);
}

/** Notes that a doctor who takes calls is there, likewise. */
export async function noteDoctorHere(
  { kv, now }: Services,
  { actor: { accountId } }: Caller,
): Promise<void> {
  const availability = await findAvailability(kv, accountId);
  if (!availability?.available) return;
  const at = now();
  const seenAt = await doctorSeenAt(kv, accountId);
  if (isRecent(seenAt, at)) return;
  await noteDoctor(kv, accountId, at, !isHere(seenAt, at));
}

function isRecent(seenAt: string | null, now: Date): boolean {
  return seenAt !== null && now.getTime() - Date.parse(seenAt) < RECENT_MS;
}
