import type { RemoteParticipant } from "@/lib/call/connection.ts";
import { calledName, type Me, otherOf, seatOf } from "@/lib/call/people.ts";
import type { CallPhase } from "@/lib/call/phase.ts";
import type { PresenceView, SessionView } from "@/lib/sessions/view.ts";

/** The words of the status that is always in sight during a call. */
export function statusWord(phase: CallPhase): string {
  switch (phase) {
    case "connected":
      return "Connected";
    case "reconnecting":
      return "Reconnecting…";
    case "disconnected":
      return "Disconnected";
    default:
      return "Connecting…";
  }
}

/** What is to be said of somebody in the room; empty when all is as it should be. */
export function remoteWords(
  participant: RemoteParticipant,
  voiceOnly: boolean,
): string[] {
  if (participant.reconnecting) return ["Reconnecting…"];
  return [
    ...(!voiceOnly && participant.camera === "off" ? ["Camera off"] : []),
    ...(participant.microphone === "off" ? ["Muted"] : []),
  ];
}

/** Where somebody is who is not in the room. */
export function absenceWord(presence: PresenceView | null): string {
  if (presence === null) return "Not here yet";
  if (presence.state === "joining") return "Joining…";
  return presence.state === "disconnected" ? "Left the call" : "Not here yet";
}

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

/** Seconds as a clock shows them: `04:37`, `1:02:09`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = `${two(minutes)}:${two(whole % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** "Today 14:30" as it stands in the middle of a sentence. Weekdays keep their capital. */
export function inSentence(when: string): string {
  return /^(Today|Tomorrow|Yesterday)/.test(when)
    ? when.charAt(0).toLowerCase() + when.slice(1)
    : when;
}
