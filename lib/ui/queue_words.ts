import type { CallMode, Urgency } from "@/lib/calls/call_request.ts";
import type { GoneView, QueueView } from "@/lib/calls/view.ts";
import type { IconName } from "@/lib/ui/icons.ts";

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
    : "Calls went unanswered here, so none ring here any more.";
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
  if (stopped !== stoppedWords(before.availability)) {
    return stopped === "" ? "Calls ring here again." : stopped;
  }
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
  const silent = before.calls.find(({ id, offer }) =>
    offer !== null &&
    after.calls.some((one) => one.id === id && one.offer === null)
  );
  if (silent !== undefined) {
    return `${silent.patient.name} is not offered to you any more.`;
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
