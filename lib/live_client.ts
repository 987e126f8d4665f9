/** The server says something at least every 15 s; after three times that the line is dead, whatever the browser thinks. */
const SILENCE_MS = 45_000;
const RETRY_MS = 5_000;

/**
 * Server-sent events that do not give up. The browser itself reconnects only
 * after a clean break: not after an answer that is no stream (a proxy in the
 * middle of a deployment), and it does not notice a line that went dead (a
 * phone that changed networks). The first event of a connection is the whole
 * current state, so nothing is missed by a gap. `path` is below `/api/v1/`.
 * Returns the way to stop.
 */
export function watch<T>(
  path: string,
  event: string,
  onChange: (value: T) => void,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout>;
  let stopped = false;
  const open = () => {
    source?.close();
    if (stopped) return;
    const stream = source = new EventSource(`/api/v1/${path}`);
    stream.addEventListener(event, (message) => {
      heard();
      onChange(JSON.parse((message as MessageEvent<string>).data));
    });
    stream.addEventListener("ping", heard);
    stream.addEventListener("signed_out", leave);
    stream.onerror = async () => {
      if (stream.readyState !== stream.CLOSED) return;
      // An event stream does not tell why it was refused; an ordinary request does.
      const answer = await fetch(stream.url, { method: "HEAD" })
        .catch(() => null);
      if (answer?.status === 401) leave();
      else openIn(RETRY_MS);
    };
    heard();
  };
  const openIn = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  };
  const heard = () => openIn(SILENCE_MS);
  const openNow = () => openIn(0);
  const stop = () => {
    stopped = true;
    removeEventListener("online", openNow);
    openNow();
  };
  // Signed out elsewhere: the page has nothing more to show.
  const leave = () => location.assign(`/login?next=${location.pathname}`);
  addEventListener("online", openNow);
  open();
  return stop;
}
