import { authorizeRole } from "@/lib/access/policy.ts";
import type { Caller } from "@/lib/accounts/account.ts";
import { findAccount } from "@/lib/accounts/store.ts";
import { type Answerable, answerable } from "@/lib/calls/answerable.ts";
import {
  findAvailability,
  listAvailabilities,
} from "@/lib/calls/availability_store.ts";
import {
  type DoctorOnDuty,
  NO_SKILLS,
  type Skills,
} from "@/lib/calls/doctors.ts";
import type { Services } from "@/lib/services.ts";

/** What the calling doctor is asked for. To look is not to be there. Throws `role_forbidden`. */
export async function getSkills(
  { kv }: Services,
  { actor }: Caller,
): Promise<Skills> {
  authorizeRole(actor, "take_calls");
  return await findAvailability(kv, actor.accountId) ?? NO_SKILLS;
}

/** What patients can ask for: what doctors have said of themselves, as far as they still work here. */
export async function listAnswerable(
  { kv }: Services,
  onDuty: readonly DoctorOnDuty[],
): Promise<Answerable> {
  const all = await listAvailabilities(kv);
  const accounts = await Promise.all(
    all.map(({ doctor }) => findAccount(kv, doctor.id)),
  );
  const known = all.filter((_, i) => {
    const account = accounts[i];
    return account?.role === "doctor" && account.disabledAt === null;
  });
  return answerable(known, onDuty);
}
