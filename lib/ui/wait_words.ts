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
  if (wait !== null) return rangeWords(wait);
  const one = doctorWords(wish);
  const who = doctors_available === 1
    ? `The only ${one} on duty cannot`
    : `No ${one} on duty can`;
  return `${who} take your call yet. How long that takes, nobody can say.`;
}

/** Why a place is further back than before. */
export const SLIPPED_BACK =
  "Somebody has to go first who needs a doctor sooner or has waited longer.";

/** A request as far as the line goes. */
type InLine =
  & Pick<CallView, "status" | "position" | "session">
  & Parameters<typeof waitWords>[0];

/** Whether somebody has come in before this patient. */
export function hasSlippedBack(
  before: Pick<CallView, "position">,
  after: Pick<CallView, "position">,
): boolean {
  return before.position !== null && after.position !== null &&
    after.position > before.position;
}

/** Whether a doctor has taken the request between these two looks at it. */
export function isJustTaken(
  before: Pick<CallView, "status">,
  after: Pick<CallView, "status" | "session">,
): boolean {
  return before.status === "WAITING" && after.status === "ACCEPTED" &&
    after.session !== null;
}

/** The call that the request has become, as long as it is not over; null: there is none to join. */
export function callToJoin(
  { session }: Pick<CallView, "session">,
): CallView["session"] {
  return session?.ended_at === null ? session : null;
}

/** What has just changed for a waiting patient, in words for people who do not see it; empty for nothing. */
export function lineNews(before: InLine, after: InLine): string {
  if (isJustTaken(before, after)) {
    return `${after.session!.doctor.name} took your call.`;
  }
  if (after.status !== "WAITING") return "";
  const waits = waitWords(after);
  if (after.position !== before.position || before.status !== after.status) {
    const why = hasSlippedBack(before, after) ? `${SLIPPED_BACK} ` : "";
    return `${why}${placeWords(after)}. ${waits}`;
  }
  return waits === waitWords(before) ? "" : waits;
}

/** What to tell a patient who asked for a call of the other kind while this one waits; empty for nobody. */
export function otherModeWords(
  { status, mode }: Pick<CallView, "status" | "mode">,
  asked: string | null,
): string {
  const other = mode === "video" ? "voice" : "video";
  return status === "WAITING" && asked === other
    ? `You already asked for a ${mode} call, and it keeps its place. For a ${other} call, cancel this one and ask again.`
    : "";
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
  if (wait === null) {
    return `${any} How long that takes right now, nobody can say.`;
  }
  return wait.to <= 1
    ? `${any} Right now that is usually within a minute.`
    : `${any} Right now that is usually within ${wait.to} minutes.`;
}
