import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { recordingFact } from "@/lib/ui/recording/recording_words.ts";
import { kindWords } from "@/lib/ui/session_words.ts";
import { clockWithSeconds, duration, fullMoment } from "@/lib/ui/times.ts";

/** What `SessionFacts` takes. */
export interface SessionFactsProps {
  session: SessionView;
  /** Who reads. */
  seat: Seat;
  timeZone: string;
  now: string;
}

/** What is known of a session, fact by fact; facts that do not exist yet are left out. */
export function SessionFacts(
  { session, seat, timeZone, now }: SessionFactsProps,
) {
  const time = (at: string | null) =>
    at === null ? null : clockWithSeconds(at, timeZone);
  const facts: [name: string, value: string | null][] = [
    seat === "doctor"
      ? ["Patient", session.patient.name]
      : ["Doctor", session.doctor.name],
    ["Reason", session.reason],
    [
      "Planned for",
      `${fullMoment(session.scheduled_start, timeZone, now)} (${timeZone})`,
    ],
    ["Started", time(session.started_at)],
    [
      session.status === "CANCELLED" ? "Cancelled" : "Ended",
      time(session.ended_at),
    ],
    [
      "Duration",
      session.duration_seconds === null
        ? null
        : duration(session.duration_seconds),
    ],
    ["Kind", kindWords(session)],
    ["Recording", recordingFact(session) ?? "Not asked for"],
    ["Room", seat === "doctor" ? session.room_name : null],
  ];
  return (
    <dl class="sheet sheet-rows">
      {facts.map(([name, value]) =>
        value !== null && (
          <div key={name} class="px-5 py-3 sm:grid sm:grid-cols-[11rem_1fr]">
            <dt class="text-muted">{name}</dt>
            <dd class="font-medium num wrap-anywhere">
              <bdi>{value}</bdi>
            </dd>
          </div>
        )
      )}
    </dl>
  );
}
