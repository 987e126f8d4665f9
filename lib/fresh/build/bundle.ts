import type { Metafile } from "esbuild";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClientScript } from "../snapshot.ts";

// Read when esbuild is loaded. Without it, buildSync leaves a thread and a process waiting for more to build, which keep
// a program from ending and which the test runner rightly calls leaks.
Deno.env.set("ESBUILD_WORKER_THREADS", "0");
const { buildSync } = await import("esbuild");

const COMMON = fileURLToPath(new URL("../client/common.ts", import.meta.url));

/** What to bundle, and how. */
export interface BundleOptions {
  /** The root of the app. */
  readonly root: string;
  /** The files to bundle, by the name their script gets. */
  readonly entries: Readonly<Record<string, string>>;
  /** What specifiers stand for; see `readAliases`. */
  readonly aliases: Readonly<Record<string, string>>;
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

/**
 * Bundles scripts for the browser: one per entry, and chunks for what they share or load later. Throws what esbuild
 * complains about.
 *
 * It blocks for some tens of milliseconds, and in return leaves no process of esbuild's behind.
 */
export function bundle(options: BundleOptions): Bundle {
  const { kind, ...sourceMap } = options.sourceMap;
  const { outputFiles, metafile } = buildSync({
    ...sourceMap,
    sourcemap: kind,
    entryPoints: { ...options.entries },
    absWorkingDir: options.root,
    outdir: options.root,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    write: false,
    metafile: true,
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
    alias: { ...options.aliases },
  });
  const files = new Map(
    outputFiles.map(({ path, contents }) => [
      basename(path),
      contents as Uint8Array<ArrayBuffer>,
    ]),
  );
  return { files, scripts: scriptsOf(metafile, options) };
}

function scriptsOf(
  { outputs }: Metafile,
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
      const own = paths.get(name);
      if (own === undefined) throw new Error(`No script for ${name}`);
      const path = standsFor(outputs[own]!) ?? own;
      const imports = [...staticImports(outputs, path)].map((p) => basename(p));
      return [name, { url: basename(path), imports }];
    }),
  );
}

/** The one chunk that has all of a script in it, because others need the same; it then does as well, without a request. */
function standsFor(
  { inputs, imports, exports }: Metafile["outputs"][string],
): string | undefined {
  const isEmpty = exports.length === 0 &&
    Object.values(inputs).every(({ bytesInOutput }) => bytesInOutput === 0);
  const needed = imports.filter(({ kind }) => kind === "import-statement");
  return isEmpty && needed.length === 1 ? needed[0]!.path : undefined;
}

/** What a script imports, directly or not, without what it loads later. */
function staticImports(
  outputs: Metafile["outputs"],
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
