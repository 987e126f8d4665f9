import type { AuditAction, AuditEntry } from "@/lib/audit/entry.ts";
import { type Seat, SEATS } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import type { IconName } from "@/lib/ui/icons.ts";

/** One line of a session's history. */
export interface HistoryLine {
  icon: IconName;
  fact: string;
  /** Who did it, where the fact does not say so. */
  by: string;
  at: string;
}

/** What a teller is told of an entry. */
interface Told {
  /** Who did it. */
  by: string;
  /** Whom it is about, where that is somebody else. */
  who: string;
  /** What the entry says more precisely. */
  detail: string;
}

/** Null: it says nothing to the reader. */
type Teller = (
  told: Told,
) => Pick<HistoryLine, "icon" | "fact"> & { by?: string } | null;

/** What each entry is called. Entries that are missing here say nothing to the reader. */
const TELLERS: Partial<Record<AuditAction, Teller>> = {
  "session.create": ({ by }) => ({
    icon: "calendar-plus",
    fact: "Session created",
    by,
  }),
  "session.edit": ({ detail, by }) => ({
    icon: "pencil",
    fact: detail === "notes" ? "Notes changed" : "Planned time changed",
    by,
  }),
  "session.start": ({ by }) => ({ icon: "play", fact: "Session started", by }),
  "session.start_failed": ({ by }) => ({
    icon: "triangle-alert",
    fact: "Session failed to start",
    by,
  }),
  "session.start_expired": () => ({
    icon: "triangle-alert",
    fact: "The video service did not answer a start",
  }),
  "session.token": ({ who }) => ({
    icon: "door-open",
    fact: `${who} asked to join`,
  }),
  "session.consent": ({ who, detail }) => ({
    icon: "circle-dot",
    fact: detail.includes(":granted:")
      ? `${who} agreed to being recorded`
      : `${who} did not agree to being recorded`,
  }),
  "session.video_offer": ({ who, detail }) => ({
    icon: "video",
    fact: detail.endsWith(":offered")
      ? `${who} asked to switch to video`
      : `${who} agreed to video`,
  }),
  "session.video_answer": ({ who, detail }) => ({
    icon: detail.endsWith(":accepted") ? "video" : "phone",
    fact: detail.endsWith(":accepted")
      ? `${who} agreed to video`
      : detail.endsWith(":refused")
      ? `${who} stayed on voice`
      : `${who} took back the question about video`,
  }),
  "session.room_moved": () => ({
    icon: "video",
    fact: "The call switched to video",
  }),
  "session.move_given_up": () => ({
    icon: "triangle-alert",
    fact: "Switching to video did not work",
  }),
  "session.intruder": () => ({
    icon: "hand",
    fact: "Somebody unknown came in",
  }),
  "session.intruder_removed": () => ({
    icon: "hand",
    fact: "Somebody unknown was removed",
  }),
  "session.end": ({ by }) => ({
    icon: "circle-stop",
    fact: "Session ended",
    by,
  }),
  "session.cancel": ({ by }) => ({
    icon: "ban",
    fact: "Session cancelled",
    by,
  }),
  "recording.switch": ({ detail }) => ({
    icon: "circle-dot",
    fact: detail === "on" ? "Recording began" : "Recording stopped",
  }),
  "recording.compose": prepared,
  "recording.settle": prepared,
  "recording.view": ({ by }) => ({
    icon: "play",
    fact: `${by} played the recording`,
  }),
  "recording.fail": () => prepared({ detail: "failed" }),
  "recording.delete": ({ by }) => ({
    icon: "trash",
    fact: "Recording deleted",
    by,
  }),
  "access.denied": () => ({ icon: "hand", fact: "An attempt was refused" }),
};

/** Both parts are told of one by one: the last one counts. */
function prepared({ detail }: Pick<Told, "detail">): ReturnType<Teller> {
  switch (detail) {
    case "ready":
      return { icon: "circle-check", fact: "Recording ready" };
    case "failed":
      return {
        icon: "triangle-alert",
        fact: "The recording could not be put together",
      };
    default:
      return null;
  }
}

/** The doctor's own: that there are notes says something about a patient. */
const DOCTORS_OWN = "notes";

/**
 * The history of a session in words, oldest first. Who came and who went is
 * told by the stays, which are right also when the news of them came late.
 */
export function historyLines(
  entries: readonly AuditEntry[],
  session: SessionView,
): HistoryLine[] {
  const told = entries.flatMap((entry) => lineOf(entry, session));
  return [...told, ...SEATS.flatMap((seat) => stayLines(seat, session))]
    .toSorted((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
}

function lineOf(entry: AuditEntry, session: SessionView): HistoryLine[] {
  const detail = entry.reason ?? "";
  if (detail === DOCTORS_OWN && session.notes === undefined) return [];
  const by = nameOf(entry, session);
  const seat = SEATS.find((one) => detail.startsWith(one));
  const who = seat === undefined ? by : session[seat].name;
  const told = TELLERS[entry.action]?.({ by, who, detail }) ?? null;
  return told === null ? [] : [{ by: "", ...told, at: entry.ts }];
}

function stayLines(seat: Seat, session: SessionView): HistoryLine[] {
  const { name } = session[seat];
  return session.attendance[seat].flatMap(({ joined_at, left_at }) => [
    { icon: "user-plus", fact: `${name} joined`, by: "", at: joined_at },
    ...(left_at === null ? [] : [{
      icon: "log-out" as const,
      fact: `${name} left`,
      by: "",
      at: left_at,
    }]),
  ]);
}

function nameOf({ actor }: AuditEntry, session: SessionView): string {
  if (actor.id === session.doctor.id) return session.doctor.name;
  if (actor.id === session.patient.id) return session.patient.name;
  return actor.role === "video" ? "The video service" : "Bedside";
}
