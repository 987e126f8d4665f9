import type { SetupTarget } from "@/lib/setup/target.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";

/**
 * The outside world, handed to every use case: storage, the video service and
 * the clock. `main.ts` builds it once; tests build their own.
 */
export interface Services {
  kv: Deno.Kv;
  video: VideoProvider;
  now: () => Date;
  /** The settings and addresses that all this was opened with, for the set-up checks. */
  setup: SetupTarget;
}
