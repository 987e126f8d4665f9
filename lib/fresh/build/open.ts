import { App, APPLY } from "../app.ts";
import type {
  ClientScript,
  Encoding,
  Island,
  RouteFile,
  Snapshot,
} from "../snapshot.ts";

/** A module with islands, and its script for the browser. */
export interface IslandModule {
  /** The exports of the module. */
  readonly module: Record<string, unknown>;
  /** The script. */
  readonly script: ClientScript;
}

/** What the build wrote to disk, as the generated `snapshot.js` passes it to {@link openOnDisk}. */
export interface StoredSnapshot {
  /** See {@link Snapshot}. */
  readonly buildId: string;
  /** See {@link Snapshot}. */
  readonly mode: "development" | "production";
  /** See {@link Snapshot}. */
  readonly boot: ClientScript | null;
  /** The modules with islands. */
  readonly islands: IslandModule[];
  /** See {@link Snapshot}. */
  readonly routes: RouteFile[];
  /** The folder of the files. */
  readonly folder: URL;
  /** The files by URL path. */
  readonly files: Record<
    string,
    { type: string; hash: string; file: string; encodings: Encoding[] }
  >;
}

/** The file name ending of each encoding. */
export const SUFFIX: Readonly<Record<Encoding, string>> = {
  br: ".br",
  gzip: ".gz",
};

/** Every component a module exports, as an island. */
export function islandMap(
  modules: readonly IslandModule[],
): Map<unknown, Island> {
  const islands = new Map<unknown, Island>();
  for (const { module, script } of modules) {
    for (const [exportName, component] of Object.entries(module)) {
      if (typeof component === "function") {
        islands.set(component, { script, exportName });
      }
    }
  }
  return islands;
}

/** The snapshot of a build on disk. */
export function openOnDisk(
  { folder, islands, files, ...stored }: StoredSnapshot,
): Snapshot {
  const entries = Object.entries(files).map(([path, { file, ...rest }]) =>
    [path, {
      ...rest,
      read: (encoding: Encoding | null) =>
        Deno.readFile(
          new URL(file + (encoding === null ? "" : SUFFIX[encoding]), folder),
        ),
    }] as const
  );
  return {
    ...stored,
    islands: islandMap(islands),
    files: new Map(entries),
    reloadScript: null,
  };
}

/** The default export `deno serve` expects, for an app and its build. Called by the generated `server.js`. */
export function toServer(
  app: unknown,
  snapshot: Snapshot,
): { fetch: ReturnType<App["handler"]> } {
  if (!(app instanceof App)) {
    throw new TypeError(
      "The server entry must export the app: `export const app = new App()`",
    );
  }
  app[APPLY](snapshot);
  return { fetch: app.handler() };
}
