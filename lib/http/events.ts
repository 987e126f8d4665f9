import { logError } from "@/lib/log.ts";

/** One server-sent event: its name and a JSON value. */
export interface ServerEvent {
  event: string;
  data: unknown;
}

/** Proxies close what is silent for long, and a browser takes it for dead (`live_client.ts`). */
const PING_MS = 15_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 2_000;

const open = new Set<AbortController>();

/**
 * An answer that stays open and tells what happens (`text/event-stream`, WHATWG
 * HTML 9.2). `produce` yields until its signal aborts, because the browser
 * went away or the server stops; when it returns, the stream ends.
 */
export function eventStream(
  produce: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
): Response {
  const stopping = new AbortController();
  const encoder = new TextEncoder();
  let ping: ReturnType<typeof setInterval>;
  let gone = false;
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      const send = (text: string) => {
        if (!gone) stream.enqueue(encoder.encode(text));
      };
      const tell = async () => {
        for await (const { event, data } of produce(stopping.signal)) {
          send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        }
      };
      open.add(stopping);
      ping = setInterval(() => send("event: ping\ndata: {}\n\n"), PING_MS);
      send(`retry: ${RETRY_MS}\n\n`);
      tell()
        .catch((error) => {
          // Of one that nobody listens to any more, nobody has to know.
          if (!stopping.signal.aborted) {
            logError("An event stream broke", error);
          }
        })
        .finally(() => {
          clearInterval(ping);
          open.delete(stopping);
          if (!gone) stream.close();
        });
    },
    cancel() {
      gone = true;
      stopping.abort();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      // Nginx would hold the events back.
      "x-accel-buffering": "no",
    },
  });
}

/** Ends every open stream: a server that is asked to stop would wait for them for ever. */
export function closeEventStreams(): void {
  for (const stopping of open) stopping.abort();
}
