import { ConfigError } from "@/lib/config.ts";
import type { CheckResult, SetupReport, Verdict } from "@/lib/setup/check.ts";
import { type Check, CHECKS } from "@/lib/setup/checks.ts";
import type { Probes } from "@/lib/setup/probes.ts";
import { withoutSecrets } from "@/lib/setup/settings.ts";
import { findReport, saveReport, tryStorage } from "@/lib/setup/store.ts";
import type { SetupTarget } from "@/lib/setup/target.ts";
import { openServerProbes } from "@/lib/setup/twilio_probes.ts";
import type { Services } from "@/lib/services.ts";

/** What a run of the checks needs besides what it examines. */
export interface ExamineOptions {
  /** Opens the storage that the settings name; whoever opened it closes it. */
  openKv(): Promise<Deno.Kv>;
  /** The time to note as that of the run. */
  now(): Date;
  /** Told of each result as it comes. */
  tell?(result: CheckResult): void;
  /** How long any server may take to answer. */
  timeoutMs?: number;
}

/** Runs every check against a set-up, and leaves nothing behind. */
export async function examine(
  target: SetupTarget,
  { openKv, now, tell, timeoutMs }: ExamineOptions,
): Promise<SetupReport> {
  const startedAt = now().toISOString();
  const probes = {
    ...openServerProbes(target, { timeoutMs }),
    ...storageProbes(openKv),
  };
  try {
    const results = await runChecks(probes, tell);
    return { service: target.service, startedAt, results };
  } finally {
    await probes.close();
  }
}

/** Runs every check in order; one that needs another which went wrong is skipped, and says because of which. */
export async function runChecks(
  probes: Probes,
  tell: (result: CheckResult) => void = () => {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  /** The headline of what went wrong first, by the check that it stopped. */
  const stopped = new Map<string, string>();
  for (const check of CHECKS) {
    const cause = check.needs.map((id) => stopped.get(id))
      .find((title) => title !== undefined);
    let result: CheckResult;
    if (cause === undefined) {
      const verdict = await check.run(probes);
      result = resultOf(check, verdict, probes.target);
      if (!verdict.carriesOn) stopped.set(check.id, result.title);
    } else {
      result = skipped(check, cause);
      stopped.set(check.id, cause);
    }
    results.push(result);
    tell(result);
  }
  return results;
}

function resultOf(
  { id, title, failed }: Check,
  verdict: Verdict,
  { environment }: SetupTarget,
): CheckResult {
  const { outcome, detail, remedy } = verdict;
  return {
    id,
    title: outcome === "ok" ? title : verdict.title ?? failed,
    outcome,
    detail: withoutSecrets(detail, environment),
    remedy: remedy === null ? null : withoutSecrets(remedy, environment),
  };
}

function skipped({ id, title }: Check, cause: string): CheckResult {
  return {
    id,
    title,
    outcome: "skipped",
    detail: `Not checked, because of: ${cause}`,
    remedy: null,
  };
}

function storageProbes(
  openKv: () => Promise<Deno.Kv>,
): Pick<Probes, "openStorage" | "tryStorage"> {
  let kv: Deno.Kv | null = null;
  return {
    async openStorage() {
      try {
        kv = await openKv();
        return null;
      } catch (error) {
        if (error instanceof ConfigError) return error.message;
        throw error;
      }
    },
    tryStorage: () => kv === null ? Promise.resolve(null) : tryStorage(kv),
  };
}

/** Runs that are under way: two admins who ask at once get one. */
const running = new WeakMap<Deno.Kv, Promise<SetupReport>>();

/** Runs the checks for the running app and keeps the results. */
export function checkSetup(
  { kv, now, setup }: Services,
): Promise<SetupReport> {
  const already = running.get(kv);
  if (already !== undefined) return already;
  const run = examine(setup, { openKv: () => Promise.resolve(kv), now })
    .then(async (report) => {
      await saveReport(kv, report);
      return report;
    })
    .finally(() => running.delete(kv));
  running.set(kv, run);
  return run;
}

/** The results of the last run in the app, or null if there was none with this video service. Asks nobody but the storage. */
export async function lastReport(
  { kv, setup }: Services,
): Promise<SetupReport | null> {
  const report = await findReport(kv);
  return report?.service === setup.service ? report : null;
}
