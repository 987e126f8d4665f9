import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { firstName } from "@/lib/ui/session_words.ts";
import { clock, duration } from "@/lib/ui/times.ts";

/** The other one of the two. */
function otherSeat(seat: Seat): Seat {
  return seat === "doctor" ? "patient" : "doctor";
}

/** What somebody is called in a sentence: the doctor by the whole name, the patient by the first. */
function nameOfSeat(
  { doctor, patient }: SessionView,
  seat: Seat,
): string {
  return seat === "doctor" ? doctor.name : firstName(patient.name);
}

/** Where the recording of a session is, as a fact; null: none was asked for. */
export function recordingFact(session: SessionView): string | null {
  const { requested, active, state, duration_seconds } = session.recording;
  if (!requested) return null;
  switch (state) {
    case "none":
      return session.ended_at !== null
        ? "Nothing was recorded"
        : active
        ? "Running"
        : "Asked for";
    case "processing":
      return "Being prepared";
    case "ready":
      return `Ready, ${duration(duration_seconds ?? 0)}`;
    case "failed":
      return "Could not be prepared";
    case "deleting":
    case "deleted":
      return "Deleted";
  }
}

/** What became of the recording of a session that is over, in full sentences; null: none was asked for. */
export function recordingSentence(
  session: SessionView,
  seat: Seat,
): string | null {
  const { requested, state, duration_seconds } = session.recording;
  if (!requested) return null;
  switch (state) {
    case "none":
      return session.status === "COMPLETED"
        ? `Nothing was recorded. ${whyNot(session, seat)}`
        : "Nothing was recorded.";
    case "processing":
      return "The recording is being prepared. It will appear here, usually within minutes.";
    case "ready":
      return `The recording is ready: ${duration(duration_seconds ?? 0)}.`;
    case "failed":
      return "The recording could not be prepared. It was nothing you did.";
    case "deleting":
    case "deleted":
      return seat === "doctor"
        ? "You deleted the recording."
        : `${session.doctor.name} deleted the recording.`;
  }
}

function whyNot(session: SessionView, seat: Seat): string {
  const { consents } = session.recording;
  const other = otherSeat(seat);
  if (consents[seat]?.granted === false) return "You said no.";
  if (consents[other]?.granted === false) {
    return `${nameOfSeat(session, other)} said no.`;
  }
  if (consents[seat] === null) return "You were not asked.";
  return consents[other] === null
    ? `${nameOfSeat(session, other)} was not asked.`
    : "It never began.";
}

/** Who agreed, and when. */
export function consentSentence(
  session: SessionView,
  seat: Seat,
  timeZone: string,
): string {
  const { consents } = session.recording;
  const said = ([seat, otherSeat(seat)] as const).flatMap((one) => {
    const consent = consents[one];
    if (consent === null) return [];
    const who = one === seat ? "You" : nameOfSeat(session, one);
    const at = clock(consent.at, timeZone);
    return [
      consent.granted ? `${who} agreed at ${at}.` : `${who} said no at ${at}.`,
    ];
  });
  return said.join(" ");
}
