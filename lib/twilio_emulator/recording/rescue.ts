/**
 * Recordings that a killed process left behind.
 *
 * @module
 */
import { remux } from "./remux.ts";
import { PART } from "./track_file.ts";

/**
 * Completes every file in a folder that is still a stream and that nobody
 * writes any more. One that cannot be read stays as it is.
 */
export async function rescueRecordings(
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(PART)) continue;
    const part = `${folder}/${name}`;
    try {
      if (!await isAbandoned(part)) continue;
      await remux(part, part.slice(0, -PART.length));
      await Deno.remove(part);
      log(`recording ${name} was left behind, and is completed`);
    } catch (error) {
      log(`recording ${name} was left behind, and cannot be read: ${error}`);
    }
  }
}

/** Whoever writes a file holds its lock. */
async function isAbandoned(path: string): Promise<boolean> {
  using file = await Deno.open(path, { read: true, write: true });
  return await file.tryLock(true);
}
