import type {
  LayoutConfig,
  MaybeLazy,
  MaybeLazyMiddleware,
  Route,
  RouteComponent,
} from "./types.ts";

/** A layout or app component with what it asks of its surroundings. */
export interface Layout {
  /** The component. */
  readonly component: RouteComponent<never, never>;
  /** See {@link LayoutConfig}. */
  readonly config: LayoutConfig;
}

/** Something that applies to every route below a path. */
export type Scoped =
  & {
    /** The segments of the path; `[]` is the root. */
    readonly segments: readonly string[];
  }
  & (
    | { kind: "middleware"; middlewares: MaybeLazy<MaybeLazyMiddleware[]> }
    | { kind: "layout"; layout: MaybeLazy<Layout> }
    | { kind: "app"; layout: MaybeLazy<Layout> }
    | {
      kind: "error";
      /** Whether it answers only `HttpError` 404. */
      notFoundOnly: boolean;
      route: MaybeLazy<Route>;
    }
  );

/**
 * The segments a path applies to. `*` alone and `/` are the root; a trailing `/*` means the path before it, so that
 * `use("/admin/*", guard)` guards.
 */
export function toSegments(path: string): string[] {
  const segments = path.split("/").filter((segment) => segment !== "");
  return segments.at(-1) === "*" ? segments.slice(0, -1) : segments;
}

/** The items whose path is a prefix of one of the route's, outermost first, otherwise in order of registration. */
export function applicable(
  items: readonly Scoped[],
  routePaths: readonly (readonly string[])[],
): Scoped[] {
  return items
    .filter(({ segments }) =>
      routePaths.some((path) =>
        segments.every((segment, index) => segment === path[index])
      )
    )
    .sort((a, b) => a.segments.length - b.segments.length);
}
