import { openStorage } from "@/lib/kv/open.ts";
import { serveKvConnect } from "./kv_connect/server.ts";

/** A storage of its own for one test. */
export interface Storage extends AsyncDisposable {
  /** The settings that make the app use it. */
  environment: Record<string, string>;
  /** Opens it as the app does; the disposal closes it. Where there can be two clients, a second call opens a second one. */
  open(): Promise<Deno.Kv>;
}

/** Everything the app can keep its records in, made anew for each test. */
export const STORAGES: Record<string, () => Promise<Storage>> = {
  memory: () => {
    let only: Promise<Deno.Kv> | undefined;
    const open = () => only ??= openStorage(":memory:");
    return Promise.resolve({
      environment: { KV_PATH: ":memory:" },
      open,
      async [Symbol.asyncDispose]() {
        (await only)?.close();
      },
    });
  },
  "a file": async () => {
    const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
    const KV_PATH = `${folder}/data/kv.sqlite3`;
    return storageAt({ KV_PATH }, async () => {
      await Deno.remove(folder, { recursive: true });
    });
  },
  "a KV Connect server": () => {
    const server = serveKvConnect();
    return Promise.resolve(storageAt({
      KV_PATH: server.url,
      DENO_KV_ACCESS_TOKEN: server.accessToken,
    }, () => server[Symbol.asyncDispose]()));
  },
};

function storageAt(
  environment: { KV_PATH: string; DENO_KV_ACCESS_TOKEN?: string },
  remove: () => PromiseLike<void>,
): Storage {
  const opened: Deno.Kv[] = [];
  return {
    environment,
    async open() {
      const { KV_PATH, DENO_KV_ACCESS_TOKEN = null } = environment;
      const kv = await openStorage(KV_PATH, DENO_KV_ACCESS_TOKEN);
      opened.push(kv);
      return kv;
    },
    async [Symbol.asyncDispose]() {
      for (const kv of opened) kv.close();
      await remove();
    },
  };
}
