import type { PlannedView } from "@/lib/calls/view.ts";
import { moment } from "@/lib/ui/times.ts";

/** What `Planned` takes. */
export interface PlannedProps {
  sessions: PlannedView[];
  timeZone: string;
  /** The server's clock. */
  now: string;
}

/** What a doctor has planned next, and whether the patient is there. */
export function Planned({ sessions, timeZone, now }: PlannedProps) {
  return (
    <aside aria-labelledby="next">
      <h2 id="next" class="mb-3">Next</h2>
      <ul class="sheet sheet-rows">
        {sessions.map((
          { session_id, visit_id, patient, scheduled_start, waiting_since },
        ) => (
          <li key={session_id} class="p-4" data-session-id={session_id}>
            <p>
              <time class="font-semibold" dateTime={scheduled_start}>
                {moment(scheduled_start, timeZone, now)}
              </time>{" "}
              <a class="txt" href={`/visits/${visit_id}/telemedicine`}>
                {patient.name}
              </a>
            </p>
            <p
              class={waiting_since === null
                ? "text-muted"
                : "text-wait-ink font-semibold"}
            >
              {waiting_since === null ? "Not here yet" : "In the waiting room"}
            </p>
          </li>
        ))}
      </ul>
    </aside>
  );
}
