import { WAITING_PREFIX } from "@/lib/sessions/keys.ts";

const seenKey = (id: string) => ["session_waiting_seen", id];

/** Only for collecting what nobody asks for any more. */
const SEEN_MS = 24 * 3_600_000;

/** The ids of sessions whose patient waits. */
export async function listWaiting(kv: Deno.Kv): Promise<string[]> {
  const ids: string[] = [];
  const waiting = kv.list<string>({ prefix: [...WAITING_PREFIX] });
  for await (const { value } of waiting) ids.push(value);
  return ids;
}

/** Notes that the waiting patient's page was open at that time. Worth nothing once the wait is over. */
export async function noteWaiting(
  kv: Deno.Kv,
  id: string,
  at: Date,
): Promise<void> {
  await kv.set(seenKey(id), at.toISOString(), { expireIn: SEEN_MS });
}

/** When the waiting patient's page was last noted to be open, or null. */
export async function waitingSeenAt(
  kv: Deno.Kv,
  id: string,
): Promise<string | null> {
  return (await kv.get<string>(seenKey(id))).value;
}
