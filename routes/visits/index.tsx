import { page } from "fresh";
import type { Caller } from "@/lib/accounts/account.ts";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { countUnread } from "@/lib/messages/service.ts";
import type { Services } from "@/lib/services.ts";
import { listSessions } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { clock, date } from "@/lib/ui/times.ts";
import { visitAgenda } from "@/lib/ui/visit_agenda.ts";
import { VisitRow } from "@/lib/ui/VisitRow.tsx";
import { listVisits } from "@/lib/visits/service.ts";
import { viewVisit } from "@/lib/visits/view.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** The choices of the filter, by what stands in the address. */
const FILTERS = {
  open: { word: "Open", status: "OPEN" },
  closed: { word: "Closed", status: "CLOSED" },
  all: { word: "All", status: undefined },
} as const;

type Filter = keyof typeof FILTERS;

function filterOf(url: URL): Filter {
  const show = url.searchParams.get("show");
  return show !== null && Object.hasOwn(FILTERS, show)
    ? show as Filter
    : "open";
}

/** How many sessions one read answers at most. */
const SESSIONS_MAX = 100;

/** The sessions of these visits: in one read for most doctors, else visit by visit. */
async function sessionsOf(
  services: Services,
  caller: Caller,
  visits: readonly Visit[],
): Promise<Session[]> {
  if (visits.length === 0) return [];
  const all = await listSessions(services, caller, { limit: SESSIONS_MAX });
  if (all.next === null) return all.sessions;
  const pages = await Promise.all(
    visits.map(({ id: visitId }) =>
      listSessions(services, caller, { visitId })
    ),
  );
  return pages.flatMap(({ sessions }) => sessions);
}

export const handler = define.handlers({
  async GET(ctx) {
    const { services, timeZone } = ctx.state;
    const caller = requireMay(ctx.state, "agenda");
    const filter = filterOf(ctx.url);
    const { visits, next } = await listVisits(services, caller, {
      status: FILTERS[filter].status,
      cursor: ctx.url.searchParams.get("cursor") ?? undefined,
    });
    const sessions = await sessionsOf(services, caller, visits);
    const unread = await countUnread(services, caller);
    const now = services.now().toISOString();
    ctx.state.title = "Visits";
    return page({
      filter,
      unread: Object.fromEntries(unread),
      now,
      lines: visitAgenda(
        visits.map((visit) => viewVisit(visit, caller.actor)),
        sessions.map((session) => viewSession(session, caller.actor)),
        { timeZone, now },
      ),
      older: next === null
        ? null
        : `/visits?show=${filter}&cursor=${encodeURIComponent(next)}`,
    });
  },
});

/** The doctor's agenda. */
export default define.page<typeof handler>(function Visits({ data, state }) {
  const { filter, unread, now, lines, older } = data;
  const { timeZone } = state;
  const waiting = lines.find(({ waitingSince }) => waitingSince !== null);
  return (
    <Main width="staff">
      <p class="text-muted">{date(now, timeZone, now)}</p>
      <h1 class="mt-1">Visits</h1>
      {waiting !== undefined && (
        <section aria-label="Waiting now" class="mt-6">
          <Note tone="wait" icon="hourglass">
            <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
              <p>
                <strong>
                  {`${waiting.visit.patient.name} is in the waiting room`}
                </strong>
                {` since ${clock(waiting.waitingSince!, timeZone)}.`}
              </p>
              <a class="btn btn-primary w-full sm:w-auto" href={waiting.href}>
                Open visit
              </a>
            </div>
          </Note>
        </section>
      )}
      <nav class="seg mt-8" aria-label="Filter visits">
        {Object.entries(FILTERS).map(([show, { word }]) => (
          <a
            key={show}
            href={`/visits?show=${show}`}
            aria-current={show === filter ? "true" : undefined}
          >
            {word}
          </a>
        ))}
      </nav>
      {lines.length === 0
        ? <p class="sheet p-5 mt-4 text-muted">{EMPTY[filter]}</p>
        : (
          <ol class="sheet sheet-rows mt-4">
            {lines.map((line) => (
              <VisitRow
                key={line.visit.id}
                line={line}
                unread={unread[line.visit.id] ?? 0}
              />
            ))}
          </ol>
        )}
      {older !== null && (
        <p class="mt-4">
          <a class="txt-tap" href={older}>
            Older visits
            <Icon name="chevron-right" class="size-5 rtl:-scale-x-100" />
          </a>
        </p>
      )}
      <p class="mt-4 text-muted">
        Times are in <bdi>{timeZone}</bdi>, your time zone.
      </p>
    </Main>
  );
});

const EMPTY: Record<Filter, string> = {
  open: "No visit is open.",
  closed: "No visit is closed yet.",
  all: "There are no visits yet.",
};
