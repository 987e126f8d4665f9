import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { countUnread } from "@/lib/messages/service.ts";
import { listSessions } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { MessagesTile } from "@/lib/ui/messages/MessagesTile.tsx";
import { NextSession } from "@/lib/ui/NextSession.tsx";
import { agenda, firstName } from "@/lib/ui/session_words.ts";
import { greeting } from "@/lib/ui/times.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const { actor } = requireMay(ctx.state, "portal");
    const { sessions, next } = await listSessions(
      services,
      ctx.state.caller!,
      {},
    );
    const { ahead, past } = agenda(
      sessions.map((session) => viewSession(session, actor)),
    );
    const unread = await countUnread(services, ctx.state.caller!);
    ctx.state.title = "Home";
    return page({
      name: firstName(actor.name),
      nextSession: ahead[0] ?? null,
      unread: [...unread.values()].reduce((sum, count) => sum + count, 0),
      // Of a long history only a part was read, so there is nothing honest to count.
      counts: next === null
        ? `${ahead.length} ahead, ${past.length} past`
        : "All your sessions",
      now: services.now().toISOString(),
    });
  },
});

/** The patient's home: what is next, and the way to everything else. */
export default define.page<typeof handler>(function Dashboard({ data, state }) {
  const { name, nextSession, unread, counts, now } = data;
  const { timeZone } = state;
  return (
    <Main width="patient">
      <h1>{`${greeting(timeZone, now)}, ${name}`}</h1>
      <div class="mt-6 grid gap-6 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] items-start">
        <NextSession session={nextSession} timeZone={timeZone} now={now} />
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
      <Emergency class="mt-8" />
    </Main>
  );
});
