import { join } from "node:path";

/** Modules; declarations and tests are left out. */
const MODULE = /\.(?:tsx?|jsx?)$/;
const NO_MODULE = /(?:\.d\.ts|[._]test\.[jt]sx?)$/;

/** A file below a folder. */
export interface FoundFile {
  /** Its path on disk. */
  readonly file: string;
  /** Its path below the folder, with slashes, such as `/css/app.css`. */
  readonly path: string;
}

/** All files below a folder, sorted by path; none when there is no such folder. */
export async function crawl(
  folder: string,
  ignore: readonly RegExp[] = [],
  below = "",
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of await entries(folder)) {
    const file = join(folder, entry.name);
    const path = `${below}/${entry.name}`;
    if (ignore.some((pattern) => pattern.test(file))) continue;
    if (entry.isDirectory) found.push(...await crawl(file, ignore, path));
    else if (entry.isFile) found.push({ file, path });
  }
  return found;
}

/** Whether a file is a module to run. */
export function isModule({ path }: FoundFile): boolean {
  return MODULE.test(path) && !NO_MODULE.test(path);
}

/** A path without the extension of a module. */
export function withoutExtension(path: string): string {
  return path.replace(MODULE, "");
}

async function entries(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const list = await Array.fromAsync(Deno.readDir(folder));
    return list.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
