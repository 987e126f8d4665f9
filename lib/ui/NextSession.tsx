import type { SessionView } from "@/lib/sessions/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { patientWords } from "@/lib/ui/patient_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { moment } from "@/lib/ui/times.ts";

/** What `NextSession` takes. */
export interface NextSessionProps {
  /** What runs or comes next, or null. */
  session: SessionView | null;
  timeZone: string;
  now: string;
}

/** The patient's next session, first thing on their home page. */
export function NextSession({ session, timeZone, now }: NextSessionProps) {
  if (session === null) {
    return (
      <section class="sheet p-5 sm:p-7" aria-labelledby="next">
        <h2 id="next" class="text-base font-medium text-muted">
          Your next visit
        </h2>
        <p class="text-2xl font-semibold mt-2">Nothing is planned</p>
        <p class="mt-1 text-muted">
          When your clinic plans a session, it appears here.
        </p>
      </section>
    );
  }
  const { when } = patientWords(session, { timeZone, now });
  return (
    <section
      class="sheet p-5 sm:p-7"
      aria-labelledby="next"
      data-session-id={session.id}
    >
      <div class="flex flex-wrap items-center justify-between gap-2">
        <h2 id="next" class="text-base font-medium text-muted">
          Your next visit
        </h2>
        {session.status === "IN_PROGRESS" && (
          <StatusPill status={session.status} />
        )}
      </div>
      <p class="text-3xl font-semibold mt-2">
        <time dateTime={session.scheduled_start}>
          {moment(session.scheduled_start, timeZone, now)}
        </time>
      </p>
      <p class="text-lg mt-0.5">{`with ${session.doctor.name}, ${when}`}</p>
      <p class="mt-1">{session.reason}</p>
      <p class="mt-4 text-muted">
        {session.voice_only
          ? "You need a quiet place and your microphone."
          : "You need a quiet place, your camera and your microphone."}
      </p>
      <a
        class="btn btn-primary btn-lg btn-block mt-5"
        href={`/telemedicine/${session.id}`}
      >
        <Icon name={session.voice_only ? "phone" : "video"} />
        Join Session
      </a>
    </section>
  );
}
