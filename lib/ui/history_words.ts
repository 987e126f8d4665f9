import type { AuditAction, AuditEntry } from "@/lib/audit/entry.ts";
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

type Teller = (
  who: string,
) => Pick<HistoryLine, "icon" | "fact"> & { by?: string };

/** What each entry is called. Entries that are missing here say nothing to the reader. */
const TELLERS: Partial<Record<AuditAction, Teller>> = {
  "session.create": (by) => ({
    icon: "calendar-plus",
    fact: "Session created",
    by,
  }),
  "session.start": (by) => ({ icon: "play", fact: "Session started", by }),
  "session.start_failed": (by) => ({
    icon: "triangle-alert",
    fact: "Session failed to start",
    by,
  }),
  "session.token": (who) => ({
    icon: "door-open",
    fact: `${who} asked to join`,
  }),
  "session.join": (who) => ({ icon: "user-plus", fact: `${who} joined` }),
  "session.leave": (who) => ({ icon: "log-out", fact: `${who} left` }),
  "session.end": (by) => ({ icon: "circle-stop", fact: "Session ended", by }),
  "session.cancel": (by) => ({ icon: "ban", fact: "Session cancelled", by }),
  "access.denied": () => ({ icon: "hand", fact: "An attempt was refused" }),
};

/** The history of a session in words, oldest first. */
export function historyLines(
  entries: readonly AuditEntry[],
  session: SessionView,
): HistoryLine[] {
  return entries.flatMap((entry) => {
    const told = TELLERS[entry.action]?.(nameOf(entry, session));
    return told === undefined ? [] : [{ by: "", ...told, at: entry.ts }];
  });
}

function nameOf({ actor }: AuditEntry, session: SessionView): string {
  if (actor.id === session.doctor.id) return session.doctor.name;
  if (actor.id === session.patient.id) return session.patient.name;
  return actor.role === "video" ? "The video service" : "Bedside";
}
