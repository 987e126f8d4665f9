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

/** The server says something at least every 15 s; after three times that the line is dead, whatever the browser thinks. */
const SILENCE_MS = 45_000;
const RETRY_MS = 3_000;

/**
 * Server-sent events that do not give up. The browser itself reconnects only
 * after a clean break: not after an answer that is no stream (a proxy in the
 * middle of a deployment), and it does not notice a line that went dead (a
 * phone that changed networks). Every event is the whole current state, so
 * nothing is missed by a gap.
 */
function watch<T>(
  path: string,
  event: string,
  onChange: (value: T) => void,
): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout>;
  const open = () => {
    source = new EventSource(`/api/v1/telemedicine/${path}`);
    source.addEventListener(event, (message) => {
      heard();
      onChange(JSON.parse((message as MessageEvent<string>).data));
    });
    source.addEventListener("ping", heard);
    source.addEventListener("signed_out", leave);
    source.onerror = async () => {
      if (source.readyState !== EventSource.CLOSED) return;
      const answer = await fetch("/api/v1/auth/me/").catch(() => null);
      if (answer?.status === 401) leave();
      else again(RETRY_MS);
    };
    heard();
  };
  const again = (afterMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      source.close();
      open();
    }, afterMs);
  };
  const heard = () => again(SILENCE_MS);
  const stop = () => {
    clearTimeout(timer);
    removeEventListener("online", retry);
    source.close();
  };
  // Signed out elsewhere: the page has nothing more to show.
  const leave = () => {
    stop();
    location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  };
  const retry = () => again(0);
  addEventListener("online", retry);
  open();
  return stop;
}
