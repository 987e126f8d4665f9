import { watch } from "@/lib/live_client.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** Calls back with the session now and whenever it changes. Returns the way to stop. */
export function watchSession(
  id: string,
  onChange: (session: SessionView) => void,
): () => void {
  return watch(`telemedicine/${id}/events/`, "session", onChange);
}
