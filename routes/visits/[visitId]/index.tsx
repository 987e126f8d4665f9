import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { countUnread } from "@/lib/messages/service.ts";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { MessagesLink } from "@/lib/ui/messages/MessagesLink.tsx";
import { ProblemNote } from "@/lib/ui/ProblemNote.tsx";
import { fullMoment } from "@/lib/ui/times.ts";
import { VisitHeading } from "@/lib/ui/VisitHeading.tsx";
import { authorizeVisit } from "@/lib/visits/policy.ts";
import { closeVisit, getVisit } from "@/lib/visits/service.ts";
import { viewVisit } from "@/lib/visits/view.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const caller = requireCaller(ctx.state);
    const visit = await getVisit(services, caller, ctx.params.visitId!);
    authorizeVisit(caller.actor, "attend", visit);
    const unread = await countUnread(services, caller);
    ctx.state.title = `Visit of ${visit.patient.name}`;
    return page({
      visit: viewVisit(visit, caller.actor),
      unread: unread.get(visit.id) ?? 0,
      now: services.now().toISOString(),
    });
  },

  /** Closes the visit. */
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const id = ctx.params.visitId!;
    try {
      await closeVisit(ctx.state.services, caller, id);
      return ctx.redirect(`/visits/${id}`, 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.status !== 409) throw error;
      return ctx.redirect(`/visits/${id}?problem=${error.code}`, 303);
    }
  },
});

/** One visit: the facts, the way to its sessions, and closing it. */
export default define.page<typeof handler>(
  function Visit({ data, state, url }) {
    const { visit, unread, now } = data;
    const { timeZone } = state;
    const sessions = `/visits/${visit.id}/telemedicine`;
    const facts: [name: string, value: string | null][] = [
      ["Patient", visit.patient.name],
      ["Doctor", visit.doctor.name],
      ["Reason", visit.reason],
      ["Opened", fullMoment(visit.created_at, timeZone, now)],
      [
        "Closed",
        visit.closed_at === null
          ? null
          : fullMoment(visit.closed_at, timeZone, now),
      ],
    ];
    return (
      <Main width="reading">
        <Crumb href="/visits">Visits</Crumb>
        <VisitHeading visit={visit} />
        <ProblemNote url={url} />
        <dl class="sheet sheet-rows mt-7">
          {facts.map(([name, value]) =>
            value !== null && (
              <div
                key={name}
                class="px-5 py-3 sm:grid sm:grid-cols-[11rem_1fr]"
              >
                <dt class="text-muted">{name}</dt>
                <dd class="font-medium num">{value}</dd>
              </div>
            )
          )}
        </dl>
        <p class="mt-6 flex flex-wrap gap-3">
          <a
            class={`btn ${
              visit.status === "OPEN" ? "btn-primary" : "btn-quiet"
            }`}
            href={sessions}
          >
            <Icon name="video" />
            Telemedicine sessions
          </a>
          <MessagesLink
            visitId={visit.id}
            unread={unread}
            class="btn btn-quiet"
          />
        </p>
        {visit.actions.includes("close") && (
          <details class="sheet mt-8 px-5 sm:px-6 py-2">
            <summary class="min-h-11 py-2.5 font-semibold cursor-pointer">
              Close visit…
            </summary>
            <p class="mt-1">
              Scheduled sessions of this visit are cancelled, and no session can
              be added. A closed visit cannot be opened again.
            </p>
            <form method="post" class="mt-4 mb-4">
              <button type="submit" class="btn btn-quiet text-fail-ink">
                <Icon name="lock" />
                Close visit
              </button>
            </form>
          </details>
        )}
      </Main>
    );
  },
);
