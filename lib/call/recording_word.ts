import { calledName, type Me, otherOf, seatOf } from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** What is said of the recording all through the call; null: none was asked for. */
export function recordingWord(session: SessionView, me: Me): string | null {
  const { requested, active, consents } = session.recording;
  if (!requested) return null;
  const own = consents[seatOf(session, me)]?.granted;
  const person = otherOf(session, me);
  const other = consents[person.id === session.doctor.id ? "doctor" : "patient"]
    ?.granted;
  const name = calledName(session, person);
  if (own && other && session.video_pending) return "Recording stops…";
  if (own && other) return active ? "Recording" : "Recording starts…";
  if (active) return "Recording stops…";
  if (own === false) return "Not recorded: you said no";
  if (other === false) return `Not recorded: ${name} said no`;
  return `Not recorded: waiting for consent of ${
    own === undefined ? "you" : name
  }`;
}
