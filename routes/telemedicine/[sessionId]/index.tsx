import { page, type RouteConfig } from "fresh";
import VideoCall, { type VideoCallProps } from "@/islands/VideoCall.tsx";
import type { Me } from "@/lib/call/people.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { getSession } from "@/lib/sessions/service.ts";
import { isOver } from "@/lib/sessions/session.ts";
import { type SessionView, viewSession } from "@/lib/sessions/view.ts";
import { DoctorPanel } from "@/lib/ui/call/DoctorPanel.tsx";
import Over from "@/lib/ui/call/Over.tsx";
import { DuskRoom } from "@/lib/ui/drawings.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Face } from "@/lib/ui/Face.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { SkipLink } from "@/lib/ui/Main.tsx";
import { moment } from "@/lib/ui/times.ts";

/** A page of its own: during the call nothing but the call is on it. */
export const config: RouteConfig = {
  skipInheritedLayouts: true,
  routeOverride: "/telemedicine/:sessionId{/}?",
};

interface CallPageData extends Pick<VideoCallProps, "video" | "when" | "now"> {
  me: Me;
  session: SessionView;
  /** What whoever looks at the page is called. */
  name: string;
}

/** Everything the call needs at first paint; what happens later comes from the API. */
export const handler = define.handlers({
  async GET(ctx) {
    const { state, params } = ctx;
    const { services } = state;
    const caller = requireCaller(state);
    const { actor } = caller;
    const session = viewSession(
      await getSession(services, caller, params.sessionId!),
      actor,
    );
    // What is true of it now is told where its request waits.
    if (actor.role === "patient" && session.returns_to_line) {
      return ctx.redirect(`/calls/${session.call_id}`, 303);
    }
    const now = services.now().toISOString();
    const other = actor.role === "doctor" ? session.patient : session.doctor;
    state.title = `Call with ${other.name}`;
    return page<CallPageData>({
      session,
      me: { identity: actor.accountId, role: actor.role },
      name: actor.name,
      video: services.video.client,
      when: moment(session.scheduled_start, state.timeZone, now),
      now,
    }, { headers: { "cache-control": "no-store" } });
  },
});

/** During the call, on a wide screen; the chat takes the panel's place. */
const PANEL_BESIDE =
  "lg:group-has-[[data-in-call]:not([data-chat])]:grid grid-cols-[minmax(0,1fr)_24rem]";

/** The call. Header and footer step aside by themselves while the call is on. */
export default define.page<typeof handler>(function CallPage({ data }) {
  const { session, me, name, video, when, now } = data;
  const { room_name: roomName, ...restOfSession } = session;
  const isDoctor = me.role === "doctor";
  return (
    <div class="group">
      <SkipLink />
      <header class="bg-base-100 border-b border-hem group-has-[[data-in-call]]:hidden">
        <div class="mx-auto max-w-5xl px-4 sm:px-6 flex items-center gap-4 min-h-16">
          <a
            class="crumb -ms-1"
            href={isDoctor
              ? `/visits/${session.visit_id}/telemedicine`
              : "/patient-portal/telemedicine"}
          >
            <Icon name="arrow-left" class="size-5 rtl:-scale-x-100" />
            {isDoctor ? "Visit" : "Sessions"}
          </a>
          <span class="ms-auto flex items-center gap-2">
            <Face name={name} />
            <span class="sr-only sm:not-sr-only font-medium">{name}</span>
          </span>
        </div>
      </header>
      <div class="hidden group-has-[[data-waiting]]:block mx-auto max-w-2xl px-4 sm:px-0 pt-6 -mb-2">
        <DuskRoom class="w-full rounded-box aspect-[2.4]" />
      </div>
      {isOver(session.status)
        ? (
          <main id="main" class="mx-auto max-w-5xl px-4 sm:px-6 py-6 sm:py-10">
            <Over session={session} me={me} />
          </main>
        )
        : (
          <div class={isDoctor ? PANEL_BESIDE : ""}>
            <VideoCall
              roomName={roomName}
              identity={me.identity}
              session={restOfSession}
              video={video}
              when={when}
              now={now}
            />
            {isDoctor && (
              <DoctorPanel
                session={session}
                when={when}
                class="hidden group-has-[[data-in-call]]:flex lg:group-has-[[data-chat]]:hidden"
              />
            )}
          </div>
        )}
      <noscript>
        <p class="mx-auto max-w-5xl px-4 sm:px-6 pb-6">
          The call itself needs JavaScript. Please switch it on for this page,
          or call the clinic.
        </p>
      </noscript>
      {!isDoctor && (
        <footer class="mx-auto max-w-5xl px-4 sm:px-6 pb-8 group-has-[[data-in-call]]:hidden">
          <Emergency />
        </footer>
      )}
    </div>
  );
});
