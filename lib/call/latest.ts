import type { SessionView } from "@/lib/sessions/view.ts";

/**
 * Which of two views of a session to show. Answers and live events overtake
 * each other on the way; the one with the larger revision is the newer one.
 */
export function latest(known: SessionView, heard: SessionView): SessionView {
  return heard.rev < known.rev ? known : heard;
}
