import { AppError } from "@/lib/errors.ts";
import { storageFailure } from "@/lib/kv/failure.ts";

/** What one attempt of a read-decide-commit came to: it landed, or somebody else was faster. */
export type Attempt<T> = { ok: true; value: T } | { ok: false };

/** An attempt that lost: everything has to be read again. */
export const LOST = { ok: false } as const;

const ATTEMPTS = 12;
const DELAY_MS_MAX = 64;
/** Nobody waits longer for SQLite's lock; a single attempt can take this long. */
const WAIT_MS_MAX = 5_000;

/**
 * Runs a whole read-decide-commit until its commit lands. Lost races and
 * SQLite's "database is locked" (another process writes) start it over after
 * a short random wait; anything else is thrown as it is. Throws
 * `storage_busy` when the last attempt loses too, or it takes too long.
 */
export async function untilCommitted<T>(
  attempt: () => Promise<Attempt<T>>,
): Promise<T> {
  const startedAt = performance.now();
  for (let n = 1; n <= ATTEMPTS; n++) {
    const result = await attempt().catch((error) => {
      if (isLocked(error)) return LOST;
      throw error;
    });
    if (result.ok) return result.value;
    if (performance.now() - startedAt > WAIT_MS_MAX) break;
    await sleep(Math.random() * Math.min(DELAY_MS_MAX, 2 ** n));
  }
  throw new AppError(
    "storage_busy",
    "Cannot commit: the record keeps changing",
    {
      retryAfterSeconds: 1,
    },
  );
}

/** Whether the commit failed only because another process held SQLite's write lock. */
function isLocked(error: unknown): boolean {
  return storageFailure(error)?.code === "storage_busy";
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
