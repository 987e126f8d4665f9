import { Icon } from "@/lib/ui/Icon.tsx";
import { DetailsLink, type SessionItemProps } from "@/lib/ui/DetailsLink.tsx";
import { patientWords } from "@/lib/ui/patient_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { moment } from "@/lib/ui/times.ts";

/** A session in the patient's list. The first one that can be joined has the filled button. */
export function SessionCard(props: SessionItemProps & { first: boolean }) {
  const { session, timeZone, now, first } = props;
  const joins = session.actions.includes("join");
  const words = patientWords(session, { timeZone, now });
  return (
    <li class="sheet p-5 sm:p-6" data-session-id={session.id}>
      <div class="flex flex-col sm:flex-row-reverse items-start sm:justify-between gap-2.5">
        <StatusPill status={session.status} />
        <div>
          <p class="text-xl font-semibold">
            <time dateTime={session.scheduled_start}>
              {moment(session.scheduled_start, timeZone, now)}
            </time>
          </p>
          <p class="text-muted">{words.when}</p>
        </div>
      </div>
      <p class="mt-3 font-semibold">{words.lead}</p>
      <p>{session.reason}</p>
      <p class="text-muted">{words.more}</p>
      <div class="mt-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        {joins && (
          <a
            class={`btn w-full sm:w-auto ${
              first ? "btn-primary btn-lg" : "btn-quiet"
            }`}
            href={`/telemedicine/${session.id}`}
          >
            <Icon name={session.voice_only ? "phone" : "video"} />
            Join Session
          </a>
        )}
        <DetailsLink {...props} class={joins ? "txt-tap" : "btn btn-quiet"} />
      </div>
    </li>
  );
}
