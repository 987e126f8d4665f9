import { asset } from "fresh/runtime";
import { ConnectionError } from "@/lib/call/connection.ts";
import type { Sdk } from "@/lib/call/sdk.ts";

let loading: Promise<Sdk> | null = null;

/**
 * The SDK of the video service, fetched once, when somebody joins and not
 * before. A failed attempt is forgotten, so that trying again means something.
 * Throws `ConnectionError`.
 */
export function loadSdk(): Promise<Sdk> {
  return loading ??= import(asset("/twilio-video.js")).catch((error) => {
    loading = null;
    throw new ConnectionError("not_loaded", String(error?.message ?? error));
  });
}
