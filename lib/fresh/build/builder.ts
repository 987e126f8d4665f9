import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type App, APPLY } from "../app.ts";
import type { SourceMapOptions } from "./bundle.ts";
import { writeToDisk } from "./disk.ts";
import { createLiveReload } from "./live_reload.ts";
import { openInMemory } from "./memory.ts";
import { type Plan, planBuild } from "./plan.ts";

/** Where a {@link Builder} finds an app and puts what it makes. Paths are relative to `root`. */
export interface BuilderOptions {
  /** The folder of the app, as a path or a `file:` URL; the current one by default. */
  root?: string;
  /** The folder to write to; `_fresh` by default. */
  outDir?: string;
  /** The folder or folders of static files; `static` by default. The first one that has a file counts. */
  staticDir?: string | string[];
  /** The folder of islands; `islands` by default. */
  islandDir?: string;
  /** The folder of routes; `routes` by default. */
  routeDir?: string;
  /** The module that exports the app as `app`; `main.ts` by default. */
  serverEntry?: string;
  /** The oldest browsers to support, in esbuild's words; `es2022` by default. */
  target?: string | string[];
  /** Files to leave out, by path. */
  ignore?: RegExp[];
  /** See {@link SourceMapOptions}; linked maps in development and none in production by default. */
  sourceMap?: SourceMapOptions;
}

/** How to build. */
export interface BuildOptions {
  /** Whether to minify, and what `ctx.config.mode` will be; `production` by default. */
  mode?: "development" | "production";
  /** Whether to write the result (default) or to keep it for an app in this process. */
  snapshot?: "disk" | "memory";
}

/** The path or `file:` URL of a module with islands. */
export type IslandSpecifier = string | URL;

/** Any app, whatever its state. */
export type AnyApp = Pick<App, typeof APPLY | "handler">;

/** Builds an app: finds its routes and static files, and bundles its islands for the browser. */
export class Builder {
  readonly #options: BuilderOptions;
  readonly #root: string;
  readonly #islands: string[] = [];

  /** See {@link BuilderOptions}. */
  constructor(options: BuilderOptions = {}) {
    this.#options = options;
    this.#root = resolve(toPath(options.root ?? "."));
  }

  /** Adds a module with islands from outside of the island folder. */
  registerIsland(specifier: IslandSpecifier): void {
    this.#islands.push(this.#path(toPath(specifier)));
  }

  /** Builds in memory. Resolves to a function that hands the result to an app, before its `handler()` is called. */
  build(
    options: BuildOptions & { snapshot: "memory" },
  ): Promise<(app: AnyApp) => void>;
  /** Builds to disk: `deno serve _fresh/server.js` then runs the app. */
  build(options?: BuildOptions): Promise<void>;
  async build(
    { mode = "production", snapshot = "disk" }: BuildOptions = {},
  ): Promise<((app: AnyApp) => void) | void> {
    const plan = await this.#plan(mode);
    if (snapshot === "memory") {
      const opened = await openInMemory(plan);
      return (app) => app[APPLY](opened);
    }
    await writeToDisk(
      plan,
      this.#path(this.#options.outDir ?? "_fresh"),
      this.#path(this.#options.serverEntry ?? "main.ts"),
    );
  }

  /**
   * Serves an app for development. Run it under `deno run --watch`: the process restarts when a file changes, and the
   * pages that are open reload once it is back.
   */
  async listen(
    importApp: () => Promise<{ app: AnyApp }>,
    options: Deno.ServeTcpOptions = {},
  ): Promise<Deno.HttpServer<Deno.NetAddr>> {
    const [{ app }, plan] = await Promise.all([
      importApp(),
      this.#plan("development"),
    ]);
    const reload = createLiveReload();
    app[APPLY](await openInMemory(plan, reload.script));
    const handler = app.handler();
    return Deno.serve(
      options,
      (req, info) => reload.respond(new URL(req.url)) ?? handler(req, info),
    );
  }

  #plan(mode: "development" | "production"): Promise<Plan> {
    const {
      staticDir = "static",
      islandDir = "islands",
      routeDir = "routes",
      ignore = [],
      target = "es2022",
      sourceMap = { kind: mode === "development" ? "linked" : false },
    } = this.#options;
    return planBuild({
      root: this.#root,
      staticDirs: [staticDir].flat().map((dir) => this.#path(dir)),
      islandDir: this.#path(islandDir),
      routeDir: this.#path(routeDir),
      moreIslands: this.#islands,
      ignore,
      mode,
      target,
      sourceMap,
    });
  }

  #path(path: string): string {
    return isAbsolute(path) ? path : join(this.#root, path);
  }
}

function toPath(specifier: string | URL): string {
  const text = String(specifier);
  return text.startsWith("file:") ? fileURLToPath(text) : text;
}
