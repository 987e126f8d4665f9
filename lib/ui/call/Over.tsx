import { useEffect } from "preact/hooks";
import { leadToLine } from "@/lib/call/line_again.ts";
import {
  isOnDemand,
  type Me,
  otherOf,
  seatOf,
  visitHref,
} from "@/lib/call/people.ts";
import { lineIdOf, wasUnmet, wayOn } from "@/lib/call/way_on.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { messagesHref } from "@/lib/ui/messages/message_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { duration } from "@/lib/ui/times.ts";

/** The session is over, or never took place: what became of it, and where to go. Back to the line it leads by itself. */
export default function Over(
  { session, me }: { session: SessionView; me: Me },
) {
  const [title, text] = overWords(session, me);
  const way = wayOn(session, me);
  const lineId = lineIdOf(session, me);
  useEffect(() => lineId === null ? undefined : leadToLine(lineId), [lineId]);
  return (
    <div class="max-w-2xl mx-auto">
      <p>
        <StatusPill status={session.status} />
      </p>
      <h1 class="mt-3">{title}</h1>
      <p class="text-lg mt-2" role="status">
        {text}
        {session.recording.state === "processing" &&
          " The recording is being prepared. It will appear in the session details."}
      </p>
      <p class="mt-6 grid gap-3 sm:flex sm:flex-wrap">
        <a
          class="btn btn-primary btn-lg"
          href={way.href}
        >
          {way.words}
        </a>
        {me.role === "doctor" && isOnDemand(session) && (
          <a class="btn btn-quiet btn-lg" href={visitHref(session)}>
            Open the visit
          </a>
        )}
        <a
          class="btn btn-quiet btn-lg"
          href={`/telemedicine/${session.id}/details`}
        >
          Session details
        </a>
        <a
          class="btn btn-quiet btn-lg"
          href={messagesHref(session.visit_id, seatOf(session, me))}
        >
          Messages
        </a>
      </p>
    </div>
  );
}

function overWords(
  session: SessionView,
  me: Me,
): [title: string, text: string] {
  const other = otherOf(session, me).name;
  const isDoctor = me.role === "doctor";
  switch (session.status) {
    case "CANCELLED":
      return [
        "This session was cancelled",
        isDoctor
          ? "It did not take place. You can create a new one in the visit, while that is open."
          : isOnDemand(session)
          ? `It did not take place. ${whatNext(session)}`
          : "It did not take place. The clinic can plan another one.",
      ];
    case "FAILED":
      return [
        "The session could not start",
        isDoctor
          ? "The video service refused the room. It was nothing you did. Create a new session in the visit."
          : isOnDemand(session)
          ? `It was not your device or your connection. ${whatNext(session)}`
          : "It was not your device or your connection. The clinic can see it and plan another one.",
      ];
    default:
      if (wasUnmet(session, me)) {
        return [`${other} did not come`, `We are sorry. ${whatNext(session)}`];
      }
      return [
        `Your session with ${other} has ended`,
        session.end_reason === "no_show"
          ? "Nobody met in the room."
          : `It took ${duration(session.duration_seconds ?? 0)}.`,
      ];
  }
}

/** What becomes of a patient who asked for any doctor and met none. */
function whatNext({ returns_to_line }: SessionView): string {
  return returns_to_line
    ? "You keep your place in line. This page takes you back there in a few seconds."
    : "Ask again to get another doctor.";
}
