import {
  type CheckResult,
  countOutcomes,
  type Outcome,
  type SetupReport,
} from "@/lib/setup/check.ts";
import type { IconName } from "@/lib/ui/icons.ts";
import { clock, day } from "@/lib/ui/times.ts";

/** How an outcome is shown: to the eye and to the ear. */
export interface OutcomeLook {
  icon: IconName;
  /** A utility for its colour. */
  colour: string;
  /** What a screen reader says before the headline. */
  said: string;
}

/** How each outcome is shown. */
export const LOOKS: Record<Outcome, OutcomeLook> = {
  error: { icon: "circle-x", colour: "text-fail-ink", said: "Fix this:" },
  warning: {
    icon: "triangle-alert",
    colour: "text-wait-ink",
    said: "Look at this:",
  },
  skipped: { icon: "ban", colour: "text-muted", said: "Not checked:" },
  ok: { icon: "circle-check", colour: "text-live-ink", said: "Done:" },
};

/** Results that belong together on the page. */
export interface SetupSection {
  id: string;
  title: string;
  results: CheckResult[];
  /** Whether one has to open it to see the results. */
  isFolded: boolean;
}

const NEEDS_SOMEBODY: Outcome[] = ["error", "warning"];

const SECTIONS: [id: string, title: string, outcomes: Outcome[]][] = [
  ["needs-you", "Needs you", NEEDS_SOMEBODY],
  ["not-checked", "Not checked", ["skipped"]],
  ["working", "Working", ["ok"]],
];

/**
 * The results as the page groups them: what needs somebody first, errors before
 * warnings; then the rest is folded away. Empty groups are left out.
 */
export function setupSections({ results }: SetupReport): SetupSection[] {
  const isUrgent = ({ outcome }: CheckResult) =>
    NEEDS_SOMEBODY.includes(outcome);
  return SECTIONS.map(([id, title, outcomes]) => ({
    id,
    title,
    isFolded: outcomes !== NEEDS_SOMEBODY && results.some(isUrgent),
    results: outcomes.flatMap((wanted) =>
      results.filter(({ outcome }) => outcome === wanted)
    ),
  })).filter(({ results }) => results.length > 0);
}

/** What it all comes to, in one line. */
export function setupHeadline(report: SetupReport | null): string {
  if (report === null) return "The set-up has not been checked yet";
  const { error, warning } = countOutcomes(report.results);
  if (error > 0) return `${things(error)} to fix before real visits`;
  if (warning > 0) {
    return `Works, with ${things(warning).toLowerCase()} to look at`;
  }
  return report.service === "twilio"
    ? "Everything is ready for real visits"
    : "Everything works on the emulator";
}

function things(count: number): string {
  return count === 1 ? "One thing" : `${count} things`;
}

/** What is in use instead of Twilio, in one sentence; null: Twilio. */
export function serviceSentence(
  service: SetupReport["service"],
): string | null {
  switch (service) {
    case "twilio":
      return null;
    case "none":
      return "No Twilio credentials are set, so every call is refused.";
    case "emulator":
      return "The built-in Twilio emulator is in use: calls stay on this machine.";
    case "external_emulator":
      return "TWILIO_BASE_URL names a Twilio emulator: calls go there, not to Twilio.";
  }
}

/** How many checks pass, and when that was. */
export function setupSummary(
  { results, startedAt }: SetupReport,
  timeZone: string,
  now: string,
): string {
  const when = day(startedAt, timeZone, now);
  const near = when === "Today" || when === "Yesterday";
  return `${countOutcomes(results).ok} of ${results.length} checks pass. ` +
    `Last run ${near ? when.toLowerCase() : `on ${when},`} ${
      clock(startedAt, timeZone)
    }`;
}
