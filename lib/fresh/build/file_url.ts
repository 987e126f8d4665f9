import { relative } from "node:path";

/** The characters of a path that mean something else in an address. Brackets, as in `[id].ts`, do not. */
function escapePath(path: string): string {
  return path.replaceAll("%", "%25").replaceAll("#", "%23")
    .replaceAll("?", "%3F").replaceAll("\\", "/");
}

/** The address of a file, spelled as Deno spells it when a module imports the file: one module, one instance. */
export function fileUrl(path: string): string {
  return new URL(escapePath(path), "file:///").href;
}

/** How a module in `folder` imports a file. */
export function importSpecifier(folder: string, path: string): string {
  const specifier = escapePath(relative(folder, path));
  return specifier.startsWith(".") ? specifier : `./${specifier}`;
}
