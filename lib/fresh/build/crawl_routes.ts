import { crawl, isModule, withoutExtension } from "./crawl.ts";

/** A module of the routes folder. */
export interface FoundRoute {
  /** Its path on disk. */
  readonly file: string;
  /** Its path below the folder without extension, such as `/visits/[id]`. */
  readonly path: string;
  /** Whether its exports decide how it is registered, so that it cannot wait for its first request. */
  readonly eager: boolean;
}

/** What is in a routes folder. */
export interface FoundRoutes {
  /** The modules, in the order they are to be registered. */
  readonly routes: FoundRoute[];
  /** The files of `(_islands)` folders. */
  readonly islands: string[];
}

/** Finds the routes, and the islands beside them. Other `(_…)` folders are the app's own business. */
export async function crawlRoutes(
  folder: string,
  ignore: readonly RegExp[],
): Promise<FoundRoutes> {
  const routes: FoundRoute[] = [];
  const islands: string[] = [];
  for (const found of await crawl(folder, ignore)) {
    if (!isModule(found)) continue;
    const privateFolder = /\/\((_\w+)\)\//.exec(found.path)?.[1];
    if (privateFolder === "_islands") islands.push(found.file);
    if (privateFolder !== undefined) continue;
    const source = await Deno.readTextFile(found.file);
    routes.push({
      file: found.file,
      path: withoutExtension(found.path),
      eager: source.includes("routeOverride"),
    });
  }
  routes.sort((a, b) => compareSpecificity(a.path, b.path));
  return { routes, islands };
}

/** Orders paths so that of two patterns that match the same address the more specific one is tried first. */
function compareSpecificity(a: string, b: string): number {
  const [left, right] = [ranks(a), ranks(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length || (a < b ? -1 : 1);
}

function ranks(path: string): number[] {
  return path.split("/").filter((segment) =>
    segment !== "" && !/^\(.+\)$/.test(segment)
  ).map((segment) =>
    segment.includes("[...")
      ? 3
      : segment.startsWith("[[")
      ? 2
      : segment.includes("[")
      ? 1
      : 0
  );
}
