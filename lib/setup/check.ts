/** What became of a check. Only `error` means that the set-up does not work. */
export type Outcome = "ok" | "warning" | "error" | "skipped";

/** One check of the set-up, done. No secret is in it. */
export interface CheckResult {
  id: string;
  /** What was found, as a headline. */
  title: string;
  outcome: Outcome;
  /** More about it, in a sentence; empty if the title says it all. */
  detail: string;
  /** What to do, one step per line; null where nothing has to be done. */
  remedy: string | null;
}

/** What a check found; its headline comes from the table unless it says its own. */
export interface Verdict {
  outcome: "ok" | "warning" | "error";
  title?: string;
  detail: string;
  remedy: string | null;
  /** Whether checks that need this one can run. An error always keeps them from it. */
  carriesOn: boolean;
}

/** What a warning or an error says. */
export interface Finding {
  /** Instead of the check's own headline. */
  title?: string;
  detail: string;
  /** One step per line. */
  remedy: string;
}

/** It is as it should be. */
export function ok(detail = ""): Verdict {
  return { outcome: "ok", detail, remedy: null, carriesOn: true };
}

/** It works, but somebody should look at it. With `carriesOn: false` it leaves later checks nothing to work with. */
export function warn(
  { carriesOn = true, ...finding }: Finding & { carriesOn?: boolean },
): Verdict {
  return { outcome: "warning", ...finding, carriesOn };
}

/** It does not work. */
export function fail(finding: Finding): Verdict {
  return { outcome: "error", ...finding, carriesOn: false };
}

/** All results of one run. */
export interface SetupReport {
  /** What was examined: Twilio, an emulator of it, its own or built in, or nothing, because no credentials are set. */
  service: "twilio" | "external_emulator" | "emulator" | "none";
  /** ISO 8601, UTC. */
  startedAt: string;
  results: CheckResult[];
}

/** How many checks came to what. */
export function countOutcomes(
  results: readonly CheckResult[],
): Record<Outcome, number> {
  const counts = { ok: 0, warning: 0, error: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}
