import type { VideoProvider } from "@/lib/video/provider.ts";

/**
 * The outside world, handed to every use case: storage, the video service and
 * the clock. `main.ts` builds it once; tests build their own.
 */
export interface Services {
  kv: Deno.Kv;
  video: VideoProvider;
  now: () => Date;
}
