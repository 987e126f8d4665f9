import { Context } from "./context.ts";
import { addFileRoutes } from "./file_routes.ts";
import { anyMethodHandler, METHODS, methodsOf } from "./route_handler.ts";
import { RouteTable } from "./route_table.ts";
import { toSegments } from "./scope.ts";
import { setBuildId } from "./shared/asset.ts";
import { HttpError, statusText } from "./shared/http_error.ts";
import type { Snapshot } from "./snapshot.ts";
import type {
  ConnectionInfo,
  FreshConfig,
  HandlerFn,
  LayoutConfig,
  MaybeLazy,
  MaybeLazyMiddleware,
  Method,
  Route,
  RouteComponent,
  RouteConfig,
} from "./types.ts";

/** Options of an {@link App}. */
export interface AppOptions {
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` decide what `ctx.url` is. Only behind a proxy that sets them. */
  trustProxy?: boolean;
}

/** What tests may leave out: the connection a request came by. */
const NO_CONNECTION: ConnectionInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
};

/** The key under which a build's result is handed to an {@link App}. */
export const APPLY: unique symbol = Symbol("fresh.apply");

/**
 * A web app: routes, and the middlewares, layouts and error handlers around them.
 *
 * What is registered for a path applies to the routes below it that are registered after it.
 */
export class App<State = unknown> {
  readonly #options: AppOptions;
  readonly #registrations: ((table: RouteTable) => void)[] = [];
  #snapshot: Snapshot | null = null;

  /** See {@link AppOptions}. */
  constructor(options: AppOptions = {}) {
    this.#options = options;
  }

  /** Adds middlewares for every route. */
  use(...middlewares: MaybeLazyMiddleware<State>[]): this;
  /** Adds middlewares for the routes at or below a path; `/admin` and `/admin/*` mean the same. */
  use(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this;
  use(
    first: string | MaybeLazyMiddleware<State>,
    ...rest: MaybeLazyMiddleware<State>[]
  ): this {
    const path = typeof first === "string" ? first : "/";
    const all = typeof first === "string" ? rest : [first, ...rest];
    const middlewares = all as MaybeLazyMiddleware[];
    return this.#register((table) =>
      table.addScoped({
        kind: "middleware",
        segments: toSegments(path),
        middlewares,
      })
    );
  }

