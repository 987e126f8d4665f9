import { load } from "./compile.ts";
import { anyMethodHandler, METHODS, methodsOf } from "./route_handler.ts";
import type { RouteTable } from "./route_table.ts";
import type { Layout, Scoped } from "./scope.ts";
import type { RouteFile } from "./snapshot.ts";
import type {
  MaybeLazy,
  MaybeLazyMiddleware,
  Route,
  RouteComponent,
  RouteConfig,
  RouteHandler,
} from "./types.ts";

type Module = RouteFile["module"];

/** Turns the files the build found in the routes folder into routes and what is around them. */
export function addFileRoutes(table: RouteTable): void {
  if (table.snapshot === null) {
    throw new Error(
      "fsRoutes() needs a build: start the app through _fresh/server.js or Builder.listen(), or apply what " +
        'build({ snapshot: "memory" }) returns before calling handler()',
    );
  }
  const routes: RouteFile[] = [];
  // Whatever applies to a folder comes before the routes, because only what is registered before a route counts.
  for (const file of table.snapshot.routes) {
    const scoped = toScoped(file);
    if (scoped === null) routes.push(file);
    else table.addScoped(scoped);
  }
  for (const file of routes) addRoute(table, file);
}

/** The folder and the name in a path such as `/visits/[id]/index`. */
function split(path: string): { folder: string[]; name: string } {
  const segments = path.split("/").slice(1);
  const name = segments.pop() ?? "";
  return { folder: segments.map(toPatternSegment), name };
}

function toScoped({ path, module }: RouteFile): Scoped | null {
  const { folder: segments, name } = split(path);
  switch (name) {
    case "_middleware":
      return {
        kind: "middleware",
        segments,
        middlewares: map(module, toMiddlewares),
      };
    case "_layout":
      return { kind: "layout", segments, layout: map(module, toLayout) };
    case "_app":
      return { kind: "app", segments, layout: map(module, toLayout) };
    case "_error":
    case "_500":
    case "_404":
      return {
        kind: "error",
        segments,
        notFoundOnly: name === "_404",
        route: map(module, toRoute),
      };
    default:
      return null;
  }
}

function addRoute(table: RouteTable, { path, module }: RouteFile): void {
  const { folder, name } = split(path);
  const segments = name === "index"
    ? folder
    : [...folder, toPatternSegment(name)];
  const loaded = typeof module === "function" ? null : toRoute(module);
  const pattern = loaded?.config?.routeOverride ?? toPattern(segments);
  table.addRoute({
    methods: loaded === null ? METHODS : methodsOf(loaded),
    pattern,
    // Both the place of the file and the address it answers on decide what applies to it.
    scopes: [segments, pattern.split("/").filter((part) => part !== "")],
    steps: async () => [anyMethodHandler(await load(map(module, toRoute)))],
  });
}

/** `[id]` as `:id`, `[...rest]` as `:rest*`, `[[id]]` as the group `{/:id}?`; groups `(name)` stay. */
function toPatternSegment(segment: string): string {
  return segment
    .replace(/^\[\[(\w+)\]\]$/, "{/:$1}?")
    .replace(/\[\.\.\.(\w+)\]/g, ":$1*")
    .replace(/\[(\w+)\]/g, ":$1");
}

function toPattern(segments: string[]): string {
  let pattern = "";
  for (const segment of segments) {
    if (/^\(.+\)$/.test(segment)) continue;
    // An optional segment brings its own slash.
    pattern += segment.startsWith("{/") ? segment : `/${segment}`;
  }
  return pattern === "" ? "/" : pattern;
}

function map<T>(
  module: Module,
  convert: (module: Record<string, unknown>) => T,
): MaybeLazy<T> {
  return typeof module === "function"
    ? async () => convert(await module())
    : convert(module);
}

function toMiddlewares(module: Record<string, unknown>): MaybeLazyMiddleware[] {
  const found = module.default ?? module.handler ?? module.handlers;
  return [found as MaybeLazyMiddleware | MaybeLazyMiddleware[]].flat();
}

function toLayout(module: Record<string, unknown>): Layout {
  return {
    component: module.default as RouteComponent<never, never>,
    config: (module.config ?? {}) as RouteConfig,
  };
}

function toRoute(module: Record<string, unknown>): Route {
  const handler = module.handler ?? module.handlers;
  return {
    ...(module.default ? { component: module.default as RouteComponent } : {}),
    ...(handler ? { handler: handler as RouteHandler } : {}),
    config: (module.config ?? {}) as RouteConfig,
  };
}
