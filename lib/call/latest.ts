import type { SessionView } from "@/lib/sessions/view.ts";

/**
 * Which of two views of a session to show. Answers and live events overtake
 * each other on the way; the one with the larger revision is the newer one.
 */
export function latest(known: SessionView, heard: SessionView): SessionView {
  return heard.rev < known.rev ? known : heard;
}

/** Whether nothing can happen to the session any more. Browsers know it by this, and need no list of statuses. */
export function isFinished({ ended_at }: SessionView): boolean {
  return ended_at !== null;
}
