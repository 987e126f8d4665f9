import * as esbuild from "esbuild";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClientScript } from "../snapshot.ts";
import { type ImportMap, resolveSpecifier } from "./import_map.ts";

const COMMON = fileURLToPath(new URL("../client/common.ts", import.meta.url));

/** What to bundle, and how. */
export interface BundleOptions {
  /** The root of the app. */
  readonly root: string;
  /** The files to bundle, by the name their script gets. */
  readonly entries: Readonly<Record<string, string>>;
  /** See {@link ImportMap}. */
  readonly importMap: ImportMap;
  /** Whether to minify, and what `process.env.NODE_ENV` is. */
  readonly mode: "development" | "production";
  /** The oldest browsers to support, in esbuild's words. */
  readonly target: string | string[];
  /** See {@link SourceMapOptions}. */
  readonly sourceMap: SourceMapOptions;
}

/** How source maps are made. */
export interface SourceMapOptions {
  /** Whether there are any, and where they are put. */
  kind: boolean | "linked" | "inline" | "external" | "both";
  /** Put before the paths in the map. */
  sourceRoot?: string;
  /** Whether the map holds the sources themselves. */
  sourcesContent?: boolean;
}

/** The scripts of a bundle. */
export interface Bundle {
  /** The content of every script by file name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** The script of each entry, with file names in the place of addresses. */
  readonly scripts: ReadonlyMap<string, ClientScript>;
}

/** Bundles scripts for the browser: one per entry, and chunks for what they share or load later. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  running++;
  try {
    return toBundle(await run(options), options);
  } finally {
    // Its process would keep ours from ending. Another bundle may still need it.
    if (--running === 0) await esbuild.stop();
  }
}

/** How many bundles are being made in this process. */
let running = 0;

function run(options: BundleOptions) {
  const { kind, ...sourceMap } = options.sourceMap;
  return esbuild.build({
    ...sourceMap,
    sourcemap: kind,
    entryPoints: { ...options.entries },
    absWorkingDir: options.root,
    outdir: options.root,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    write: false as const,
    metafile: true as const,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: options.target,
    jsx: "transform",
    jsxFactory: "__freshElement",
    jsxFragment: "__freshFragment",
    inject: [COMMON],
    minify: options.mode === "production",
    treeShaking: true,
    logLevel: "silent",
    define: {
      // twilio-video and what it depends on were written for bundlers that provide these.
      global: "globalThis",
      "process.env.NODE_ENV": JSON.stringify(options.mode),
    },
    plugins: [importMapPlugin(options.importMap)],
  });
}

function toBundle(
  result: Awaited<ReturnType<typeof run>>,
  options: BundleOptions,
): Bundle {
  const files = new Map(
    result.outputFiles.map(({ path, contents }) => [
      basename(path),
      contents as Uint8Array<ArrayBuffer>,
    ]),
  );
  return { files, scripts: scriptsOf(result.metafile, options) };
}

/** Resolves what Deno would resolve by the import map; the rest is esbuild's. */
function importMapPlugin(importMap: ImportMap): esbuild.Plugin {
  return {
    name: "import-map",
    setup(build) {
      // Packages do not see the import map of the app. Relative specifiers are esbuild's own business.
      build.onResolve({ filter: /^[^.]/ }, (args) => {
        if (
          args.kind === "entry-point" || args.pluginData === importMap ||
          isInPackage(args.importer)
        ) return undefined;
        const target = resolveSpecifier(importMap, args.path);
        if (target.startsWith("file:")) return { path: fileURLToPath(target) };
        return build.resolve(target, {
          kind: args.kind,
          importer: args.importer,
          resolveDir: args.resolveDir || importMap.root,
          pluginData: importMap,
        });
      });
    },
  };
}

function isInPackage(path: string): boolean {
  return path.includes("/node_modules/") || path.includes("\\node_modules\\");
}

function scriptsOf(
  { outputs }: esbuild.Metafile,
  { entries }: BundleOptions,
): Map<string, ClientScript> {
  const paths = new Map(
    Object.keys(outputs).filter((path) => path.endsWith(".js")).map((path) => [
      // Without "-HASH.js".
      basename(path).slice(0, basename(path).lastIndexOf("-")),
      path,
    ]),
  );
  return new Map(
    Object.keys(entries).map((name) => {
      const path = paths.get(name);
      if (path === undefined) throw new Error(`No script for ${name}`);
      const imports = [...staticImports(outputs, path)].map((p) => basename(p));
      return [name, { url: basename(path), imports }];
    }),
  );
}

/** What a script imports, directly or not, without what it loads later. */
function staticImports(
  outputs: esbuild.Metafile["outputs"],
  path: string,
  seen: Set<string> = new Set(),
): Set<string> {
  for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
    if (kind !== "import-statement" || seen.has(imported)) continue;
    seen.add(imported);
    staticImports(outputs, imported, seen);
  }
  return seen;
}
