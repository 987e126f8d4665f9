import type { SessionView } from "@/lib/sessions/view.ts";
import { type LiveListProps, useLiveSessions } from "@/lib/ui/live_sessions.ts";
import { LeftNote } from "@/lib/ui/LeftNote.tsx";
import { agenda } from "@/lib/ui/session_words.ts";
import { SessionCard } from "@/lib/ui/SessionCard.tsx";

/** What `PatientSessionList` takes. */
export interface PatientSessionListProps extends LiveListProps {
  /** The session the patient has just left, if so. */
  leftId: string | null;
}

/** The patient's own sessions: live, what comes first, and the way back into what still runs. */
export default function PatientSessionList(props: PatientSessionListProps) {
  const { timeZone, leftId } = props;
  const { sessions, now, news } = useLiveSessions(props);
  const { ahead, past } = agenda(sessions);
  const clock = { timeZone, now };
  const left = sessions.find(({ id }) => id === leftId);
  return (
    <>
      {left !== undefined && <LeftNote session={left} />}
      <section aria-labelledby="ahead">
        <h2 id="ahead" class="mt-8 mb-3">Now and next</h2>
        {ahead.length === 0
          ? (
            <p class="sheet p-5 text-muted">
              Nothing is planned. Your clinic adds sessions here.
            </p>
          )
          : <Cards sessions={ahead} {...clock} next />}
      </section>
      {past.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past" class="mt-9 mb-3">Past</h2>
          <Cards sessions={past} {...clock} next={false} />
        </section>
      )}
      <p class="sr-only" role="status">{news}</p>
    </>
  );
}

/** What `Cards` takes. */
interface CardsProps {
  sessions: SessionView[];
  timeZone: string;
  now: string;
  /** Whether the first of them is the next one to join. */
  next: boolean;
}

function Cards({ sessions, timeZone, now, next }: CardsProps) {
  return (
    <ul class="grid gap-4">
      {sessions.map((session, index) => (
        <SessionCard
          key={session.id}
          session={session}
          timeZone={timeZone}
          now={now}
          first={next && index === 0}
        />
      ))}
    </ul>
  );
}
