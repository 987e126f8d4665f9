import { page } from "fresh";
import { findOpenCall, getOutlook } from "@/lib/calls/service.ts";
import { viewCall } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { countUnread } from "@/lib/messages/service.ts";
import { listSessions } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { AskForCall } from "@/lib/ui/calls/AskForCall.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { LeftNote } from "@/lib/ui/LeftNote.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { MessagesTile } from "@/lib/ui/messages/MessagesTile.tsx";
import { NextSession } from "@/lib/ui/NextSession.tsx";
import { agenda, firstName } from "@/lib/ui/session_words.ts";
import { greeting } from "@/lib/ui/times.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const caller = requireMay(ctx.state, "portal");
    const { actor } = caller;
    const { sessions, next } = await listSessions(services, caller, {});
    const views = sessions.map((session) => viewSession(session, actor));
    const { ahead, past } = agenda(views);
    const unread = await countUnread(services, caller);
    const open = await findOpenCall(services, caller);
    const leftId = ctx.url.searchParams.get("left");
    ctx.state.title = "Home";
    return page({
      name: firstName(actor.name),
      nextSession: ahead[0] ?? null,
      unread: [...unread.values()].reduce((sum, count) => sum + count, 0),
      // Of a long history only a part was read, so there is nothing honest to count.
      counts: next === null
        ? `${ahead.length} ahead, ${past.length} past`
        : "All your sessions",
      openCall: open === null ? null : viewCall(open, actor),
      outlook: await getOutlook(services, caller),
      left: views.find(({ id }) => id === leftId) ?? null,
      now: services.now().toISOString(),
    });
  },
});

/** The patient's home: what is next, and the way to everything else. */
export default define.page<typeof handler>(function Dashboard({ data, state }) {
  const { name, nextSession, unread, counts, now, left } = data;
  const { timeZone } = state;
  return (
    <Main width="patient">
      <h1>{`${greeting(timeZone, now)}, ${name}`}</h1>
      {left !== null && <LeftNote session={left} />}
      <div class="mt-6 grid gap-6 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] items-start">
        <NextSession session={nextSession} timeZone={timeZone} now={now} />
        <div class="grid gap-3">
          <AskForCall
            openCall={data.openCall}
            outlook={data.outlook}
          />
          <nav class="grid gap-4" aria-label="Your care">
            <div class="tile">
              <span class="tile-ico">
                <Icon name="calendar-clock" />
              </span>
              <div>
                <a
                  class="tile-act"
                  href="/patient-portal/telemedicine"
                  aria-describedby="telemedicine-more"
                >
                  Telemedicine
                </a>
                <span class="text-muted" id="telemedicine-more">{counts}</span>
              </div>
              <Icon
                name="chevron-right"
                class="size-5 ms-auto text-muted rtl:-scale-x-100"
              />
            </div>
            <MessagesTile unread={unread} />
          </nav>
        </div>
      </div>
      <Emergency class="mt-8" />
    </Main>
  );
});
