import {
  homeOf,
  type Me,
  otherOf,
  seatOf,
  wayHome,
} from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { messagesHref } from "@/lib/ui/messages/message_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { duration } from "@/lib/ui/times.ts";

/** The session is over, or never took place: what became of it, and where to go. */
export default function Over(
  { session, me }: { session: SessionView; me: Me },
) {
  const [title, text] = overWords(session, me);
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
          href={homeOf(session, me)}
        >
          {wayHome(session, me)}
        </a>
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
          : "It did not take place. The clinic can plan another one.",
      ];
    case "FAILED":
      return [
        "The session could not start",
        isDoctor
          ? "The video service refused the room. It was nothing you did. Create a new session in the visit."
          : "It was not your device or your connection. The clinic can see it and plan another one.",
      ];
    default:
      return [
        `Your session with ${other} has ended`,
        session.end_reason === "no_show"
          ? "Nobody met in the room."
          : `It took ${duration(session.duration_seconds ?? 0)}.`,
      ];
  }
}
