/** So often a page says that somebody is there. */
const BEAT_MS = 20_000;

/**
 * Says again and again that somebody is at this page, by asking for what is at
 * `path` below `/api/v1/`: an open stream proves nothing. A page that falls
 * asleep stops, and says so at once when it wakes up. Returns the way to stop.
 */
export function stayHere(path: string): () => void {
  // Whether it arrives, the live line tells.
  const beat = () => void fetch(`/api/v1/${path}`).catch(() => {});
  const wake = () => {
    if (!document.hidden) beat();
  };
  const timer = setInterval(beat, BEAT_MS);
  // It may be that the page did not ask before: what it shows came by itself.
  wake();
  document.addEventListener("visibilitychange", wake);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", wake);
  };
}
