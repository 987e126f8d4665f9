import type { Context } from "./context.ts";
import { INTERNALS } from "./internals.ts";
import { pickHandler, routeHandler } from "./route_handler.ts";
import { BARE_VIEW, type View, withLayout } from "./render/view.ts";
import type { Scoped } from "./scope.ts";
import { HttpError } from "./shared/http_error.ts";
import type { MaybeLazy, MaybeLazyMiddleware, Route } from "./types.ts";

/** Everything needed to answer on one route: computed once, then only run. */
export interface Compiled {
  /** What the request passes through, in order; the last step answers. */
  readonly steps: MaybeLazyMiddleware[];
  /** The components around the page. */
  readonly view: View;
}

/**
 * Puts the steps of a route together, loading lazy modules: for each level of the path, outermost first, what catches
 * the level's errors and then its middlewares; at the end the route itself. With `hideError`, error handlers find
 * `ctx.error` null.
 */
export async function compile(
  scoped: readonly Scoped[],
  own: () => Promise<MaybeLazyMiddleware[]>,
  hideError = false,
): Promise<Compiled> {
  const steps: MaybeLazyMiddleware[] = [];
  let view = BARE_VIEW;
  for (const level of levels(scoped)) {
    const handlers: { notFoundOnly: boolean; route: Route }[] = [];
    const middlewares: MaybeLazyMiddleware[] = [];
    for (const item of level) {
      if (item.kind === "middleware") {
        middlewares.push(...await load(item.middlewares));
      } else if (item.kind === "layout") {
        view = withLayout(view, await load(item.layout));
      } else if (item.kind === "app") {
        view = { ...view, app: (await load(item.layout)).component };
      } else {
        handlers.unshift({ ...item, route: await load(item.route) });
      }
    }
    // Those for 404 only come first, whenever they were registered; among equals the last one wins.
    handlers.sort((a, b) => Number(b.notFoundOnly) - Number(a.notFoundOnly));
    if (handlers.length > 0) {
      steps.push(catchErrors(handlers, view, hideError));
    }
    steps.push(...middlewares);
  }
  steps.push(...await own());
  return { steps, view };
}

/** The value itself, or what its loader loads. */
export async function load<T extends object>(value: MaybeLazy<T>): Promise<T> {
  return typeof value === "function" ? await value() : value;
}

/** Groups items, already ordered by depth, into one list per depth. */
function levels(scoped: readonly Scoped[]): Scoped[][] {
  const groups: Scoped[][] = [];
  for (const item of scoped) {
    const last = groups.at(-1);
    if (last?.[0]?.segments.length === item.segments.length) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function catchErrors(
  handlers: { notFoundOnly: boolean; route: Route }[],
  view: View,
  hideError: boolean,
): MaybeLazyMiddleware {
  return async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      const chosen = handlers.find(({ notFoundOnly }) =>
        !notFoundOnly || status === 404
      );
      if (chosen === undefined) throw error;
      ctx.error = hideError ? null : error;
      ctx[INTERNALS].view = view;
      return await answerError(ctx, chosen.route, status, error);
    }
  };
}

async function answerError(
  ctx: Context<unknown>,
  route: Route,
  status: number,
  error: unknown,
): Promise<Response> {
  const handler = pickHandler(route, ctx.req.method, true);
  if (handler === undefined) throw error;
  return await routeHandler(route, handler, status)(ctx);
}
