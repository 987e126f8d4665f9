import { authorizeRole } from "@/lib/access/policy.ts";
import { type Caller, personRef } from "@/lib/accounts/account.ts";
import { type AvailabilityWish, wished } from "@/lib/calls/availability.ts";
import { changeAvailability } from "@/lib/calls/availability_store.ts";
import { availabilityFacts } from "@/lib/calls/facts.ts";
import { noteDoctorHere } from "@/lib/calls/presence_service.ts";
import { getQueue } from "@/lib/calls/service.ts";
import type { QueueInContext } from "@/lib/calls/view.ts";
import type { Services } from "@/lib/services.ts";
import { voiceOf } from "@/lib/sessions/event_service.ts";

/**
 * Notes whether the calling doctor takes calls, and which. Only whoever says
 * whether sits at the queue: skills are said on another page, where nothing
 * rings. Throws `role_forbidden`.
 */
export async function setAvailability(
  services: Services,
  caller: Caller,
  wish: AvailabilityWish,
): Promise<QueueInContext> {
  authorizeRole(caller.actor, "take_calls");
  const { kv, now } = services;
  const doctor = personRef(caller.actor);
  const { actor, requestId, client } = voiceOf(caller);
  await changeAvailability(kv, doctor.id, client, (before) => {
    const at = now();
    const next = wished(before, doctor, wish, at);
    const facts = availabilityFacts(
      { before, after: next, at },
      actor,
      requestId,
    );
    return { next, facts };
  });
  if (wish.available !== undefined) await noteDoctorHere(services, caller);
  return await getQueue(services, caller);
}
