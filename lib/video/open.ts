import { type Config, loopbackOrigin, type VideoConfig } from "@/lib/config.ts";
import { addressesBelow } from "@/lib/setup/target.ts";
import type { MountedEmulator } from "@/lib/video/emulator.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";
import { openTwilio } from "@/lib/video/twilio.ts";
import { openUnconfigured } from "@/lib/video/unconfigured.ts";

/** The video service in use, and the emulator if that is what it is. */
export interface Video {
  provider: VideoProvider;
  emulator: MountedEmulator | null;
}

/** Where status callbacks go. */
const WEBHOOK_PATH = "/webhooks/twilio/";

type Service = VideoConfig["service"];
type Opener<S extends Service> = (
  video: Extract<VideoConfig, { service: S }>,
  config: Config,
) => Video | Promise<Video>;

/** Another service is one line here, one file beside this one, and one branch in the configuration. */
const OPENERS: { [S in Service]: Opener<S> } = {
  twilio: (video, { publicBaseUrl }) => ({
    provider: openTwilio({
      ...video,
      restBaseUrl: video.baseUrl,
      // Callbacks that could not be verified are not asked for.
      statusCallback: publicBaseUrl === null || video.authToken === null
        ? null
        : publicBaseUrl + WEBHOOK_PATH,
      client: { service: "twilio", signaling: null },
    }),
    emulator: null,
  }),
  external_emulator: (video, config) => ({
    provider: openTwilio({
      ...video,
      restBaseUrl: video.baseUrl,
      statusCallback: video.authToken === null
        ? null
        : (config.publicBaseUrl ?? loopbackOrigin(config)) + WEBHOOK_PATH,
      client: {
        service: "emulator",
        signaling: addressesBelow(video.baseUrl).signalling,
      },
    }),
    emulator: null,
  }),
  // Where it is not used, it is not even loaded.
  emulator: async (_, config) => {
    const { openEmulator } = await import("@/lib/video/emulator.ts");
    const origin = loopbackOrigin(config);
    return openEmulator(origin, config.publicBaseUrl ?? origin);
  },
  none: () => ({ provider: openUnconfigured(), emulator: null }),
};

/** Opens the video service that is configured. */
export async function openVideo(config: Config): Promise<Video> {
  const open = OPENERS[config.video.service] as Opener<Service>;
  return await open(config.video, config);
}
