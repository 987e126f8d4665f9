import { asset } from "fresh/runtime";
import { ConnectionError } from "@/lib/call/connection.ts";
import type { Sdk } from "@/lib/call/sdk.ts";

let loading: Promise<Sdk> | null = null;
let failures = 0;

/**
 * The SDK of the video service, fetched once, when somebody joins and not
 * before. A failed attempt is forgotten, so that trying again means something:
 * browsers keep in mind which module failed, fragment included, so another
 * fragment asks for the same file anew. It imports nothing, so nothing else is
 * there twice. Throws `ConnectionError`.
 */
export function loadSdk(): Promise<Sdk> {
  const again = failures === 0 ? "" : `#${failures}`;
  return loading ??= import(asset("/twilio-video.js") + again).catch(
    (error) => {
      loading = null;
      failures++;
      throw new ConnectionError("not_loaded", String(error?.message ?? error));
    },
  );
}
