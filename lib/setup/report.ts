import {
  type CheckResult,
  countOutcomes,
  type Outcome,
  type SetupReport,
} from "@/lib/setup/check.ts";
import { masked, readSettings } from "@/lib/setup/settings.ts";
import type { SetupTarget } from "@/lib/setup/target.ts";

const TAGS: Record<Outcome, string> = {
  ok: "[OK]",
  warning: "[WARNING]",
  error: "[ERROR]",
  skipped: "[SKIPPED]",
};

const SERVICES: Record<SetupReport["service"], string> = {
  twilio: "Twilio",
  external_emulator: "a Twilio emulator, as TWILIO_BASE_URL says",
  emulator:
    "the built-in Twilio emulator, because no Twilio credentials are set",
  none: "no video service, because no Twilio credentials are set",
};

/** What is examined, before the first result. */
export function renderOpening({ service }: SetupTarget): string {
  return `Checking the set-up with ${SERVICES[service]}.`;
}

/** One result for a terminal: the headline, and what to do if something is. */
export function renderResult(
  { outcome, title, detail, remedy }: CheckResult,
): string {
  const headline = `${TAGS[outcome]} ${title}`;
  if (outcome === "ok") {
    return detail === "" ? headline : `${headline} (${detail})`;
  }
  return [
    headline,
    ...(detail === "" ? [] : [`    ${detail}`]),
    ...(remedy?.split("\n").map((step) => `    - ${step}`) ?? []),
  ].join("\n");
}

/** What it all comes to, in one line. */
export function renderEnd(report: SetupReport): string {
  const { ok, warning, error, skipped } = countOutcomes(report.results);
  const counts =
    `${ok} ok, ${warning} to look at, ${error} failed, ${skipped} skipped`;
  return error === 0
    ? `${counts}\n[SUCCESS] All Twilio tests passed!`
    : `${counts}\n[FAILED] Something has to be mended first; see above.`;
}

/** The report for programs. */
export function renderJson(report: SetupReport): string {
  return JSON.stringify(
    {
      service: report.service,
      started_at: report.startedAt,
      passed: hasPassed(report),
      counts: countOutcomes(report.results),
      checks: report.results,
    },
    null,
    2,
  );
}

/** Whether nothing failed. Warnings do not count. */
export function hasPassed({ results }: SetupReport): boolean {
  return countOutcomes(results).error === 0;
}

/**
 * What to send along when asking for help (row S3.49): which settings there
 * are, without what they say, and every result. No secret and nobody's name.
 */
export function supportInfo(
  target: SetupTarget,
  report: SetupReport | null,
): string {
  const settings = readSettings(target.environment);
  const set = (value: string | null) => value === null ? "not set" : "set";
  const sid = (value: string | null) =>
    value === null
      ? "not set"
      : /^(AC|SK)[0-9a-f]{32}$/i.test(value)
      ? masked(value)
      : "set, but malformed";
  return [
    "Bedside set-up",
    `APP_ENV: ${settings.appEnv}`,
    `Video service: ${SERVICES[target.service]}`,
    `Callbacks to: ${target.callbackOrigin ?? "nowhere"}`,
    `TWILIO_ACCOUNT_SID: ${sid(settings.accountSid)}`,
    `TWILIO_AUTH_TOKEN: ${set(settings.authToken)}`,
    `TWILIO_API_KEY_SID: ${sid(settings.apiKeySid)}`,
    `TWILIO_API_KEY_SECRET: ${set(settings.apiKeySecret)}`,
    ...(report === null ? ["The checks have not been run."] : [
      `Checked: ${report.startedAt}`,
      ...report.results.map(renderResult),
    ]),
  ].join("\n");
}
