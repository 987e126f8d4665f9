import { page } from "fresh";
import { Head } from "fresh/runtime";
import CallWait from "@/islands/CallWait.tsx";
import { noteWaitingPatient } from "@/lib/calls/presence_service.ts";
import { getCall } from "@/lib/calls/service.ts";
import { type CallView, viewCall } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { isOver } from "@/lib/sessions/session.ts";
import { DuskRoom } from "@/lib/ui/drawings.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { otherModeWords } from "@/lib/ui/wait_words.ts";
import { Main } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { ProblemNote } from "@/lib/ui/ProblemNote.tsx";
import { MODES } from "@/lib/ui/queue_words.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const { actor } = caller;
    const seen = await getCall(ctx.state.services, caller, ctx.params.id!);
    await noteWaitingPatient(ctx.state.services, caller, seen.call);
    // Doctors see who waits in their queue.
    if (actor.role === "doctor") return ctx.redirect("/doctor/queue", 303);
    const call = viewCall(seen, actor);
    const { session } = call;
    if (
      session !== null && isOver(session.status) && !session.returns_to_line
    ) return ctx.redirect(`/telemedicine/${session.id}`, 303);
    ctx.state.title = "Waiting for a doctor";
    const asked = ctx.url.searchParams.get("asked");
    return page({ call, asked }, { headers: { "cache-control": "no-store" } });
  },
});

/** The patient's place in the queue. Without script it looks again by itself. */
export default define.page<typeof handler>(function CallPage({ data, url }) {
  const { call, asked } = data;
  const otherMode = otherModeWords(call, asked);
  const goesOn = call.status === "WAITING" || call.status === "ACCEPTED";
  return (
    <Main width="reading">
      {(call.status === "WAITING" || call.session?.returns_to_line) && (
        <Head>
          <noscript>
            <meta http-equiv="refresh" content="10" />
          </noscript>
        </Head>
      )}
      {goesOn
        ? (
          <>
            <DuskRoom class="w-full rounded-box aspect-[2.4] sm:aspect-[3.4]" />
            {otherMode !== "" && (
              <Note tone="calm" icon={MODES[call.mode].icon} class="mt-6">
                <p>{otherMode}</p>
              </Note>
            )}
            {call.status === "ACCEPTED" && <ProblemNote url={url} />}
            <div class="mt-6">
              <CallWait call={call} />
            </div>
          </>
        )
        : <Ended call={call} />}
      <Emergency class="mt-8" />
    </Main>
  );
});

/** The request came to nothing: what happened, and how to ask again. */
function Ended({ call }: { call: CallView }) {
  const cancelled = call.status === "CANCELLED";
  return (
    <>
      <h1>
        {cancelled ? "You have cancelled the call" : "Your call has expired"}
      </h1>
      <p class="text-lg mt-2" role="status">
        {cancelled
          ? "Nobody will call you. You can ask again at any time."
          : "This page was closed for a while, so your place in line is gone. You can ask again."}
      </p>
      <p class="mt-6">
        <a class="btn btn-primary btn-lg" href="/patient-portal/dashboard#ask">
          Back to your home page
        </a>
      </p>
    </>
  );
}
