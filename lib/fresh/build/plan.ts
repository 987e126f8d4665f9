import { fileURLToPath } from "node:url";
import { SCRIPTS_PATH } from "../middlewares/static_files.ts";
import type { ClientScript } from "../snapshot.ts";
import { type Bundle, bundle, type SourceMapOptions } from "./bundle.ts";
import { crawl, type FoundFile, isModule, withoutExtension } from "./crawl.ts";
import { crawlRoutes, type FoundRoute } from "./crawl_routes.ts";
import { sha256 } from "./hash.ts";
import { readAliases } from "./import_map.ts";
import { mediaType } from "./media_type.ts";

/** What {@link planBuild} needs to know; paths are absolute. */
export interface PlanOptions {
  /** The root of the app. */
  readonly root: string;
  /** The folders of static files; of two files with the same path, the one in the earlier folder counts. */
  readonly staticDirs: readonly string[];
  /** The folder of islands. */
  readonly islandDir: string;
  /** The folder of routes. */
  readonly routeDir: string;
  /** More files with islands. */
  readonly moreIslands: readonly string[];
  /** Files to leave out. */
  readonly ignore: readonly RegExp[];
  /** See `FreshConfig.mode`. */
  readonly mode: "development" | "production";
  /** The oldest browsers to support, in esbuild's words. */
  readonly target: string | string[];
  /** See {@link SourceMapOptions}. */
  readonly sourceMap: SourceMapOptions;
}

/** A file to serve. */
export interface PlannedFile {
  /** Its URL path. */
  readonly path: string;
  /** Its media type. */
  readonly type: string;
  /** The SHA-256 of its content, in hex. */
  readonly hash: string;
  /** Its content, or where that is on disk. */
  readonly source: string | Uint8Array<ArrayBuffer>;
}

/** A file with islands. */
export interface PlannedIsland {
  /** Its path on disk. */
  readonly file: string;
  /** The script for the browser. */
  readonly script: ClientScript;
}

/** Everything a build found and made, before it is kept in memory or written to disk. */
export interface Plan {
  /** See `Snapshot.buildId`. */
  readonly buildId: string;
  /** See `FreshConfig.mode`. */
  readonly mode: "development" | "production";
  /** See `Snapshot.boot`. */
  readonly boot: ClientScript | null;
  /** The files with islands. */
  readonly islands: readonly PlannedIsland[];
  /** The routes, in the order they are to be registered. */
  readonly routes: readonly FoundRoute[];
  /** The static files and the scripts. */
  readonly files: readonly PlannedFile[];
}

const BOOT = fileURLToPath(new URL("../client/boot.ts", import.meta.url));

/** Finds routes, islands and static files, and bundles the islands. Writes nothing. */
export async function planBuild(options: PlanOptions): Promise<Plan> {
  const [{ routes, islands: routeIslands }, islandFiles, staticFiles] =
    await Promise.all([
      crawlRoutes(options.routeDir, options.ignore),
      crawl(options.islandDir, options.ignore),
      findStatic(options.staticDirs, options.ignore),
    ]);
  const islandPaths = [
    ...islandFiles.filter(isModule).map(({ file }) => file),
    ...routeIslands,
    ...options.moreIslands,
  ];
  const entries = nameEntries(islandPaths);
  const { files, scripts } = await bundleIslands(options, entries);

  // The names of scripts hold a hash of their content. Equal content means an equal id, on every machine.
  const parts = [...staticFiles.map((f) => `${f.path} ${f.hash}`)];
  const id = (await sha256(
    new TextEncoder().encode([...parts, ...files.keys()].join("\n")),
  )).slice(0, 16);
  const folder = `${SCRIPTS_PATH}${id}/`;
  const script = (name: string): ClientScript => {
    const { url, imports } = scripts.get(name)!;
    return { url: folder + url, imports: imports.map((file) => folder + file) };
  };

  return {
    buildId: id,
    mode: options.mode,
    boot: entries.size === 0 ? null : script("boot"),
    islands: [...entries].map(([name, file]) => ({
      file,
      script: script(name),
    })),
    routes,
    files: [...staticFiles, ...await toPlanned(files, folder)],
  };
}

async function findStatic(
  folders: readonly string[],
  ignore: readonly RegExp[],
): Promise<PlannedFile[]> {
  const found = new Map<string, FoundFile>();
  for (const folder of folders.toReversed()) {
    for (const file of await crawl(folder, ignore)) found.set(file.path, file);
  }
  const planned = [...found.values()].map(async ({ path, file }) => ({
    path,
    type: mediaType(path),
    hash: await sha256(await Deno.readFile(file)),
    source: file,
  }));
  return (await Promise.all(planned)).sort((a, b) => a.path < b.path ? -1 : 1);
}

/** A readable, unique name for the script of each island file. */
function nameEntries(paths: readonly string[]): Map<string, string> {
  const entries = new Map<string, string>();
  for (const path of new Set(paths)) {
    const base = `island-${
      withoutExtension(path).split(/[\\/]/).at(-1)!.replace(/\W/g, "_")
    }`;
    let name = base;
    for (let i = 2; entries.has(name); i++) name = `${base}_${i}`;
    entries.set(name, path);
  }
  return entries;
}

async function bundleIslands(
  options: PlanOptions,
  islands: ReadonlyMap<string, string>,
): Promise<Bundle> {
  if (islands.size === 0) return { files: new Map(), scripts: new Map() };
  return bundle({
    ...options,
    entries: { boot: BOOT, ...Object.fromEntries(islands) },
    aliases: await readAliases(options.root),
  });
}

function toPlanned(
  files: Bundle["files"],
  folder: string,
): Promise<PlannedFile[]> {
  return Promise.all([...files].map(async ([name, source]) => ({
    path: folder + name,
    type: mediaType(name),
    hash: await sha256(source),
    source,
  })));
}
