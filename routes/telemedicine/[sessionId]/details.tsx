import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { getSession, sessionHistory } from "@/lib/sessions/service.ts";
import { isOver } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { Attendance } from "@/lib/ui/Attendance.tsx";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { historyLines } from "@/lib/ui/history_words.ts";
import { HistoryThread } from "@/lib/ui/HistoryThread.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { doctorWords } from "@/lib/ui/doctor_words.ts";
import { patientWords } from "@/lib/ui/patient_words.ts";
import { RecordingSection } from "@/lib/ui/recording/RecordingSection.tsx";
import { SessionFacts } from "@/lib/ui/SessionFacts.tsx";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { fullMoment } from "@/lib/ui/times.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services, timeZone } = ctx.state;
    const caller = requireCaller(ctx.state);
    const id = ctx.params.sessionId!;
    const session = viewSession(
      await getSession(services, caller, id),
      caller.actor,
    );
    const history = await sessionHistory(services, caller, id);
    const now = services.now().toISOString();
    ctx.state.title = `Session of ${
      fullMoment(session.scheduled_start, timeZone, now)
    }`;
    return page({ session, history: historyLines(history, session), now });
  },
});

/** Everything about one session, for both of its participants. */
export default define.page<typeof handler>(function Details({ data, state }) {
  const { session, history, now } = data;
  const { timeZone, caller } = state;
  const seat = caller?.actor.accountId === session.doctor.id
    ? "doctor"
    : "patient";
  const isDoctor = seat === "doctor";
  const words = (isDoctor ? doctorWords : patientWords)(session, {
    timeZone,
    now,
  });
  const joins = session.actions.includes("join");
  return (
    <Main width={isDoctor ? "staff" : "patient"}>
      {isDoctor
        ? (
          <Crumb href={`/visits/${session.visit_id}/telemedicine`}>
            {session.patient.name}
          </Crumb>
        )
        : <Crumb href="/patient-portal/telemedicine">Telemedicine</Crumb>}
      <div class="mt-1 flex flex-wrap items-center gap-3">
        <h1>{fullMoment(session.scheduled_start, timeZone, now)}</h1>
        <StatusPill status={session.status} />
      </div>
      <p class="mt-1.5 text-muted">
        {words.more}
        {isOver(session.status) && " View only: this session is over."}
      </p>
      {joins && (
        <p class="mt-5">
          <a
            class="btn btn-primary btn-lg w-full sm:w-auto"
            href={`/telemedicine/${session.id}`}
          >
            <Icon name={session.voice_only ? "phone" : "video"} />
            {isDoctor ? "Join Call" : "Join Session"}
          </a>
        </p>
      )}
      <div class="mt-7 grid gap-8 lg:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)] items-start">
        <div class="grid gap-7">
          {isOver(session.status) && (
            <RecordingSection
              session={session}
              seat={seat}
              timeZone={timeZone}
            />
          )}
          <section aria-labelledby="facts">
            <h2 id="facts" class="mb-3">Facts</h2>
            <SessionFacts
              session={session}
              seat={seat}
              timeZone={timeZone}
              now={now}
            />
          </section>
          <Attendance session={session} timeZone={timeZone} now={now} />
          {session.notes !== undefined && (
            <section aria-labelledby="notes">
              <div class="mb-3 flex flex-wrap items-center justify-between gap-3">
                <h2 id="notes">
                  Notes{" "}
                  <span class="font-normal text-muted text-base">
                    only you see these
                  </span>
                </h2>
                {session.actions.includes("edit") && (
                  <a
                    class="btn btn-quiet"
                    href={`/telemedicine/${session.id}/edit`}
                  >
                    <Icon name="pencil" />
                    {session.status === "SCHEDULED"
                      ? "Change time or notes"
                      : "Edit notes"}
                  </a>
                )}
              </div>
              <p class="sheet p-5 whitespace-pre-line wrap-anywhere">
                {session.notes === "" ? "No notes." : session.notes}
              </p>
            </section>
          )}
        </div>
        <section aria-labelledby="history">
          <h2 id="history" class="mb-4">History</h2>
          <HistoryThread lines={history} timeZone={timeZone} now={now} />
        </section>
      </div>
      {!isDoctor && !isOver(session.status) && <Emergency class="mt-8" />}
    </Main>
  );
});
