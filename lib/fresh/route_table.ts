import { compile, type Compiled } from "./compile.ts";
import { type Match, Router } from "./router.ts";
import { applicable, type Scoped } from "./scope.ts";
import { HttpError } from "./shared/http_error.ts";
import type { Snapshot } from "./snapshot.ts";
import type { MaybeLazyMiddleware, Middleware } from "./types.ts";

/** A route being registered. */
export interface RouteSpec {
  /** The methods it answers. */
  readonly methods: readonly string[];
  /** Its URLPattern path. */
  readonly pattern: string;
  /** The paths that decide which scoped items apply. */
  readonly scopes: readonly (readonly string[])[];
  /** Loads the steps of the route itself; called once, on its first request. */
  readonly steps: () => Promise<MaybeLazyMiddleware[]>;
}

/** The routes of an app, each with the middlewares, layouts and error handlers registered before it. */
export class RouteTable {
  readonly #scoped: Scoped[] = [];
  readonly #router = new Router<Target>();
  readonly #unmatched = new Map<string, Target>();

  /** `snapshot` is what the build produced, for `fsRoutes()`; null without one. */
  constructor(readonly snapshot: Snapshot | null) {}

  /** Registers something for the routes below a path that are registered after it. */
  addScoped(item: Scoped): void {
    this.#scoped.push(item);
  }

  /** Registers a route. */
  addRoute({ methods, pattern, scopes, steps }: RouteSpec): void {
    const items = applicable(this.#scoped, scopes);
    const target = new Target(() => compile(items, steps));
    for (const method of methods) this.#router.add(method, pattern, target);
  }

  /** What answers a request: a route, or what stands in when there is none for this path or method. */
  find(
    method: string,
    pathname: string,
  ): { match: Match<Target>; target: Target } {
    const match = this.#router.match(method, pathname);
    return { match, target: match.target ?? this.#standIn(method, match) };
  }

  /** 404, 405 or the answer to OPTIONS, behind the middlewares and error handlers of the root. */
  #standIn(method: string, { pattern, allowed }: Match<Target>): Target {
    const kind = pattern === null
      ? "404"
      : method === "OPTIONS"
      ? allowed.join(", ")
      : "405";
    let target = this.#unmatched.get(kind);
    if (target === undefined) {
      const answer: Middleware = kind === "404" || kind === "405"
        ? () => Promise.reject(new HttpError(Number(kind)))
        : () => new Response(null, { status: 204, headers: { allow: kind } });
      const items = applicable(this.#scoped, [[]]);
      // As upstream does: error handlers see this error only if it has passed through a middleware.
      const hideError = !items.some(({ kind }) => kind === "middleware");
      target = new Target(() =>
        compile(items, () => Promise.resolve([answer]), hideError)
      );
      this.#unmatched.set(kind, target);
    }
    return target;
  }
}

/** What a method on a pattern leads to; put together when it is first asked for. */
export class Target {
  /** The result, once there is one: asking for it then costs no await. */
  compiled: Compiled | null = null;
  #pending: Promise<Compiled> | null = null;

  /** `compile` loads lazy modules, hence the promise. */
  constructor(readonly compile: () => Promise<Compiled>) {}

  /** Puts it together. A failed attempt is not remembered. */
  prepare(): Promise<Compiled> {
    this.#pending ??= this.compile().then(
      (compiled) => this.compiled = compiled,
      (error) => {
        this.#pending = null;
        throw error;
      },
    );
    return this.#pending;
  }
}
