/** So long one reads why before the page changes. */
const NOTICE_MS = 5_000;

/**
 * Leads a patient whose request goes back to its place in line to the page
 * where it waits, after a notice: only a page that asks for it counts as
 * somebody there. A page out of sight waits until it is looked at. Returns the
 * way to stop.
 */
export function leadToLine(callId: string): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    timer = setTimeout(() => location.replace(`/calls/${callId}`), NOTICE_MS);
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
