import type { ComponentChildren, FunctionComponent } from "preact";
import type { Context } from "./context.ts";

/** How the app was set up, as middlewares and components see it. */
export interface FreshConfig {
  /** Where the app is mounted; always `""` here. */
  readonly basePath: string;
  /** `development` under `Builder.listen()`, otherwise `production`. */
  readonly mode: "development" | "production";
}

/** What the server knows about a connection. Narrower than Deno's type, so tests can leave it out. */
export interface ConnectionInfo {
  /** The other end of the connection. */
  readonly remoteAddr: Deno.Addr;
  /** Settles when the response has been sent or given up. */
  readonly completed?: Promise<void>;
}

/** Answers a request or passes it on with `ctx.next()`. */
export type Middleware<State = unknown> = (
  ctx: Context<State>,
) => Response | Promise<Response>;

/** Another name for {@link Middleware}. */
export type MiddlewareFn<State = unknown> = Middleware<State>;

/** A middleware, or a function that loads one the first time it is needed. */
export type MaybeLazyMiddleware<State = unknown> = (
  ctx: Context<State>,
) => Response | Promise<Response | Middleware<State>> | Middleware<State>;

/** What a handler returns to have its page component rendered. */
export interface PageResponse<Data> {
  /** Becomes `props.data` of the component. */
  data: Data;
  /** The status of the response; 200 when left out. */
  status?: number;
  /** Headers added to the response. */
  headers?: HeadersInit;
}

/** Answers a request itself, or returns data for the page component. */
export type HandlerFn<Data = unknown, State = unknown> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** The HTTP methods a route can answer. */
export type Method =
  | "GET"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | "HEAD"
  | "OPTIONS";

/** One handler per HTTP method. */
export type HandlerByMethod<Data = unknown, State = unknown> = {
  [M in Method]?: HandlerFn<Data, State>;
};

/** The `handler` export of a route. */
export type RouteHandler<Data = unknown, State = unknown> =
  | HandlerFn<Data, State>
  | HandlerByMethod<Data, State>;

/** The union of what the functions of a {@link RouteHandler} pass to `page()`. */
export type HandlerData<Handler> = Handler extends
  (...args: never[]) => infer Result
  // The tuple keeps a handler that only returns Responses from turning the union into `unknown`.
  ? [Exclude<Awaited<Result>, Response>] extends [never] ? never
  : Exclude<Awaited<Result>, Response> extends PageResponse<infer Data> ? Data
  : never
  : { [M in keyof Handler]: HandlerData<Handler[M]> }[keyof Handler];

/** What page, layout, app and error components receive. */
export interface PageProps<Data = unknown, State = unknown> {
  /** Renders what this component wraps; nothing in a page. */
  Component: FunctionComponent;
  /** What the handler passed to `page()`. */
  data: Data;
  /** What was thrown, in an error page; otherwise null. */
  error: unknown;
  /** What the middlewares left for this request. */
  state: State;
  /** See {@link FreshConfig}. */
  config: FreshConfig;
  /** See {@link ConnectionInfo}. */
  info: ConnectionInfo;
  /** Always false: this layer answers with whole pages. */
  isPartial: boolean;
  /** The values of the route pattern's parameters. */
  params: Record<string, string>;
  /** The request. */
  req: Request;
  /** The pattern of the matched route, or null. */
  route: string | null;
  /** The parsed address of the request. */
  url: URL;
}

/**
 * A page, layout, app or error component. An async one is called directly (no hooks) and may return a Response; a sync
 * one is rendered by Preact, so hooks and signals work.
 */
export type RouteComponent<Data = unknown, State = unknown> = (
  props: PageProps<Data, State>,
) => ComponentChildren | Promise<ComponentChildren | Response>;

/** What a route may ask of its surroundings. */
export interface RouteConfig {
  /** The URLPattern to answer on instead of the one spelled by the file name. */
  routeOverride?: string;
  /** Render without the layouts of the folders around. */
  skipInheritedLayouts?: boolean;
  /** Render without the app wrapper. */
  skipAppWrapper?: boolean;
}

/** What a layout may ask of its surroundings, for everything below it. */
export type LayoutConfig = Omit<RouteConfig, "routeOverride">;

/** A route: a component, a handler, or both. */
export interface Route<State = unknown> {
  /** Renders the page. */
  component?: RouteComponent<never, State>;
  /** Answers, or prepares `data` for the component. */
  handler?: RouteHandler<unknown, State>;
  /** See {@link RouteConfig}. */
  config?: RouteConfig;
}

/** A value, or a function that loads it the first time it is needed. */
export type MaybeLazy<T> = T | (() => Promise<T>);
