import { dirname, join } from "node:path";

/**
 * The `imports` of the nearest deno.json, from `root` upwards, as esbuild's `alias`; empty when there is none.
 *
 * Addresses of JSR and of other hosts are left out: an island that imports one cannot be bundled.
 */
export async function readAliases(
  root: string,
): Promise<Record<string, string>> {
  for (let folder = root;; folder = dirname(folder)) {
    try {
      const text = await Deno.readTextFile(join(folder, "deno.json"));
      return toAliases(folder, JSON.parse(text).imports ?? {});
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (folder === dirname(folder)) return {};
  }
}

/** Turns an import map into esbuild's `alias`: names and prefixes without a trailing slash, and absolute paths. */
export function toAliases(
  folder: string,
  imports: Readonly<Record<string, string>>,
): Record<string, string> {
  const aliases: Record<string, string> = {};
  for (const [key, address] of Object.entries(imports)) {
    const name = key.replace(/\/$/, "");
    const target = toTarget(folder, address);
    // A package under its own name is found in node_modules, subpaths included.
    if (target !== null && target !== name) aliases[name] = target;
  }
  return aliases;
}

function toTarget(folder: string, address: string): string | null {
  if (/^\.{1,2}\//.test(address)) {
    return join(folder, address).replace(/[\\/]$/, "");
  }
  // `npm:@scope/name@1.2.3/sub` is `@scope/name/sub`.
  const npm = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(.*)$/.exec(address);
  return npm === null ? null : `${npm[1]}${npm[2]}`;
}
