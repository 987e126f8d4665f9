/**
 * The page the browser tests open: the real `twilio-video` SDK, and a script
 * that gives tests a handle on it.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = "2.35.0";

/**
 * The SDK as one script that sets `globalThis.Video`, built once per version
 * and kept in a directory for temporary files.
 */
export async function sdkBundle(): Promise<string> {
  const file = join(tmpdir(), `bedside-twilio-video-${VERSION}.js`);
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const result = await esbuild.build({
    stdin: {
      contents: "globalThis.Video = require('twilio-video');",
      resolveDir: new URL(".", import.meta.url).pathname,
    },
    bundle: true,
    format: "iife",
    platform: "browser",
    // The SDK reads both `global` and `globalThis`.
    define: { global: "globalThis" },
    write: false,
  });
  await esbuild.stop();
  const { text } = result.outputFiles[0]!;
  // Written beside and renamed: another process may be reading it.
  const staging = `${file}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(staging, text);
  await Deno.rename(staging, file);
  return text;
}

/** Serves the page at `/` and the SDK at `/sdk.js`. */
export async function serveTestPage(): Promise<(request: Request) => Response> {
  const sdk = await sdkBundle();
  const script = await Deno.readTextFile(
    new URL("./page/call.js", import.meta.url),
  );
  const answer = (body: string, type: string) =>
    new Response(body, {
      headers: { "content-type": `${type}; charset=utf-8` },
    });
  return (request) => {
    switch (new URL(request.url).pathname) {
      case "/":
        return answer(
          "<!doctype html><title>call</title>" +
            // The handle first: it notes every peer connection the SDK makes.
            "<script src=/call.js></script><script src=/sdk.js></script>",
          "text/html",
        );
      case "/sdk.js":
        return answer(sdk, "text/javascript");
      case "/call.js":
        return answer(script, "text/javascript");
      default:
        return new Response(null, { status: 404 });
    }
  };
}
