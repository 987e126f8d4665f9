import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The import map of an app, and the folder its relative addresses start from. */
export interface ImportMap {
  /** The folder of the deno.json. */
  readonly root: string;
  /** Specifiers, or prefixes that end with a slash, and what they stand for. */
  readonly imports: Readonly<Record<string, string>>;
}

/** Reads the `imports` of the nearest deno.json, from `root` upwards. Empty when there is none. */
export async function readImportMap(root: string): Promise<ImportMap> {
  for (let folder = root;; folder = dirname(folder)) {
    try {
      const text = await Deno.readTextFile(join(folder, "deno.json"));
      return { root: folder, imports: JSON.parse(text).imports ?? {} };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (folder === dirname(folder)) return { root, imports: {} };
  }
}

/** What a specifier stands for: the address of a file, or a bare specifier to look up in node_modules. */
export function resolveSpecifier(
  { root, imports }: ImportMap,
  specifier: string,
): string {
  const exact = imports[specifier];
  if (exact !== undefined) return toTarget(root, exact);
  // The longest prefix wins. A package also stands for its subpaths: "preact" for "preact/hooks".
  const prefix = Object.keys(imports)
    .filter((key) => specifier.startsWith(key.endsWith("/") ? key : `${key}/`))
    .sort((a, b) => b.length - a.length)[0];
  const mapped = prefix === undefined ? undefined : imports[prefix];
  if (prefix === undefined || mapped === undefined) {
    return withoutVersion(specifier);
  }
  return toTarget(root, mapped + specifier.slice(prefix.length));
}

function toTarget(root: string, address: string): string {
  return /^\.{0,2}\//.test(address)
    ? new URL(address, pathToFileURL(join(root, "/"))).href
    : withoutVersion(address);
}

/** `npm:preact@10.29.7/hooks` as `preact/hooks`; anything else as it is. */
function withoutVersion(specifier: string): string {
  const npm = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(.*)$/.exec(specifier);
  return npm === null ? specifier : `${npm[1]}${npm[2]}`;
}
