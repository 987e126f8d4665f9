import type { SessionView } from "@/lib/sessions/view.ts";

/** Calls back with the session now and whenever it changes. Returns the way to stop. */
export function watchSession(
  id: string,
  onChange: (session: SessionView) => void,
): () => void {
  return watch(`${id}/events/`, "session", onChange);
}

/**
 * Calls back with the actor's sessions (newest scheduled start first, at most
 * 50; of one visit if given) now and whenever one changes. Returns the way to stop.
 */
export function watchSessions(
  visitId: string | null,
  onChange: (sessions: SessionView[]) => void,
): () => void {
  const query = visitId === null ? "" : `?visit_id=${visitId}`;
  return watch(`events/${query}`, "sessions", onChange);
}

/**
 * Server-sent events; the browser reconnects by itself, and every event is the
 * whole current state, so nothing is missed by a gap.
 */
function watch<T>(
  path: string,
  event: string,
  onChange: (value: T) => void,
): () => void {
  const source = new EventSource(`/api/v1/telemedicine/${path}`);
  source.addEventListener(event, (message) => {
    onChange(JSON.parse((message as MessageEvent<string>).data));
  });
  // Signed out elsewhere: the page has nothing more to show.
  source.addEventListener("signed_out", () => {
    source.close();
    location.assign("/login");
  });
  return () => source.close();
}
