import { logError } from "@/lib/log.ts";

/** Other processes' writes are not watched on a shared SQLite file, so a look is taken this often anyway. */
const LOOK_MS = 5_000;

/**
 * Yields at once, whenever one of the keys (at most ten) changes, and every few
 * seconds; until the signal aborts. Bursts come as one.
 */
export async function* ticks(
  kv: Deno.Kv,
  keys: Deno.KvKey[],
  signal: AbortSignal,
): AsyncGenerator<void> {
  const reader = kv.watch(keys).getReader();
  let due = false;
  let wake = () => {};
  const tick = () => {
    due = true;
    wake();
  };
  const watching = (async () => {
    // The first event is the state as it is.
    while (!(await reader.read()).done) tick();
  })().catch((error) => logError("Cannot watch the storage", error));
  const look = setInterval(tick, LOOK_MS);
  signal.addEventListener("abort", tick, { once: true });
  try {
    while (!signal.aborted) {
      if (!due) await new Promise<void>((resolve) => wake = resolve);
      due = false;
      if (!signal.aborted) yield;
    }
  } finally {
    clearInterval(look);
    await reader.cancel();
    await watching;
  }
}
