/**
 * Puts the parts together behind one request handler.
 *
 * @module
 */
import { createCore } from "./core.ts";
import { answerControl } from "./faults/control.ts";
import type { Faults } from "./faults/faults.ts";
import { withRestFaults } from "./faults/rest.ts";
import type { MediaControls } from "./media/controls.ts";
import { plugMedia } from "./media/extension.ts";
import { plugMonitor } from "./monitor/monitor.ts";
import { ACCOUNT_ROUTES, isOf2010 } from "./rest/accounts.ts";
import { answerRest } from "./rest/router.ts";
import { ROUTES } from "./rest/routes.ts";
import { type EmulatorOptions, resolveSettings } from "./settings.ts";
import { acceptInsights } from "./signalling/insights.ts";

/** Close code "going away" of RFC 6455. */
const CLOSE_GOING_AWAY = 1001;

/** How long `close()` waits for clients to complete the closing handshake. */
const CLOSE_WAIT_MS = 1000;

/** A Twilio Video service in this process. */
export interface Emulator {
  /** Faults on demand, for tests. */
  readonly faults: Faults;
  /** What clients are told of network quality, speaker and tracks switched off. */
  readonly media: MediaControls;
  /**
   * Answers every request below the mount: REST under `/v1`, the account
   * under `/2010-04-01`, the signalling socket at `/signaling`, the Insights
   * socket at `/v1/VideoEvents`. Give it the request as it came, with the
   * whole path. Never rejects.
   */
  handler(request: Request): Promise<Response>;
  /**
   * Settles when the file of every recording that has ended is whole, and
   * every status callback queued so far was sent or has failed.
   */
  callbacksSent(): Promise<void>;
  /** Ends all sockets, timers and callbacks. The records are gone with it. */
  close(): Promise<void>;
}

/**
 * Makes an emulator. It holds everything in memory and starts nothing by
 * itself: mount {@link Emulator.handler} in a server.
 *
 * ```ts
 * import { createEmulator } from "./mod.ts";
 *
 * const emulator = createEmulator({
 *   accounts: [{
 *     accountSid: "AC00000000000000000000000000000000",
 *     authToken: "local-auth-token",
 *     apiKeys: [{ sid: "SK00000000000000000000000000000000", secret: "local-secret" }],
 *   }],
 * });
 * Deno.serve({ hostname: "127.0.0.1", port: 8080 }, emulator.handler);
 * ```
 *
 * @throws {TypeError} when an option makes no sense.
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  const core = createCore(resolveSettings(options));
  const { callbacks, extensions, faults, settings, signalling, timers } = core;
  const media = plugMedia(core);
  if (core.settings.monitor) plugMonitor(core);
  const insights = new Set<WebSocket>();

  function openSignalling(request: Request): Response {
    if (faults.refusesSockets) return text(503, "Service unavailable");
    if (!isUpgrade(request)) return text(426, "This is a WebSocket endpoint");
    // No idle timeout: TCMP has heartbeats of its own.
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: 0,
    });
    signalling.accept(socket);
    return response;
  }

  function openInsights(request: Request): Response {
    if (!isUpgrade(request)) return text(426, "This is a WebSocket endpoint");
    const { socket, response } = Deno.upgradeWebSocket(request);
    insights.add(socket);
    socket.onclose = () => insights.delete(socket);
    acceptInsights(socket);
    return response;
  }

  async function openRest(request: Request, path: string): Promise<Response> {
    const more = extensions.flatMap(({ routes }) => routes ?? []);
    const routes = isOf2010(path) ? ACCOUNT_ROUTES : [...ROUTES, ...more];
    const response = await withRestFaults(
      request,
      path.replace(/^\/v1/, ""),
      faults,
      timers,
      () => answerRest(request, path, core, routes),
    );
    // By the emulator's clock, which faults can put wrong, not the machine's.
    response.headers.set("date", core.settings.now().toUTCString());
    return response;
  }

  return {
    faults,
    media: media.controls,
    handler: async (request) => {
      const path = pathBelow(settings.basePath, request);
      if (path === "/signaling") return openSignalling(request);
      if (path === "/v1/VideoEvents") return openInsights(request);
      if (path?.startsWith("/v1/") || (path && isOf2010(path))) {
        return openRest(request, path);
      }
      if (path?.startsWith("/control/") && settings.control) {
        return answerControl(request, path, faults);
      }
      for (const extension of extensions) {
        const answer = path !== null && extension.answer?.(request, path);
        if (answer) return await answer;
      }
      return text(404, "Not found");
    },
    callbacksSent: async () => {
      await media.settled();
      await callbacks.drain();
    },
    close: async () => {
      faults.clear();
      timers.close();
      signalling.drop(CLOSE_GOING_AWAY);
      for (const socket of insights) closeQuietly(socket);
      await Promise.all(extensions.map((extension) => extension.close?.()));
      await callbacks.close();
      await atMost(CLOSE_WAIT_MS, signalling.allClosed());
    },
  };
}

/** The path below the mount; `null` when the request is for something else. */
function pathBelow(basePath: string, request: Request): string | null {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(`${basePath}/`)
    ? pathname.slice(basePath.length)
    : null;
}

function isUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

function text(status: number, body: string): Response {
  return new Response(`${body}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

function closeQuietly(socket: WebSocket): void {
  try {
    socket.close(CLOSE_GOING_AWAY);
  } catch {
    // It is not open yet, or not any more.
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
