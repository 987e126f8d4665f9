import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Encoding } from "../snapshot.ts";
import { importSpecifier } from "./file_url.ts";
import { isCompressible } from "./media_type.ts";
import { SUFFIX } from "./open.ts";
import type { Plan, PlannedFile } from "./plan.ts";

/** Below this many bytes, compressing saves less than the header that tells of it. */
const WORTH_COMPRESSING = 200;

const OPEN = fileURLToPath(new URL("./open.ts", import.meta.url));

/**
 * Writes a build: `server.js` for `deno serve`, `snapshot.js`, and the files to serve, for production also compressed as
 * small as they get. The app's own modules stay where they are and are imported from there.
 */
export async function writeToDisk(
  plan: Plan,
  outDir: string,
  serverEntry: string,
): Promise<void> {
  const staticDir = join(outDir, "static");
  // Only what this function wrote before: an outDir may hold other things too.
  await Deno.remove(staticDir, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(staticDir, { recursive: true });
  const files = await Promise.all(
    plan.files.map((file) =>
      writeFile(file, staticDir, plan.mode === "production")
    ),
  );
  await Deno.writeTextFile(
    join(outDir, "snapshot.js"),
    snapshotModule(plan, outDir, Object.fromEntries(files)),
  );
  const specifier = (path: string) =>
    JSON.stringify(importSpecifier(outDir, path));
  await Deno.writeTextFile(
    join(outDir, "server.js"),
    `import { app } from ${specifier(serverEntry)};
import { toServer } from ${specifier(OPEN)};
import { snapshot } from "./snapshot.js";

export default toServer(app, snapshot);
`,
  );
}

type StoredFile = [
  path: string,
  { type: string; hash: string; file: string; encodings: Encoding[] },
];

async function writeFile(
  { path, type, hash, source }: PlannedFile,
  staticDir: string,
  compress: boolean,
): Promise<StoredFile> {
  const target = join(staticDir, path);
  await Deno.mkdir(dirname(target), { recursive: true });
  const content = typeof source === "string"
    ? await Deno.readFile(source)
    : source;
  await Deno.writeFile(target, content);
  const encodings: Encoding[] = [];
  if (
    compress && isCompressible(type) && content.length >= WORTH_COMPRESSING
  ) {
    await Deno.writeFile(target + SUFFIX.br, await toBrotli(content));
    await Deno.writeFile(target + SUFFIX.gzip, await toGzip(content));
    encodings.push("br", "gzip");
  }
  const file = path.slice(1).split("/").map(encodeURIComponent).join("/");
  return [path, { type, hash, file, encodings }];
}

async function toBrotli(content: Uint8Array): Promise<Uint8Array> {
  return await promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}

async function toGzip(content: Uint8Array): Promise<Uint8Array> {
  return await promisify(gzip)(content, {
    level: constants.Z_BEST_COMPRESSION,
  });
}

function snapshotModule(
  { buildId, mode, boot, islands, routes }: Plan,
  outDir: string,
  files: Record<string, unknown>,
): string {
  const specifier = (path: string) =>
    JSON.stringify(importSpecifier(outDir, path));
  const imports = [`import { openOnDisk } from ${specifier(OPEN)};`];
  const islandList = islands.map(({ file, script }, index) => {
    imports.push(`import * as island${index} from ${specifier(file)};`);
    return `{ module: island${index}, script: ${JSON.stringify(script)} }`;
  });
  const routeList = routes.map(({ path, file, eager }, index) => {
    if (eager) {
      imports.push(`import * as route${index} from ${specifier(file)};`);
    }
    const module = eager ? `route${index}` : `() => import(${specifier(file)})`;
    return `{ path: ${JSON.stringify(path)}, module: ${module} }`;
  });
  return `${imports.join("\n")}

export const snapshot = openOnDisk({
  buildId: ${JSON.stringify(buildId)},
  mode: ${JSON.stringify(mode)},
  boot: ${JSON.stringify(boot)},
  folder: new URL("./static/", import.meta.url),
  islands: [
    ${islandList.join(",\n    ")}
  ],
  routes: [
    ${routeList.join(",\n    ")}
  ],
  files: ${JSON.stringify(files, null, 2)},
});
`;
}
