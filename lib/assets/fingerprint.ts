import { createHash } from "node:crypto";
import { join } from "node:path";

/** Every file under a path, or the path itself if it is a file; nothing if it is not there. */
async function filesUnder(path: string): Promise<string[]> {
  const info = await Deno.stat(path).catch(() => null);
  if (info === null) return [];
  if (!info.isDirectory) return [path];
  const entries = await Array.fromAsync(Deno.readDir(path));
  const files = await Promise.all(
    entries.map((entry) => filesUnder(join(path, entry.name))),
  );
  return files.flat();
}

/** A hash over the names and the content of the files: equal if and only if nothing changed. */
export async function fingerprint(
  root: string,
  paths: readonly string[],
): Promise<string> {
  const files = (await Promise.all(
    paths.map((path) => filesUnder(join(root, path))),
  )).flat().sort();
  const contents = await Promise.all(files.map((file) => Deno.readFile(file)));
  const hash = createHash("sha256");
  for (const [index, file] of files.entries()) {
    const content = contents[index]!;
    hash.update(`${file.slice(root.length)}\0${content.length}\0`);
    hash.update(content);
  }
  return hash.digest("hex");
}
