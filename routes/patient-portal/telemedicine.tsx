import { page } from "fresh";
import PatientSessionList from "@/islands/PatientSessionList.tsx";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { listSessions } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { ProblemNote } from "@/lib/ui/ProblemNote.tsx";

const HERE = "/patient-portal/telemedicine";

export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const caller = requireMay(ctx.state, "portal");
    const cursor = ctx.url.searchParams.get("cursor") ?? undefined;
    const { sessions, next } = await listSessions(services, caller, { cursor });
    ctx.state.title = "Telemedicine";
    return page({
      sessions: sessions.map((session) => viewSession(session, caller.actor)),
      now: services.now().toISOString(),
      isPast: cursor !== undefined,
      older: next === null
        ? null
        : `${HERE}?cursor=${encodeURIComponent(next)}`,
    });
  },
});

/** The patient's own sessions. */
export default define.page<typeof handler>(
  function Telemedicine({ data, state, url }) {
    const { sessions, now, isPast, older } = data;
    return (
      <Main width="reading">
        <h1>Telemedicine</h1>
        <ProblemNote url={url} />
        <PatientSessionList
          sessions={sessions}
          visitId={null}
          timeZone={state.timeZone}
          now={now}
          live={!isPast}
          leftId={url.searchParams.get("left")}
        />
        {older !== null && (
          <p class="mt-4">
            <a class="txt-tap" href={older}>
              Older sessions
              <Icon name="chevron-right" class="size-5 rtl:-scale-x-100" />
            </a>
          </p>
        )}
        <Emergency class="mt-8" />
      </Main>
    );
  },
);
