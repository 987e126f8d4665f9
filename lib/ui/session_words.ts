import type { SessionView } from "@/lib/sessions/view.ts";

/** From where a session is told: which zone, and when it is now. */
export interface Viewpoint {
  timeZone: string;
  now: string;
}

/** What a list says of a session: something beside the time, a line to read first, and one that says more. */
export interface SessionWords {
  when: string;
  lead: string;
  more: string;
}

/** The first word of a name. */
export function firstName(name: string): string {
  return name.split(" ", 1)[0]!;
}

/** "Video" or "Voice only", and whether it is to be recorded. */
export function kindWords({ voice_only, recording }: SessionView): string {
  return `${voice_only ? "Voice only" : "Video"}${
    recording.requested ? ", recording asked for" : ""
  }`;
}

/** Sessions as people look for them: what runs, then what comes (soonest first), then the past (latest first). */
export function agenda(
  sessions: readonly SessionView[],
): { ahead: SessionView[]; past: SessionView[] } {
  const sorted = sessions.toSorted((a, b) =>
    a.scheduled_start < b.scheduled_start ? -1 : 1
  );
  const having = (status: string) =>
    sorted.filter((session) => session.status === status);
  const ahead = [...having("IN_PROGRESS"), ...having("SCHEDULED")];
  return {
    ahead,
    past: sorted.filter((session) => !ahead.includes(session)).reverse(),
  };
}
