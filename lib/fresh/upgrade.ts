import { HttpError } from "./shared/http_error.ts";

/** What to do on the events of a WebSocket. */
export interface WebSocketHandlers {
  /** The connection is open. */
  open?(socket: WebSocket, event: Event): void;
  /** A message came in. */
  message?(socket: WebSocket, event: MessageEvent): void;
  /** The connection is closed. */
  close?(socket: WebSocket, event: CloseEvent): void;
  /** The connection failed. */
  error?(socket: WebSocket, event: Event): void;
}

const EVENTS = ["open", "message", "close", "error"] as const;

/** Whether the argument of `ctx.upgrade()` holds handlers rather than options. */
export function hasHandlers(value: object): value is WebSocketHandlers {
  return EVENTS.some((name) =>
    typeof (value as WebSocketHandlers)[name] === "function"
  );
}

/** Turns the request into a WebSocket; an {@link HttpError} 400 when it does not ask for one. */
export function upgradeWebSocket(
  req: Request,
  options: Deno.UpgradeWebSocketOptions,
): Deno.WebSocketUpgrade {
  if (req.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new HttpError(400, "Expected a WebSocket upgrade request");
  }
  return Deno.upgradeWebSocket(req, options);
}

/** Calls the handlers on the socket's events. */
export function listenOn(socket: WebSocket, handlers: WebSocketHandlers): void {
  for (const name of EVENTS) {
    const handler = handlers[name] as
      | ((socket: WebSocket, event: Event) => void)
      | undefined;
    if (handler === undefined) continue;
    socket.addEventListener(
      name,
      (event) => handler.call(handlers, socket, event),
    );
  }
}
