const EVENTS_PATH = "/_fresh/reload";
const SCRIPT_PATH = "/_fresh/reload.js";

/** How soon the browser asks again while the server restarts. */
const RETRY_MS = 100;

/**
 * Runs in the browser during development. It asks the server which run of it answers, and reloads the page when that is
 * not the one the page came from. Reconnecting is done by hand: EventSource alone waits for seconds, or gives up.
 */
const SCRIPT = `
const page = new URL(import.meta.url).searchParams.get("run");
function connect() {
  const events = new EventSource(${JSON.stringify(EVENTS_PATH)});
  events.onmessage = ({ data }) => { if (data !== page) location.reload(); };
  events.onerror = () => { events.close(); setTimeout(connect, ${RETRY_MS}); };
  addEventListener("pagehide", () => events.close());
}
connect();
`;

/** Reloads pages when the process has been restarted. */
export interface LiveReload {
  /** The address of the script pages include. */
  readonly script: string;
  /** Answers the requests of that script; null for any other request. */
  respond(url: URL): Response | null;
}

/** Live reload for one run of the development server. */
export function createLiveReload(): LiveReload {
  const run = crypto.randomUUID();
  return {
    script: `${SCRIPT_PATH}?run=${run}`,
    respond({ pathname }) {
      if (pathname === SCRIPT_PATH) {
        return new Response(SCRIPT, {
          headers: { "content-type": "text/javascript; charset=utf-8" },
        });
      }
      return pathname === EVENTS_PATH ? eventStream(run) : null;
    },
  };
}

/** Tells the run and stays open: the browser notices a restart by the connection that ends. */
function eventStream(run: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${run}\n\n`));
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    },
  });
}
