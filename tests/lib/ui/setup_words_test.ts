import assert from "node:assert/strict";
import type { CheckResult, Outcome, SetupReport } from "@/lib/setup/check.ts";
import {
  serviceSentence,
  setupHeadline,
  setupSections,
  setupSummary,
} from "@/lib/ui/setup_words.ts";

function reportOf(
  outcomes: Outcome[],
  service: SetupReport["service"] = "twilio",
): SetupReport {
  return {
    service,
    startedAt: "2026-11-20T12:05:00.000Z",
    results: outcomes.map((outcome, index): CheckResult => ({
      id: `check_${index}`,
      title: `Check ${index}`,
      outcome,
      detail: "",
      remedy: null,
    })),
  };
}

Deno.test("the set-up's headline is what was found", () => {
  const headlines: [SetupReport | null, string][] = [
    [null, "The set-up has not been checked yet"],
    [reportOf(["ok", "error"]), "One thing to fix before real visits"],
    [
      reportOf(["error", "error", "warning", "skipped"]),
      "2 things to fix before real visits",
    ],
    [reportOf(["ok", "warning"]), "Works, with one thing to look at"],
    [reportOf(["warning", "warning"]), "Works, with 2 things to look at"],
    [reportOf(["ok"]), "Everything is ready for real visits"],
    [reportOf(["ok"], "emulator"), "Everything works on the emulator"],
    [
      reportOf(["ok"], "external_emulator"),
      "Everything works on the emulator",
    ],
  ];
  for (const [report, headline] of headlines) {
    assert.equal(setupHeadline(report), headline);
  }
});

Deno.test("what stands in for Twilio is told as it is", () => {
  assert.equal(serviceSentence("twilio"), null);
  assert.match(serviceSentence("none")!, /every call is refused/);
  assert.match(serviceSentence("emulator")!, /built-in .* on this machine/);
  const external = serviceSentence("external_emulator")!;
  assert.match(external, /TWILIO_BASE_URL names a Twilio emulator/);
  assert.doesNotMatch(external, /built-in|this machine/);
});

Deno.test("errors come before warnings, and empty groups are left out", () => {
  const sections = setupSections(
    reportOf(["warning", "ok", "error", "warning"]),
  );
  assert.deepEqual(
    sections.map(({ title, results, isFolded }) => [
      title,
      results.map(({ id }) => id),
      isFolded,
    ]),
    [
      ["Needs you", ["check_2", "check_0", "check_3"], false],
      ["Working", ["check_1"], true],
    ],
  );
  // Where nothing is urgent there is nothing to fold for.
  assert.equal(setupSections(reportOf(["ok"]))[0]?.isFolded, false);
});

Deno.test("the set-up's summary counts, and says when", () => {
  const report = reportOf(["ok", "warning"]);
  assert.equal(
    setupSummary(report, "UTC", "2026-11-20T13:00:00.000Z"),
    "1 of 2 checks pass. Last run today 12:05",
  );
  assert.equal(
    setupSummary(report, "UTC", "2026-11-30T13:00:00.000Z"),
    "1 of 2 checks pass. Last run on Friday 20 November, 12:05",
  );
});
