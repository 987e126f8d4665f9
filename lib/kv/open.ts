import { ConfigError } from "@/lib/config.ts";

/** Opens the storage; makes the folder of a file that is not there yet. Throws `ConfigError` naming KV_PATH. */
export async function openStorage(path: string | undefined): Promise<Deno.Kv> {
  const isFile = path !== undefined && path !== ":memory:" &&
    !/^https?:/.test(path);
  try {
    if (isFile && path.includes("/")) {
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
    }
    return await Deno.openKv(path);
  } catch (cause) {
    throw new ConfigError(
      `Cannot open the storage at KV_PATH ${path}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
