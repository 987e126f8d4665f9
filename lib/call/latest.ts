import type { SessionStatus } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

const RANK: Record<SessionStatus, number> = {
  SCHEDULED: 0,
  IN_PROGRESS: 1,
  COMPLETED: 2,
  CANCELLED: 2,
  FAILED: 2,
};

/**
 * Which of two views of a session to show. Answers and live events overtake
 * each other on the way, but a status never goes back: whoever claims that is
 * the older one.
 */
export function latest(known: SessionView, heard: SessionView): SessionView {
  return RANK[heard.status] < RANK[known.status] ? known : heard;
}

/** Whether nothing can happen to the session any more. */
export function isFinished(session: SessionView): boolean {
  return RANK[session.status] === 2;
}
