import type { CallMode, Urgency } from "@/lib/calls/call_request.ts";
import type { CallView, GoneView, QueueView } from "@/lib/calls/view.ts";
import type { WaitRange } from "@/lib/calls/wait.ts";
import type { IconName } from "@/lib/ui/icons.ts";
import { doctorWords } from "@/lib/ui/skill_words.ts";

/** How a call is held, with its icon. */
export const MODES: Record<CallMode, { word: string; icon: IconName }> = {
  video: { word: "Video", icon: "video" },
  voice: { word: "Voice", icon: "phone" },
};

/** How long somebody waits, in a word below the figures. */
export const URGENCIES: Record<Urgency, string> = {
  routine: "waiting",
  urgent: "urgent",
};

/** "1st", "2nd", "3rd", "11th". */
export function ordinal(value: number): string {
  const isTeen = Math.floor(value / 10) % 10 === 1;
  const ending = isTeen ? "th" : ["th", "st", "nd", "rd"][value % 10] ?? "th";
  return `${value}${ending}`;
}

/** Where a patient stands in the queue. */
export function placeWords({ position }: Pick<CallView, "position">): string {
  if (position === null) return "You are in line";
  return position === 1
    ? "You are next"
    : `You are ${ordinal(position)} in line`;
}

/** What a range of minutes is called. */
export function rangeWords(
  { from_minutes: from, to_minutes: to }: NonNullable<CallView["wait"]>,
): string {
  if (to <= 1) return "Usually within a minute.";
  return from === 0 || from === to
    ? `Up to ${to} minutes.`
    : `About ${from} to ${to} minutes.`;
}

/** How long a patient has to wait, as far as that can be said honestly. */
export function waitWords(
  { wait, doctors_available, doctors_on_duty, ...wish }: Pick<
    CallView,
    "wait" | "doctors_available" | "doctors_on_duty" | "specialty" | "language"
  >,
): string {
  if (doctors_available === 0) {
    const one = doctorWords(wish);
    return doctors_on_duty === 0
      ? `No doctor is available right now. You keep your place, and the first ${one} who is free is asked.`
      : `No ${one} is available right now. You can wait, or ask any doctor; you keep your place.`;
  }
  return wait === null
    ? "A doctor will take your call soon."
    : rangeWords(wait);
}

/** What to expect before one asks. */
export function outlookWords(
  { doctors, wait }: { doctors: number; wait: WaitRange | null },
): string {
  if (doctors === 0) {
    return "No doctor is available right now. You can wait in line, and the " +
      "first who is free is asked.";
  }
  const any = "Any doctor on duty answers.";
  if (wait === null) return any;
  return wait.to <= 1
    ? `${any} Right now that is usually within a minute.`
    : `${any} Right now that is usually within ${wait.to} minutes.`;
}

/** How many wait, as a heading. */
export function queueTitle(count: number): string {
  if (count === 0) return "Nobody is waiting";
  return count === 1 ? "1 patient is waiting" : `${count} patients are waiting`;
}

/** Who takes calls, from where one doctor stands. */
export function companyWords(
  { availability, colleagues }: Pick<QueueView, "availability" | "colleagues">,
): string {
  const own = availability.available
    ? "You are available"
    : "You are not available";
  if (colleagues.length === 0) {
    return availability.available
      ? `${own}, and nobody else is.`
      : `${own}, and nobody else is either. Patients are told so.`;
  }
  const names = colleagues.length > 3
    ? `${colleagues.length} others`
    : listed(colleagues);
  const verb = colleagues.length > 1 ? "are" : "is";
  return availability.available
    ? `${own}, and so ${verb} ${names}.`
    : `${own}. ${names} ${verb}.`;
}

/** Why the app has switched a doctor off; empty if it has not. */
export function stoppedWords(
  { stopped }: Pick<QueueView["availability"], "stopped">,
): string {
  return stopped === null
    ? ""
    : "Calls rang here unanswered, so none ring here any more.";
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Why a request has left the queue. */
export function goneWords({ taken }: Pick<GoneView, "taken">): string {
  return taken ? "Taken by a colleague" : "Not waiting any more";
}

/** How many whole seconds an offer still rings, never below zero. */
export function secondsLeft(until: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(until) - nowMs) / 1000));
}

/** What has just changed in a queue, in a sentence for people who do not see it; empty for nothing. */
export function queueNews(before: QueueView, after: QueueView): string {
  const stopped = stoppedWords(after.availability);
  if (stopped !== stoppedWords(before.availability)) return stopped;
  const known = new Map(before.calls.map((call) => [call.id, call]));
  const rings = after.calls.find(({ id, offer }) =>
    offer !== null && known.get(id)?.offer == null
  );
  if (rings !== undefined) {
    return `${rings.patient.name} is offered to you, ${
      MODES[rings.mode].word.toLowerCase()
    } call.`;
  }
  const left = after.gone.find(({ id }) => known.has(id));
  if (left !== undefined) {
    return `${known.get(left.id)!.patient.name}: ${goneWords(left)}.`;
  }
  const here = after.planned.find(({ session_id, waiting_since }) =>
    waiting_since !== null &&
    before.planned.some((one) =>
      one.session_id === session_id && one.waiting_since === null
    )
  );
  if (here !== undefined) {
    return `${here.patient.name} is in the waiting room.`;
  }
  const came = after.calls.find(({ id }) => !known.has(id));
  if (came === undefined) return "";
  return `${came.patient.name} is waiting, ${
    MODES[came.mode].word.toLowerCase()
  } call.`;
}
