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
import { Main } from "@/lib/ui/Main.tsx";
import { ProblemNote } from "@/lib/ui/ProblemNote.tsx";

export const handler = define.handlers({
  async GET(ctx) {
    const { services, timeZone } = ctx.state;
    const caller = requireMay(ctx.state, "take_calls");
    await noteDoctorHere(services, caller);
    const queue = viewQueue(await getQueue(services, caller), caller.actor);
    const waiting = queue.calls.length;
    ctx.state.title = waiting === 0 ? "Queue" : `(${waiting}) Queue`;
    return page({ queue, timeZone }, {
      headers: { "cache-control": "no-store" },
    });
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
  const { queue, timeZone } = data;
  return (
    <Main width="staff">
      <Head>
        <noscript>
          <meta http-equiv="refresh" content="15" />
        </noscript>
      </Head>
      <ProblemNote url={url} />
      <DoctorQueue queue={queue} timeZone={timeZone} />
    </Main>
  );
});
