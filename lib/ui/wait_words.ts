import type { CallView } from "@/lib/calls/view.ts";
import type { WaitRange } from "@/lib/calls/wait.ts";
import { doctorWords } from "@/lib/ui/skill_words.ts";

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
