import { Icon } from "@/lib/ui/Icon.tsx";
import { DetailsLink, type SessionItemProps } from "@/lib/ui/SessionRow.tsx";
import { sessionWords } from "@/lib/ui/session_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { moment } from "@/lib/ui/times.ts";

/** A session in the patient's list. The first one that can be joined has the filled button. */
export function SessionCard(props: SessionItemProps & { first: boolean }) {
  const { session, timeZone, now, first } = props;
  const words = sessionWords(session, { seat: "patient", timeZone, now });
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
      <div class="mt-4 flex flex-wrap items-center gap-3">
        {session.actions.includes("join") && (
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
        <DetailsLink {...props} />
      </div>
    </li>
  );
}
