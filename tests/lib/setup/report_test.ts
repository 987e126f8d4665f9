import assert from "node:assert/strict";
import fc from "fast-check";
import { fail, type SetupReport, warn } from "@/lib/setup/check.ts";
import {
  hasPassed,
  renderEnd,
  renderJson,
  renderResult,
  supportInfo,
} from "@/lib/setup/report.ts";
import { readSettings, withoutSecrets } from "@/lib/setup/settings.ts";
import { twilioTarget } from "@/lib/setup/target.ts";
import { CREDENTIALS, examined, OTHERS, resultOf } from "./set_up.ts";

const SECRETS = [CREDENTIALS, OTHERS].flatMap((credentials) => [
  credentials.TWILIO_AUTH_TOKEN,
  credentials.TWILIO_API_KEY_SECRET,
]);

/** Everything that is ever shown of a report. */
function everything(
  report: SetupReport,
  environment: Record<string, string>,
): string {
  return [
    ...report.results.map(renderResult),
    renderEnd(report),
    renderJson(report),
    supportInfo(twilioTarget(environment), report),
  ].join("\n");
}

function assertNoSecret(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) assert(!text.includes(secret), "a secret");
}

Deno.test("report: a set-up that is well passes, with its literal words", async () => {
  const report = await examined();
  assert(hasPassed(report));
  assert.equal(
    renderResult(resultOf(report, "api_key_account")),
    "[OK] API Key belongs to the correct account",
  );
  assert.match(renderEnd(report), /\n\[SUCCESS\] All Twilio tests passed!$/);
  assertNoSecret(everything(report, CREDENTIALS), SECRETS);
});

Deno.test("report: warnings do not fail, errors do, and each says what to do", () => {
  const report = (outcome: "warning" | "error"): SetupReport => {
    const { detail, remedy } = (outcome === "warning" ? warn : fail)({
      detail: "It drips.",
      remedy: "Find the tap.\nClose it.",
    });
    return {
      service: "twilio",
      startedAt: "2026-11-21T12:00:00.000Z",
      results: [{ id: "tap", title: "The tap", outcome, detail, remedy }],
    };
  };
  const warning = report("warning");
  assert.equal(
    renderResult(warning.results[0]!),
    "[WARNING] The tap\n    It drips.\n    - Find the tap.\n    - Close it.",
  );
  assert.match(renderEnd(warning), /\[SUCCESS\]/);
  assert.doesNotMatch(renderEnd(report("error")), /\[SUCCESS\]/);
  assert.equal(JSON.parse(renderJson(warning)).passed, true);
  assert.deepEqual(JSON.parse(renderJson(report("error"))), {
    service: "twilio",
    started_at: "2026-11-21T12:00:00.000Z",
    passed: false,
    counts: { ok: 0, warning: 0, error: 1, skipped: 0 },
    checks: report("error").results,
  });
});

Deno.test("report: whatever is skipped says because of which", async () => {
  const report = await examined({
    environment: { TWILIO_API_KEY_SECRET: "wrong-secret-wrong-secret" },
  });
  const { outcome, detail } = resultOf(report, "client_rooms");
  assert.equal(outcome, "skipped");
  assert.match(detail, /because of: Unable to fetch record: Authenticate$/);
  assertNoSecret(everything(report, CREDENTIALS), SECRETS);
});

/** Settings as people get them wrong: left out, cut, swapped. */
const wrongSettings = fc.record(
  Object.fromEntries(
    Object.keys(CREDENTIALS).map((name) => [
      name,
      fc.constantFrom("", "AC0123", ...Object.values(CREDENTIALS)),
    ]),
  ) as Record<keyof typeof CREDENTIALS, fc.Arbitrary<string>>,
);

Deno.test("report: no mixture of settings shows a secret, and what is skipped has a cause above it", async () => {
  await fc.assert(
    fc.asyncProperty(wrongSettings, async (environment) => {
      const report = await examined({ environment });
      const sids = [
        CREDENTIALS.TWILIO_ACCOUNT_SID,
        CREDENTIALS.TWILIO_API_KEY_SID,
      ];
      assertNoSecret(everything(report, environment), [...SECRETS, ...sids]);
      const wrong = new Set<string>();
      for (const { outcome, title, detail, remedy } of report.results) {
        if (outcome === "skipped") {
          assert(wrong.has(detail.replace(/^.*because of: /, "")), detail);
        } else if (outcome !== "ok") {
          wrong.add(title);
          assert.notEqual(remedy, null);
        }
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("settings: what is secret by its name is taken out of any text", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "X_PASSWORD"),
      fc.string({ minLength: 6 }),
      fc.string(),
      fc.string(),
      (name, secret, before, after) => {
        const safe = withoutSecrets(before + secret + after, {
          [name]: secret,
          TWILIO_ACCOUNT_SID: "kept",
        });
        return !safe.includes(secret) || "[hidden]".includes(secret);
      },
    ),
  );
  assert.equal(withoutSecrets("kept", { TWILIO_ACCOUNT_SID: "kept" }), "kept");
});

Deno.test("settings: older names count where there are none of today", () => {
  const { apiKeySid, apiKeySecret, conflicts } = readSettings({
    TWILIO_API_KEY: "old key",
    TWILIO_API_SECRET: "old secret",
    TWILIO_API_KEY_SID: "  ",
  });
  assert.deepEqual([apiKeySid, apiKeySecret], ["old key", "old secret"]);
  assert.deepEqual(conflicts.length, 1);
});
