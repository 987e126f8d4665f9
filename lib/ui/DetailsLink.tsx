import type { SessionView } from "@/lib/sessions/view.ts";
import { moment } from "@/lib/ui/times.ts";

/** What a session in any list needs. */
export interface SessionItemProps {
  session: SessionView;
  timeZone: string;
  now: string;
}

/** The way to everything else there is to know about a session. */
export function DetailsLink(
  { session, timeZone, now, class: look }: SessionItemProps & { class: string },
) {
  const { scheduled_start } = session;
  return (
    <a class={look} href={`/telemedicine/${session.id}/details`}>
      View
      <span class="sr-only">
        {` session of ${moment(scheduled_start, timeZone, now)}`}
      </span>
    </a>
  );
}
