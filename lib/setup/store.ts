import { untilCommitted } from "@/lib/kv/commit.ts";
import { newId } from "@/lib/new_id.ts";
import type { SetupReport } from "@/lib/setup/check.ts";
import type { StorageReply } from "@/lib/setup/probes.ts";

const REPORT = ["setup", "report"];
/** Should the process die in between, the probe's key goes by itself. */
const PROBE_MS = 60_000;

/** Writes a key of its own, reads it and deletes it, and times it. Answers null if that failed. */
export async function tryStorage(kv: Deno.Kv): Promise<StorageReply | null> {
  const key = ["setup", "probe", newId()];
  const value = crypto.randomUUID();
  try {
    const start = performance.now();
    await commit(kv, (op) => op.set(key, value, { expireIn: PROBE_MS }));
    const commitMs = performance.now() - start;
    const found = (await kv.get<string>(key)).value;
    await commit(kv, (op) => op.delete(key));
    const left = (await kv.get(key)).value;
    return { kept: found === value && left === null, commitMs };
  } catch {
    return null;
  }
}

/** The results of the last run, or null if there was none. */
export async function findReport(kv: Deno.Kv): Promise<SetupReport | null> {
  return (await kv.get<SetupReport>(REPORT)).value;
}

/** Keeps the results of a run; those of the one before are gone. */
export async function saveReport(
  kv: Deno.Kv,
  report: SetupReport,
): Promise<void> {
  await commit(kv, (op) => op.set(REPORT, report));
}

/** One commit, also while another process holds the file. */
function commit(
  kv: Deno.Kv,
  fill: (operation: Deno.AtomicOperation) => Deno.AtomicOperation,
): Promise<void> {
  return untilCommitted(async () => {
    await fill(kv.atomic()).commit();
    return { ok: true, value: undefined };
  });
}
