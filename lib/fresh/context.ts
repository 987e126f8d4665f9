import type { ComponentChildren, VNode } from "preact";
import { redirectLocation } from "./redirect.ts";
import { INTERNALS, type Internals } from "./internals.ts";
import { renderVNode } from "./render/response.ts";
import type {
  ConnectionInfo,
  FreshConfig,
  LayoutConfig,
  MaybeLazyMiddleware,
  Middleware,
} from "./types.ts";
import { HttpError } from "./shared/http_error.ts";
import {
  hasHandlers,
  listenOn,
  upgradeWebSocket,
  type WebSocketHandlers,
} from "./upgrade.ts";

/** The status and headers a response helper may be given. */
export type ResponseOptions = Pick<ResponseInit, "status" | "headers">;

/** One request on its way through middlewares and handlers. */
export class Context<State> {
  /** The request. */
  readonly req: Request;
  /** Its parsed address; behind a trusted proxy, the one the client used. */
  readonly url: URL;
  /** The values of the route pattern's parameters, decoded. */
  readonly params: Record<string, string>;
  /** Shared by the middlewares, handler and components of this request; starts as `{}`. */
  readonly state: State = {} as State;
  /** The pattern of the matched route, or null. */
  readonly route: string | null;
  /** What was thrown, inside an error handler; otherwise null. */
  error: unknown = null;
  /** What the handler passed to `page()`. */
  data: unknown = undefined;
  /** See {@link FreshConfig}. */
  readonly config: FreshConfig;
  /** See {@link ConnectionInfo}. */
  readonly info: ConnectionInfo;
  /** Always false: this layer answers with whole pages. */
  readonly isPartial: boolean = false;
  /** For the layer itself. */
  readonly [INTERNALS]: Internals;

  #steps: MaybeLazyMiddleware[] = [];
  #position = 0;

  /** Created by `App.handler()` for every request. */
  constructor(init: {
    req: Request;
    url: URL;
    params: Record<string, string>;
    route: string | null;
    config: FreshConfig;
    info: ConnectionInfo;
    internals: Internals;
  }) {
    this.req = init.req;
    this.url = init.url;
    this.params = init.params;
    this.route = init.route;
    this.config = init.config;
    this.info = init.info;
    this[INTERNALS] = init.internals;
  }

  /** Runs the steps of a route on this request. Called once, by `App.handler()`. */
  run(steps: MaybeLazyMiddleware[]): Promise<Response> {
    this.#steps = steps;
    this.#position = -1;
    return this.next();
  }

  /**
   * Passes the request on and resolves to the response of what follows.
   *
   * Throws an {@link HttpError} 404 when nothing follows, also on a second call from the same middleware.
   */
  async next(): Promise<Response> {
    const position = ++this.#position;
    const steps = this.#steps;
    const step = steps[position];
    if (step === undefined) throw new HttpError(404);
    try {
      let result = await step(this as Context<unknown>);
      if (typeof result === "function") {
        // A lazy middleware: from now on the loaded one stands in its place.
        const loaded: Middleware = result;
        steps[position] = loaded;
        result = await loaded(this as Context<unknown>);
      }
      if (result instanceof Response) return result;
      throw new TypeError(
        `A middleware or handler of ${
          this.route ?? "an unmatched URL"
        } returned no Response`,
      );
    } finally {
      this.#position = steps.length;
    }
  }

  /** A redirect, 302 unless told otherwise. Local paths cannot leave the site: see `redirectLocation`. */
  redirect(to: string, status = 302): Response {
    return new Response(null, {
      status,
      headers: { location: redirectLocation(to) },
    });
  }

  /** Renders JSX inside the layouts and the app wrapper that apply here, as a full HTML document. */
  render(
    // deno-lint-ignore no-explicit-any -- any element will do, whatever its props
    vnode: VNode<any> | null,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    return renderVNode(
      this as Context<unknown>,
      vnode as ComponentChildren,
      init,
      config,
    );
  }

  /** A plain text response. */
  text(content: string, init?: ResponseOptions): Response {
    return new Response(content, init);
  }

  /** An HTML response; `content` is sent as it is. */
  html(content: string, init: ResponseOptions = {}): Response {
    const headers = new Headers(init.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  /** A JSON response. */
  json(content: unknown, init?: ResponseOptions): Response {
    return Response.json(content, init);
  }

  /** Turns the request into a WebSocket and calls the handlers on its events. Throws an {@link HttpError} 400 otherwise. */
  upgrade(
    handlers: WebSocketHandlers,
    options?: Deno.UpgradeWebSocketOptions,
  ): Response;
  /** Turns the request into a WebSocket and leaves the socket to the caller. Throws an {@link HttpError} 400 otherwise. */
  upgrade(options?: Deno.UpgradeWebSocketOptions): Deno.WebSocketUpgrade;
  upgrade(
    first: WebSocketHandlers | Deno.UpgradeWebSocketOptions = {},
    options: Deno.UpgradeWebSocketOptions = {},
  ): Response | Deno.WebSocketUpgrade {
    if (!hasHandlers(first)) return upgradeWebSocket(this.req, first);
    const { socket, response } = upgradeWebSocket(this.req, options);
    listenOn(socket, first);
    return response;
  }
}
