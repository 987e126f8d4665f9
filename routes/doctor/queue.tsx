import { page } from "fresh";
import { Head } from "fresh/runtime";
import DoctorQueue from "@/islands/DoctorQueue.tsx";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import { noteDoctorHere } from "@/lib/calls/presence_service.ts";
import { getQueue } from "@/lib/calls/service.ts";
import { viewQueue } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { readFields } from "@/lib/http/input.ts";
import { listSessions } from "@/lib/sessions/service.ts";
import { type SessionView, viewSession } from "@/lib/sessions/view.ts";
import { isPatientWaiting } from "@/lib/ui/doctor_words.ts";
import { Main } from "@/lib/ui/Main.tsx";
import { ProblemNote } from "@/lib/ui/ProblemNote.tsx";
import { agenda, type Viewpoint } from "@/lib/ui/session_words.ts";
import { moment } from "@/lib/ui/times.ts";

/** How many planned sessions stand beside the queue. */
const NEXT_MAX = 4;

export const handler = define.handlers({
  async GET(ctx) {
    const { services, timeZone } = ctx.state;
    const caller = requireMay(ctx.state, "take_calls");
    await noteDoctorHere(services, caller);
    const queue = viewQueue(await getQueue(services, caller), caller.actor);
    const { sessions } = await listSessions(services, caller, {
      status: "SCHEDULED",
      limit: 100,
    });
    const planned = sessions.map((one) => viewSession(one, caller.actor));
    const waiting = queue.calls.length;
    ctx.state.title = waiting === 0 ? "Queue" : `(${waiting}) Queue`;
    return page({
      queue,
      next: agenda(planned).ahead.slice(0, NEXT_MAX),
      clock: { timeZone, now: queue.now },
    }, { headers: { "cache-control": "no-store" } });
  },

  /** The switch, where no script runs. */
  async POST(ctx) {
    const caller = requireMay(ctx.state, "take_calls");
    const { available } = await readFields(ctx.req);
    await setAvailability(ctx.state.services, caller, {
      available: available === "yes",
    });
    return ctx.redirect("/doctor/queue", 303);
  },
});

/** Who waits for any doctor, and what is planned next. */
export default define.page<typeof handler>(function Queue({ data, url }) {
  const { queue, next, clock } = data;
  return (
    <Main width="staff">
      <Head>
        <noscript>
          <meta http-equiv="refresh" content="15" />
        </noscript>
      </Head>
      <ProblemNote url={url} />
      <div
        class={next.length === 0
          ? ""
          : "grid gap-8 lg:grid-cols-[minmax(0,1fr)_20rem] items-start"}
      >
        <DoctorQueue queue={queue} />
        {next.length > 0 && <Next sessions={next} clock={clock} />}
      </div>
    </Main>
  );
});

function Next(
  { sessions, clock }: { sessions: SessionView[]; clock: Viewpoint },
) {
  return (
    <aside aria-labelledby="next">
      <h2 id="next" class="mb-3">Next</h2>
      <ul class="sheet sheet-rows">
        {sessions.map((session) => (
          <li key={session.id} class="p-4">
            <p>
              <time
                class="font-semibold"
                dateTime={session.scheduled_start}
              >
                {moment(session.scheduled_start, clock.timeZone, clock.now)}
              </time>{" "}
              <a class="txt" href={`/visits/${session.visit_id}/telemedicine`}>
                {session.patient.name}
              </a>
            </p>
            <p class="text-muted">
              {isPatientWaiting(session)
                ? "In the waiting room"
                : "Not here yet"}
            </p>
          </li>
        ))}
      </ul>
    </aside>
  );
}
