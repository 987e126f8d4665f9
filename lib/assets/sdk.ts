// Read when esbuild is loaded: without it, buildSync leaves a process behind that waits for more to build.
Deno.env.set("ESBUILD_WORKER_THREADS", "0");
const { buildSync } = await import("esbuild");

/** What the package exports that the call uses; the rest is not looked for by name. */
const EXPORTS = ["connect", "createLocalTracks", "isSupported"];

/**
 * The twilio-video SDK as one module for the browser. It is built by itself,
 * because a CommonJS package among the islands makes esbuild wrap everything
 * that both use, which every page would pay for.
 */
export function bundleSdk(root: string): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { ${EXPORTS.join(", ")} } from "twilio-video";`,
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2020",
    minify: true,
    legalComments: "none",
    // The package was written for bundlers that provide these.
    define: {
      global: "globalThis",
      "process.env.NODE_ENV": '"production"',
    },
  });
  return outputFiles[0]!.contents;
}
