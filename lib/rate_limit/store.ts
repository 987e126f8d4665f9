import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { type Limit, type Window, withOne } from "@/lib/rate_limit/window.ts";

const keyOf = (name: readonly string[]) => ["rate_limit", ...name];

/** In how many seconds there is room for one more of what `name` stands for; 0: now. Counts nothing. */
export async function secondsUntilRoom(
  kv: Deno.Kv,
  name: readonly string[],
  limit: Limit,
  now: Date,
): Promise<number> {
  const { value } = await kv.get<Window>(keyOf(name));
  const counted = withOne(value, limit, now);
  return "waitSeconds" in counted ? counted.waitSeconds : 0;
}

/**
 * Counts one more of what `name` stands for, e.g. one person asking for one
 * thing. Answers 0, or the seconds to wait instead if that would be too many;
 * then nothing is counted.
 */
export function countOne(
  kv: Deno.Kv,
  name: readonly string[],
  limit: Limit,
  now: Date,
): Promise<number> {
  const key = keyOf(name);
  return untilCommitted(async () => {
    const entry = await kv.get<Window>(key);
    const counted = withOne(entry.value, limit, now);
    if ("waitSeconds" in counted) {
      return { ok: true, value: counted.waitSeconds };
    }
    const { ok } = await kv.atomic().check(entry)
      .set(key, counted.next, { expireIn: limit.windowMs })
      .commit();
    return ok ? { ok, value: 0 } : LOST;
  });
}
