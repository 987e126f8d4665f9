/**
 * Builds and develops the app.
 *
 * - `deno run -A dev.ts build` builds assets and the production bundle, unless
 *   nothing changed since the last build.
 * - `deno run -A dev.ts` builds the assets and serves with reload.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { fingerprint } from "@/lib/assets/fingerprint.ts";
import { say } from "@/lib/log.ts";

/** Everything that a build is made of. */
const INPUTS = [
  "routes",
  "islands",
  "lib",
  "static",
  "main.ts",
  "dev.ts",
  "deno.json",
  "deno.lock",
];

/** Both must be there for a build to count as done. */
const OUTPUTS = ["_fresh/server.js", ".build/static/bedside.css"];

const FINGERPRINT = ".build/fingerprint";

const root = fileURLToPath(new URL(".", import.meta.url));

/** What the last build was made of, or null if its results are gone. */
async function lastBuild(): Promise<string | null> {
  try {
    await Promise.all(OUTPUTS.map((path) => Deno.stat(root + path)));
    return await Deno.readTextFile(root + FINGERPRINT);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The tools of a build; loaded only when there is something to build. */
async function createBuilder() {
  const [{ Builder }, { ASSETS_DIR, buildAssets }] = await Promise.all([
    import("fresh/dev"),
    import("@/lib/assets/build.ts"),
  ]);
  await buildAssets(root);
  return new Builder({ root, staticDir: ["static", ASSETS_DIR] });
}

if (Deno.args.includes("build")) {
  const inputs = `${Deno.version.deno} ${await fingerprint(root, INPUTS)}`;
  if (inputs !== await lastBuild()) {
    const builder = await createBuilder();
    await builder.build();
    await Deno.writeTextFile(root + FINGERPRINT, inputs);
  }
} else {
  await develop();
}

/** Serves with reload, until the process is restarted or stopped. */
async function develop(): Promise<void> {
  const [builder, { runtime }, { banner }] = await Promise.all([
    createBuilder(),
    import("./main.ts"),
    import("@/lib/server/banner.ts"),
  ]);
  const { port, host: hostname } = runtime.config;
  await builder.listen(() => import("./main.ts"), {
    port,
    hostname,
    onListen() {},
  });
  say(banner(runtime.config, `http://localhost:${port}`));
  await runtime.onListen();
}
