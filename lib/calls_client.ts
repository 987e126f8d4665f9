import { ask, change } from "@/lib/api_client.ts";
import type { AvailabilityView, CallView } from "@/lib/calls/view.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** Takes a patient's request: it becomes a session that starts at once. Throws `ApiError`. */
export function acceptCall(
  id: string,
): Promise<{ call: CallView; session: SessionView }> {
  return change(`calls/${id}/accept/`);
}

/** Lets a request ring at the next doctor. Throws `ApiError`. */
export function declineCall(id: string): Promise<CallView> {
  return change(`calls/${id}/decline/`);
}

/** Says whether this doctor takes calls. Throws `ApiError`. */
export function setAvailability(available: boolean): Promise<AvailabilityView> {
  return change("calls/availability/", { available }, { method: "PUT" });
}

/** So often a page says that somebody is there. */
const BEAT_MS = 20_000;

/**
 * Says again and again that somebody is at this page, by asking for what is at
 * `path` below `/api/v1/`: an open stream proves nothing. A page that falls
 * asleep stops, and says so at once when it wakes up. Returns the way to stop.
 */
export function stayHere(path: string): () => void {
  // Whether it arrives, the live line tells.
  const beat = () => void ask(path).catch(() => {});
  const wake = () => {
    if (!document.hidden) beat();
  };
  const timer = setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", wake);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", wake);
  };
}
