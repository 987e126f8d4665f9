import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { supportInfo } from "@/lib/setup/report.ts";
import { checkSetup, lastReport } from "@/lib/setup/service.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { CheckList } from "@/lib/ui/setup/CheckList.tsx";
import { CredentialSteps } from "@/lib/ui/setup/CredentialSteps.tsx";
import { SupportInfo } from "@/lib/ui/setup/SupportInfo.tsx";
import { TryItNow } from "@/lib/ui/setup/TryItNow.tsx";
import {
  serviceSentence,
  setupHeadline,
  setupSections,
  setupSummary,
} from "@/lib/ui/setup_words.ts";

export const handler = define.handlers({
  /** Shows the last run. Asks nobody but the storage. */
  async GET(ctx) {
    const { services } = ctx.state;
    requireMay(ctx.state, "administer");
    const report = await lastReport(services);
    ctx.state.title = "Set-up";
    return page({
      report,
      support: supportInfo(services.setup, report),
      now: services.now().toISOString(),
    });
  },

  /** Runs the checks. */
  async POST(ctx) {
    requireMay(ctx.state, "administer");
    await checkSetup(ctx.state.services);
    return ctx.redirect("/admin/setup", 303);
  },
});

/** Whether the set-up works, what to mend, and how to see it working. */
export default define.page<typeof handler>(function Setup({ data, state }) {
  const { report, support, now } = data;
  const { service } = state.services.setup;
  const instead = serviceSentence(service);
  const hasDemo = state.config.appEnv !== "production";
  return (
    <Main width="staff">
      <div class="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1>{setupHeadline(report)}</h1>
          <p class="text-muted mt-1.5">
            {report === null
              ? "Nothing is asked before you say so. They are "
              : `${setupSummary(report, state.timeZone, now)}, `}
            the same checks as <code class="font-mono">test_twilio</code>.
          </p>
        </div>
        <form method="post">
          <button type="submit" class="btn btn-primary">
            <Icon name="refresh-cw" />
            {report === null ? "Run the checks" : "Run the checks again"}
          </button>
        </form>
      </div>
      {instead !== null && (
        <Note
          tone={service === "none" ? "fail" : "calm"}
          icon={service === "none" ? "circle-x" : "circle-alert"}
          class="mt-6"
        >
          <p>
            {instead}{" "}
            <a class="txt" href="#credentials">
              Where the credentials come from
            </a>
          </p>
        </Note>
      )}
      <div class="mt-7 grid gap-8 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_20rem] items-start">
        <div class="grid gap-7 grid-cols-[minmax(0,1fr)]">
          {report !== null &&
            setupSections(report).map((section) => (
              <CheckList key={section.id} {...section} />
            ))}
          <CredentialSteps />
          <SupportInfo text={support} />
        </div>
        <TryItNow hasDemo={hasDemo} />
      </div>
    </Main>
  );
});
