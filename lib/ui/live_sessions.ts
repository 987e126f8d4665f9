import { useEffect, useRef, useState } from "preact/hooks";
import { watch } from "@/lib/live_client.ts";
import type { SessionStatus } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { moment } from "@/lib/ui/times.ts";

/** "In 12 minutes" moves on this often. */
const TICK_MS = 15_000;

const NEWS: Record<SessionStatus, string> = {
  SCHEDULED: "is planned",
  IN_PROGRESS: "has started",
  COMPLETED: "has ended",
  CANCELLED: "was called off",
  FAILED: "could not start",
};

/** What a live list starts from: what the server has rendered. */
export interface LiveListProps {
  sessions: SessionView[];
  timeZone: string;
  /** The server's clock when it rendered. */
  now: string;
  /** Only the sessions of this visit; null for all of one's own. */
  visitId: string | null;
  /** False for a page of the past, which does not change. */
  live: boolean;
}

/** A live list as it is now. */
export interface LiveList {
  sessions: SessionView[];
  now: string;
  /** What has just changed, in a sentence for screen readers; empty at first. */
  news: string;
  /** Puts a state of one session in its place, unless a newer one is there. */
  replace: (session: SessionView) => void;
}

/** The list just heard; what is known in a newer state stays, because answers and live events overtake each other. */
export function newest(
  known: SessionView[],
  heard: SessionView[],
): SessionView[] {
  return heard.map((session) =>
    known.find((old) => old.id === session.id && old.rev > session.rev) ??
      session
  );
}

/** Keeps a list of sessions, and what time it is, as the server knows them. */
export function useLiveSessions(props: LiveListProps): LiveList {
  const { timeZone, visitId, live } = props;
  const [now, setNow] = useState(props.now);
  const [news, setNews] = useState("");
  const [sessions, setSessions] = useState(props.sessions);
  const shown = useRef(sessions);

  function show(heard: SessionView[], at: string): void {
    const next = newest(shown.current, heard);
    const changed = next.find((session) =>
      shown.current.some((old) =>
        old.id === session.id && old.status !== session.status
      )
    );
    if (changed !== undefined) {
      const when = moment(changed.scheduled_start, timeZone, at);
      setNews(`The session of ${when} ${NEWS[changed.status]}.`);
    }
    shown.current = next;
    setSessions(next);
  }

  useEffect(() => {
    // This device's clock may be wrong; how wrong it is does not change while one looks.
    const ahead = Date.parse(props.now) - Date.now();
    const tick = () => {
      const at = new Date(Date.now() + ahead).toISOString();
      setNow(at);
      return at;
    };
    const timer = setInterval(tick, TICK_MS);
    const stop = live
      ? watch<SessionView[]>(
        `telemedicine/events/${visitId === null ? "" : `?visit_id=${visitId}`}`,
        "sessions",
        (heard) => show(heard, tick()),
      )
      : null;
    return () => {
      clearInterval(timer);
      stop?.();
    };
  }, []);

  return {
    sessions,
    now,
    news,
    replace: (session) => show(newest([session], shown.current), now),
  };
}
