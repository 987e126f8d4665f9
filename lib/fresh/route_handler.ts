import type { Context } from "./context.ts";
import { renderPage } from "./render/response.ts";
import type {
  HandlerFn,
  Method,
  Middleware,
  PageResponse,
  Route,
} from "./types.ts";

/** The methods a route can be registered for. */
export const METHODS: readonly Method[] = [
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "OPTIONS",
];

/** Stands in for a missing handler of a route that has a component. */
const renderOnly: HandlerFn = () => ({ data: {} });

/**
 * The handler of a route for a method; undefined when it has none. A component without a handler renders for every
 * method, a component beside handlers by method also for GET. With `anyMethod`, GET stands in for every other.
 */
export function pickHandler(
  { component, handler }: Route,
  method: string,
  anyMethod = false,
): HandlerFn | undefined {
  if (typeof handler === "function") return handler;
  if (handler === undefined) {
    return component === undefined ? undefined : renderOnly;
  }
  const own = handler[method as Method];
  if (own !== undefined) return own;
  if (method !== "GET" && method !== "HEAD" && !anyMethod) return undefined;
  return handler.GET ?? (component === undefined ? undefined : renderOnly);
}

/** The methods a route answers. */
export function methodsOf(route: Route): Method[] {
  if (typeof route.handler !== "object") {
    return pickHandler(route, "GET") === undefined ? [] : [...METHODS];
  }
  // HEAD is answered by GET without being listed, so that `Allow` names what the route spells out.
  return METHODS.filter((method) =>
    method === "HEAD"
      ? (route.handler as { HEAD?: unknown }).HEAD !== undefined
      : pickHandler(route, method) !== undefined
  );
}

/** Runs a handler, and renders the route's component when it returns data instead of a Response. */
export function routeHandler(
  route: Route,
  handler: HandlerFn,
  status = 200,
): Middleware {
  return async (ctx: Context<unknown>) => {
    const result = await handler(ctx);
    if (result instanceof Response) return result;
    if (!isPageResponse(result)) {
      throw new TypeError(
        `The handler of ${ctx.route} returned neither a Response nor { data }`,
      );
    }
    return await renderPage(ctx, route, { status, ...result });
  };
}

function isPageResponse(value: unknown): value is PageResponse<unknown> {
  return typeof value === "object" && value !== null && "data" in value;
}

/** Answers with the handler of a route for the method; passes on, to a 404, when it has none. */
export function anyMethodHandler(route: Route): Middleware {
  return (ctx) => {
    const handler = pickHandler(route, ctx.req.method);
    return handler === undefined
      ? ctx.next()
      : routeHandler(route, handler)(ctx);
  };
}