  /** Answers GET, and HEAD unless `head()` does. */
  get(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["GET"], path, steps);
  }

  /** Answers POST. */
  post(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["POST"], path, steps);
  }

  /** Answers PUT. */
  put(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["PUT"], path, steps);
  }

  /** Answers PATCH. */
  patch(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["PATCH"], path, steps);
  }

  /** Answers DELETE. */
  delete(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["DELETE"], path, steps);
  }

  /** Answers HEAD. */
  head(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["HEAD"], path, steps);
  }

  /** Answers OPTIONS instead of the automatic list of methods. */
  options(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(["OPTIONS"], path, steps);
  }

  /** Answers every method. */
  all(path: string, ...steps: MaybeLazyMiddleware<State>[]): this {
    return this.#method(METHODS, path, steps);
  }

  /** Adds a route with a component, a handler or both. A lazy one answers every method and passes on those it lacks. */
  route(
    path: string,
    route: MaybeLazy<Route<State>>,
    config?: RouteConfig,
  ): this {
    const erased = route as MaybeLazy<Route>;
    return this.#register((table) =>
      table.addRoute({
        methods: typeof erased === "function" ? METHODS : methodsOf(erased),
        pattern: config?.routeOverride ?? path,
        scopes: [toScope(path)],
        steps: async () => {
          const loaded = typeof erased === "function" ? await erased() : erased;
          return [
            anyMethodHandler({
              ...loaded,
              config: { ...loaded.config, ...config },
            }),
          ];
        },
      })
    );
  }

  /** Wraps the pages at or below a path. */
  layout(
    path: string,
    component: RouteComponent<never, State>,
    config: LayoutConfig = {},
  ): this {
    const layout = {
      component: component as RouteComponent<never, never>,
      config,
    };
    return this.#register((table) =>
      table.addScoped({ kind: "layout", segments: toSegments(path), layout })
    );
  }

  /** Wraps every page, outside of the layouts: the place for `<html>`. */
  appWrapper(component: RouteComponent<never, State>): this {
    const layout = {
      component: component as RouteComponent<never, never>,
      config: {},
    };
    return this.#register((table) =>
      table.addScoped({ kind: "app", segments: [], layout })
    );
  }

  /** Answers what is thrown at or below a path; the nearest one is asked. */
  onError(
    path: string,
    handler: HandlerFn<unknown, State> | Route<State>,
  ): this {
    return this.#addErrorHandler(path, handler, false);
  }

  /** Answers requests no route matches, and a thrown `HttpError` 404. */
  notFound(handler: HandlerFn<unknown, State> | Route<State>): this {
    return this.#addErrorHandler("*", handler, true);
  }

  /** Adds the routes of the routes folder, as the build found them, at this place in the order of registration. */
  fsRoutes(): this {
    return this.#register(addFileRoutes);
  }

  /** The app as a function from request to response. It never rejects. */
  handler(): (req: Request, info?: ConnectionInfo) => Promise<Response> {
    const table = new RouteTable(this.#snapshot);
    for (const register of this.#registrations) register(table);
    const snapshot = this.#snapshot;
    const config: FreshConfig = {
      basePath: "",
      mode: snapshot?.mode ?? "production",
    };
    return async (req, info = NO_CONNECTION) => {
      const url = this.#url(req);
      const method = req.method.toUpperCase();
      const { match, target } = table.find(method, url.pathname);
      let response: Response;
      try {
        const { steps, view } = target.compiled ?? await target.prepare();
        const { pattern: route, params } = match;
        response = await new Context({
          req,
          url,
          params,
          route,
          config,
          info,
          internals: { view, snapshot, wantsNonce: false, nonce: null },
        }).run(steps);
      } catch (error) {
        response = errorResponse(error);
      }
      // What stands in for a missing route keeps its text, as upstream does; the server does not send it.
      return method === "HEAD" && match.target !== undefined
        ? withoutBody(response)
        : response;
    };
  }

  /** Serves the app with `Deno.serve`. */
  listen(
    options: Deno.ServeTcpOptions = {},
  ): Promise<Deno.HttpServer<Deno.NetAddr>> {
    return Promise.resolve(Deno.serve(options, this.handler()));
  }

  /** Hands over what the build produced. For the layer itself: `Builder` and the generated server do this. */
  [APPLY](snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    setBuildId(snapshot.buildId);
  }

  #register(registration: (table: RouteTable) => void): this {
    this.#registrations.push(registration);
    return this;
  }

  #method(
    methods: readonly Method[],
    path: string,
    steps: MaybeLazyMiddleware<State>[],
  ): this {
    return this.#register((table) =>
      table.addRoute({
        methods,
        pattern: path,
        scopes: [toScope(path)],
        steps: () => Promise.resolve([...steps] as MaybeLazyMiddleware[]),
      })
    );
  }

  #addErrorHandler(
    path: string,
    handler: HandlerFn<unknown, State> | Route<State>,
    notFoundOnly: boolean,
  ): this {
    const route =
      (typeof handler === "function" ? { handler } : handler) as Route;
    return this.#register((table) =>
      table.addScoped({
        kind: "error",
        segments: toSegments(path),
        notFoundOnly,
        route,
      })
    );
  }

  #url(req: Request): URL {
    const url = new URL(req.url);
    if (this.#options.trustProxy) {
      const protocol = req.headers.get("x-forwarded-proto");
      const host = req.headers.get("x-forwarded-host");
      if (protocol !== null) url.protocol = protocol;
      if (host !== null) url.host = host;
    }
    return url;
  }
}

/** The segments of a route's own path: unlike the path of a middleware, its `*` is a segment. */
function toScope(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** What is sent when no error handler answers. Only the message of an {@link HttpError} is for the client. */
function errorResponse(error: unknown): Response {
  if (error instanceof HttpError) {
    return new Response(error.message || statusText(error.status), {
      status: error.status,
    });
  }
  // deno-lint-ignore no-console -- the last place an unexpected error can be seen
  console.error(error);
  return new Response("Internal server error", { status: 500 });
}

function withoutBody(response: Response): Response {
  if (response.body === null) return response;
  // Deno warns about, and tests fail on, a body that is neither read nor cancelled.
  response.body.cancel();
  return new Response(null, response);
}
