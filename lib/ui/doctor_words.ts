import type { SessionView } from "@/lib/sessions/view.ts";
import {
  firstName,
  kindWords,
  type SessionWords,
  type Viewpoint,
} from "@/lib/ui/session_words.ts";
import { clock, duration, elapsed, relative } from "@/lib/ui/times.ts";

/** Whether the patient is in front of the screen and the session has not begun. */
export function isPatientWaiting({ status, presence }: SessionView): boolean {
  return status === "SCHEDULED" && presence.patient?.state === "waiting";
}

/** Says where a session is and what that means for its doctor. */
export function doctorWords(
  session: SessionView,
  from: Viewpoint,
): SessionWords {
  const at = clock(session.ended_at ?? session.scheduled_start, from.timeZone);
  switch (session.status) {
    case "SCHEDULED":
      return {
        when: relative(session.scheduled_start, from.timeZone, from.now),
        lead: kindWords(session),
        more: scheduled(session, from),
      };
    case "IN_PROGRESS":
      return {
        when: `live for ${
          elapsed(session.started_at ?? session.scheduled_start, from.now)
        }`,
        lead: kindWords(session),
        more: whoIsThere(session, from),
      };
    case "COMPLETED":
      return {
        when: "",
        lead: session.end_reason === "no_show"
          ? kindWords(session)
          : `${kindWords(session)}, ${duration(session.duration_seconds ?? 0)}`,
        more: howItEnded(session, at),
      };
    case "CANCELLED":
      return session.end_reason === "expired"
        ? {
          when: "",
          lead: "Never started",
          more: "Taken back a day after its time.",
        }
        : {
          when: "",
          lead: `Cancelled by you at ${at}`,
          more: session.end_reason === "visit_closed"
            ? "Taken back when the visit was closed."
            : "It did not take place.",
        };
    case "FAILED":
      return {
        when: "",
        lead: "Session failed to start",
        more: session.end_reason === "video_unreachable"
          ? "The video service did not answer. It was nothing you did."
          : "The video service refused the room. It was nothing you did.",
      };
  }
}

function howItEnded(
  { end_reason, no_show, patient }: SessionView,
  at: string,
): string {
  const absent = no_show.includes("patient")
    ? ` ${firstName(patient.name)} did not come.`
    : "";
  switch (end_reason) {
    case "no_show":
      return `Nobody joined; ended at ${at}.`;
    case "room_ended":
      return `The video service closed the room at ${at}.${absent}`;
    case "doctor_absent":
      return `Ended at ${at}, after you had been away for ten minutes.${absent}`;
    case "max_duration":
      return `Ended at ${at}, after four hours.${absent}`;
    default:
      return `Ended by you at ${at}.${absent}`;
  }
}

function scheduled(session: SessionView, { timeZone }: Viewpoint): string {
  const name = firstName(session.patient.name);
  if (session.start_pending) return "Asking the video service for the room…";
  return isPatientWaiting(session)
    ? `${name} has been waiting since ${
      clock(session.presence.patient!.at, timeZone)
    }.`
    : `${name} can already open the waiting room.`;
}

function whoIsThere(
  { presence, patient }: SessionView,
  { timeZone }: Viewpoint,
): string {
  const name = firstName(patient.name);
  const at = (iso: string) => clock(iso, timeZone);
  const own = presence.doctor?.state === "disconnected"
    ? ` You left at ${at(presence.doctor.at)}.`
    : "";
  switch (presence.patient?.state) {
    case "connected":
      return `${name} is there since ${at(presence.patient.at)}.${own}`;
    case "disconnected":
      return `${name} left at ${at(presence.patient.at)}.${own}`;
    case "joining":
    case "waiting":
      return `${name} is joining.${own}`;
    case undefined:
      return `${name} is not here yet.${own}`;
  }
}
