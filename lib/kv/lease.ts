import { AppError } from "@/lib/errors.ts";

/** What a commit checks besides its own keys: asked for at the last moment. Throws when there is nothing left to guard. */
export type Guard = () => Deno.AtomicCheck;

/** Who holds a lease, and until when. `fence` grows with every new holder. */
interface LeaseRow {
  owner: string;
  fence: number;
  until: string;
}

const LEASE_MS = 15_000;
/** Renewed when less than this is left; until then holding it costs a read. */
const RENEW_MS = 10_000;
/** How often somebody who works for long goes on holding it. */
const KEEP_MS = 5_000;

/** The right to do something alone, for a while. */
export interface Lease {
  /**
   * The check that makes a commit fail if the lease is somebody else's by
   * then: a holder that was stopped for a minute cannot do harm when it wakes.
   */
  guard: Guard;
  /** Goes on holding it. Throws `conflict` if somebody else took it meanwhile. */
  keep(): Promise<void>;
  /** Lets the next one have it at once. */
  release(): Promise<void>;
}

const leaseKey = (name: string) => ["lease", name];

/**
 * Takes a lease, or answers null while somebody else holds it. Who holds it
 * already goes on. A clock that is wrong costs time here, never safety: that
 * is what the guard is for.
 */
export async function takeLease(
  kv: Deno.Kv,
  name: string,
  owner: string,
  now: () => Date,
): Promise<Lease | null> {
  const key = leaseKey(name);
  let versionstamp: string | null = null;

  async function hold(): Promise<boolean> {
    const entry = await kv.get<LeaseRow>(key);
    const row = entry.value;
    const left = row === null ? 0 : Date.parse(row.until) - now().getTime();
    const isOwn = row?.owner === owner;
    if (!isOwn && left > 0) return false;
    // Somebody else's, though over, is not to be guarded by until it is taken.
    if (isOwn) versionstamp = entry.versionstamp;
    if (isOwn && left > RENEW_MS) return true;
    const renewed: LeaseRow = {
      owner,
      fence: (row?.fence ?? 0) + (isOwn ? 0 : 1),
      until: new Date(now().getTime() + LEASE_MS).toISOString(),
    };
    const result = await kv.atomic().check(entry).set(key, renewed).commit();
    // Somebody else was faster, who may be this very holder doing two things.
    if (!result.ok) return await hold();
    versionstamp = result.versionstamp;
    return true;
  }

  if (!await hold()) return null;
  return {
    guard: () => ({ key, versionstamp }),
    async keep() {
      if (!await hold()) throw lost(name);
    },
    async release() {
      const entry = await kv.get<LeaseRow>(key);
      if (entry.value?.owner !== owner) return;
      const over = { ...entry.value, until: now().toISOString() };
      await kv.atomic().check(entry).set(key, over).commit();
    },
  };
}

/** Goes on holding the lease for as long as the work takes. Whether it is lost meanwhile is what its guard says. */
export async function whileHeld(
  lease: Lease,
  work: () => Promise<void>,
): Promise<void> {
  let keeping = Promise.resolve();
  const timer = setInterval(() => {
    keeping = keeping.then(() => lease.keep()).catch(() => {});
  }, KEEP_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
    await keeping;
  }
}

function lost(name: string): AppError {
  return new AppError("conflict", `The lease "${name}" is somebody else's now`);
}
