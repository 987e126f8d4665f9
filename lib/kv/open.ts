import { ConfigError } from "@/lib/config.ts";
import { withDeadline } from "@/lib/kv/deadline.ts";
import { within } from "@/lib/within.ts";

/** How long opening a KV Connect server may take. */
const OPEN_MS = 10_000;

/**
 * Opens the storage: a file (its folder is made if need be), `:memory:`, a KV
 * Connect server by its URL, or the platform's own. Throws `ConfigError`, one
 * line that names KV_PATH.
 *
 * @param accessToken Opens a KV Connect server; null where nothing asks for one.
 */
export async function openStorage(
  path: string | undefined,
  accessToken: string | null = null,
): Promise<Deno.Kv> {
  try {
    if (path === ":memory:") return await Deno.openKv(path);
    if (path !== undefined && !isUrl(path)) {
      await makeFolder(path);
      return await Deno.openKv(path);
    }
    // The only way to hand it to Deno's client; it may come from a .env file.
    if (accessToken !== null) {
      Deno.env.set("DENO_KV_ACCESS_TOKEN", accessToken);
    }
    return withDeadline(await inTime(Deno.openKv(path)));
  } catch (cause) {
    throw new ConfigError(
      `Cannot open the storage at KV_PATH ${path ?? "(the platform's own)"}: ` +
        oneLine((cause as Error).message),
      { cause },
    );
  }
}

function isUrl(path: string): boolean {
  return /^https?:/.test(path);
}

async function makeFolder(path: string): Promise<void> {
  if (!path.includes("/")) return;
  const folder = path.slice(0, path.lastIndexOf("/"));
  await Deno.mkdir(folder, { recursive: true });
}

function inTime(opening: Promise<Deno.Kv>): Promise<Deno.Kv> {
  return within(OPEN_MS, opening, () => {
    throw new Error(`no answer within ${OPEN_MS / 1000} seconds`);
  });
}

/** What a server answers may be of any shape. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 300);
}
