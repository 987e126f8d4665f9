import type {
  HandlerData,
  Middleware,
  PageResponse,
  RouteComponent,
  RouteHandler,
} from "./types.ts";

/** Helpers that give handlers, components and middlewares the app's state type. They return their argument. */
export interface Define<State> {
  /** Types the `handler` export of a route. */
  handlers<Handler extends RouteHandler<unknown, State>>(
    handler: Handler,
  ): Handler;
  /** Types a page component; `define.page<typeof handler>(…)` gives `props.data` the type the handlers return. */
  page<Handler = never>(
    component: RouteComponent<HandlerData<Handler>, State>,
  ): RouteComponent<HandlerData<Handler>, State>;
  /** Types a layout or app component. */
  layout(
    component: RouteComponent<unknown, State>,
  ): RouteComponent<unknown, State>;
  /** Types one middleware or several. */
  middleware<M extends Middleware<State> | Middleware<State>[]>(
    middleware: M,
  ): M;
}

/** Creates the {@link Define} helpers for an app whose `ctx.state` is `State`. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handler) => handler,
    page: (component) => component,
    layout: (component) => component,
    middleware: (middleware) => middleware,
  };
}

/** What a handler returns to render its page with `data`, a status and headers of its choice. */
export function page<Data = undefined>(
  data?: Data,
  options: { status?: number; headers?: HeadersInit } = {},
): PageResponse<Data> {
  return { data: data as Data, ...options };
}
