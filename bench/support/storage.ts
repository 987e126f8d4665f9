/** An empty storage in a SQLite file, gone with its folder when disposed. */
export interface Storage extends AsyncDisposable {
  kv: Deno.Kv;
  path: string;
}

/** Makes a storage of one's own, on the disk that temporary files are on. */
export async function openStorage(): Promise<Storage> {
  const folder = await Deno.makeTempDir({ prefix: "bedside-bench-" });
  const path = `${folder}/kv.sqlite3`;
  const kv = await Deno.openKv(path);
  return {
    kv,
    path,
    async [Symbol.asyncDispose]() {
      kv.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
