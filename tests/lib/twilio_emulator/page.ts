/**
 * The page the browser tests open: the real `twilio-video` SDK, and a script
 * that gives tests a handle on it.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The SDK that the application uses, and the oldest that must work too. */
export const SDK = "2.35.0";
export const OLDER_SDK = "2.32.0";

/** A version of the SDK. */
export type SdkVersion = typeof SDK | typeof OLDER_SDK;

/** By the names they have in `deno.json`. */
const PACKAGES: Record<SdkVersion, string> = {
  [SDK]: "twilio-video",
  [OLDER_SDK]: "twilio-video-2.32",
};

/**
 * The SDK as one script that sets `globalThis.Video`, built once per version
 * and kept in a directory for temporary files.
 */
export async function sdkBundle(version: SdkVersion): Promise<string> {
  const file = join(tmpdir(), `bedside-twilio-video-${version}.js`);
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const main = fileURLToPath(import.meta.resolve(PACKAGES[version]));
  const result = await esbuild.build({
    stdin: {
      contents: `globalThis.Video = require(${JSON.stringify(main)});`,
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

/**
 * Serves the page at `/` with the SDK that the application uses, and at
 * `/?sdk=…` with another one.
 *
 * @param versions Those that are served.
 */
export async function serveTestPage(
  versions: readonly SdkVersion[] = [SDK],
): Promise<(request: Request) => Response> {
  const sdks = new Map<string, string>();
  for (const version of versions) sdks.set(version, await sdkBundle(version));
  const script = await Deno.readTextFile(
    new URL("./page/call.js", import.meta.url),
  );
  const answer = (body: string, type: string) =>
    new Response(body, {
      headers: { "content-type": `${type}; charset=utf-8` },
    });
  return (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const version = searchParams.get("sdk") ?? SDK;
    switch (pathname) {
      case "/":
        return answer(
          "<!doctype html><title>call</title>" +
            // The handle first: it notes every peer connection the SDK makes.
            "<script src=/call.js></script>" +
            `<script src="/sdk.js?sdk=${
              encodeURIComponent(version)
            }"></script>`,
          "text/html",
        );
      case "/sdk.js":
        return answer(sdks.get(version) ?? "", "text/javascript");
      case "/call.js":
        return answer(script, "text/javascript");
      default:
        return new Response(null, { status: 404 });
    }
  };
}
