import type { SessionView } from "@/lib/sessions/view.ts";
import {
  kindWords,
  type SessionWords,
  type Viewpoint,
} from "@/lib/ui/session_words.ts";
import { duration, elapsed, relative } from "@/lib/ui/times.ts";

/** Says where a session is and what that means for its patient. */
export function patientWords(
  session: SessionView,
  { timeZone, now }: Viewpoint,
): SessionWords {
  const { status, scheduled_start, started_at, doctor, presence } = session;
  const lead = doctor.name;
  switch (status) {
    case "SCHEDULED":
      return {
        when: relative(scheduled_start, timeZone, now),
        lead,
        more: `${kindWords(session)}. You can come early and wait.`,
      };
    case "IN_PROGRESS":
      return {
        when: `live for ${elapsed(started_at ?? scheduled_start, now)}`,
        lead,
        more: `${kindWords(session)}. ${
          presence.doctor?.state === "connected"
            ? `${lead} is there.`
            : "The doctor has started it."
        }`,
      };
    case "COMPLETED":
      return {
        when: duration(session.duration_seconds ?? 0),
        lead,
        more: kindWords(session),
      };
    case "CANCELLED":
      return {
        when: "did not take place",
        lead,
        more: "Cancelled by the clinic.",
      };
    case "FAILED":
      return {
        when: "did not take place",
        lead,
        more: "It could not start. It was not your device or connection.",
      };
  }
}
