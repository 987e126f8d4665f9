import type { Client } from "@/lib/accounts/account.ts";
import type { AuditFacts } from "@/lib/audit/entry.ts";
import { accountChain } from "@/lib/audit/facts.ts";
import { appendAfter, readHead } from "@/lib/audit/store.ts";
import {
  type Availability,
  upgradeAvailability,
} from "@/lib/calls/availability.ts";
import { QUEUE_TOUCHED_KEY } from "@/lib/calls/keys.ts";
import { doctorSeenAt } from "@/lib/calls/seen_store.ts";
import { commitWithReceipt } from "@/lib/idempotency/store.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";

const PREFIX = ["doctor_availability"];
const availabilityKey = (doctorId: string) => [...PREFIX, doctorId];

/** What becomes of a doctor's availability. */
export interface AvailabilityChange {
  next: Availability;
  /** What it is to be remembered as; null: not worth it. */
  facts: AuditFacts | null;
}

/** Decides what becomes of it; null leaves it as it is. */
export type ChangesAvailability = (
  before: Availability | null,
) => AvailabilityChange | null;

/** Whether the doctor takes calls; null: has never said. */
export async function findAvailability(
  kv: Deno.Kv,
  doctorId: string,
): Promise<Availability | null> {
  const { value } = await kv.get<Availability>(availabilityKey(doctorId));
  return value === null ? null : upgradeAvailability(value);
}

/**
 * Reads whether the doctor takes calls, lets `change` decide, and adds the
 * result to a commit, with its audit entry in the doctor's chain. At most two
 * checks.
 */
export async function writeAvailability(
  kv: Deno.Kv,
  operation: Deno.AtomicOperation,
  doctorId: string,
  client: Client | null,
  change: ChangesAvailability,
): Promise<void> {
  const entry = await kv.get<Availability>(availabilityKey(doctorId));
  const before = entry.value === null ? null : upgradeAvailability(entry.value);
  const decided = change(before);
  if (decided === null) return;
  operation.check(entry)
    .set(entry.key, decided.next)
    .set(QUEUE_TOUCHED_KEY, doctorId);
  if (decided.facts === null) return;
  const head = await readHead(kv, accountChain(doctorId));
  appendAfter(operation, head, decided.facts, client);
}

/** Lets `change` decide whether the doctor takes calls; again when somebody else was faster. */
export function changeAvailability(
  kv: Deno.Kv,
  doctorId: string,
  client: Client | null,
  change: ChangesAvailability,
): Promise<void> {
  return untilCommitted(async () => {
    const operation = kv.atomic();
    await writeAvailability(kv, operation, doctorId, client, change);
    const { ok } = await commitWithReceipt(operation, client, doctorId);
    return ok ? { ok, value: undefined } : LOST;
  });
}

/** What every doctor has said who ever did, also that they take no calls now. */
export async function listAvailabilities(kv: Deno.Kv): Promise<Availability[]> {
  const entries = kv.list<Availability>({ prefix: PREFIX });
  return (await Array.fromAsync(entries)).map(({ value }) =>
    upgradeAvailability(value)
  );
}

/** Every doctor who takes calls, and when their queue was last open. */
export async function listAvailable(
  kv: Deno.Kv,
): Promise<{ availability: Availability; seenAt: string | null }[]> {
  const all: { availability: Availability; seenAt: string | null }[] = [];
  for (const availability of await listAvailabilities(kv)) {
    if (!availability.available) continue;
    const seenAt = await doctorSeenAt(kv, availability.doctor.id);
    all.push({ availability, seenAt });
  }
  return all;
}
