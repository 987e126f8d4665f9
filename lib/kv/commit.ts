import { AppError } from "@/lib/errors.ts";

/** What one attempt of a read-decide-commit came to: it landed, or somebody else was faster. */
export type Attempt<T> = { ok: true; value: T } | { ok: false };

/** An attempt that lost: everything has to be read again. */
export const LOST = { ok: false } as const;

const ATTEMPTS = 12;
const DELAY_MS_MAX = 64;

/**
 * Runs a whole read-decide-commit until its commit lands. Lost races and
 * SQLite's "database is locked" (another process writes) start it over after
 * a short random wait; anything else is thrown as it is. Throws
 * `storage_busy` when the last attempt loses too.
 */
export async function untilCommitted<T>(
  attempt: () => Promise<Attempt<T>>,
): Promise<T> {
  for (let n = 1; n <= ATTEMPTS; n++) {
    const result = await attempt().catch((error) => {
      if (isLocked(error)) return LOST;
      throw error;
    });
    if (result.ok) return result.value;
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
  return error instanceof Error && error.message.includes("database is locked");
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
