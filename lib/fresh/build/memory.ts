import type { Snapshot } from "../snapshot.ts";
import { fileUrl } from "./file_url.ts";
import { islandMap } from "./open.ts";
import type { Plan } from "./plan.ts";

/** A snapshot that serves what was built from memory, and static files from where they are. */
export async function openInMemory(
  plan: Plan,
  reloadScript: string | null = null,
): Promise<Snapshot> {
  const [islands, routes] = await Promise.all([
    Promise.all(plan.islands.map(async ({ file, script }) => ({
      module: await importFile(file),
      script,
    }))),
    Promise.all(plan.routes.map(async ({ path, file, eager }) => ({
      path,
      module: eager ? await importFile(file) : () => importFile(file),
    }))),
  ]);
  const files = plan.files.map(({ path, type, hash, source }) =>
    [path, {
      type,
      hash,
      encodings: [],
      read: () =>
        typeof source === "string"
          ? Deno.readFile(source)
          : Promise.resolve(source),
    }] as const
  );
  return {
    buildId: plan.buildId,
    mode: plan.mode,
    boot: plan.boot,
    islands: islandMap(islands),
    routes,
    files: new Map(files),
    reloadScript,
  };
}

function importFile(file: string): Promise<Record<string, unknown>> {
  return import(fileUrl(file));
}
