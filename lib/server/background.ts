import { logError } from "@/lib/log.ts";
import { NEVER } from "@/lib/never.ts";
import { newId } from "@/lib/new_id.ts";
import {
  reconcile,
  RECONCILERS,
  releaseLeases,
} from "@/lib/reconcilers/service.ts";
import type { Services } from "@/lib/services.ts";

/** Work that goes on besides the requests, until it is stopped. */
export interface Background {
  /** Ends it when the step that is under way is done; the rest is done after the next start. */
  stop(): Promise<void>;
}

/** Runs every reconciler in its rhythm for as long as the process lives. */
export function runInBackground(services: Services): Background {
  const owner = newId();
  const stopping = new AbortController();
  const { signal } = stopping;
  const loops = RECONCILERS.map(async (reconciler) => {
    let failures = 0;
    while (!signal.aborted) {
      const isWell = await reconcile(services, reconciler, owner, signal);
      failures = isWell ? 0 : failures + 1;
      await pause(pauseMs(reconciler.everyMs, failures), signal);
    }
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
      await releaseLeases(services, owner)
        .catch((error) => logError("Cannot release the leases", error));
    },
  };
}

/** While the storage is down there is nothing to do but to fill the log. */
const FAILING_PAUSE_MS = 10_000;

function pauseMs(everyMs: number, failures: number): number {
  return Math.max(everyMs, Math.min(FAILING_PAUSE_MS, failures * 1_000));
}

/** How long one run of the platform's scheduler works: it comes every minute. */
const CRON_RUN_MS = 50_000;

/**
 * The same by the platform's scheduler, where no process stays: each minute
 * one run that looks as often as a process would. To be called while the
 * main module is evaluated, as `Deno.cron` demands.
 */
export function runByCron(services: Services): void {
  Deno.cron("reconcilers", "* * * * *", async () => {
    const background = runInBackground(services);
    await pause(CRON_RUN_MS, NEVER);
    await background.stop();
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
