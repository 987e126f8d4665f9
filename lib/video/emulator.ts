import { randomBytes } from "node:crypto";
import type { EmulatorAccess } from "@/lib/setup/target.ts";
import { createEmulator, type Emulator } from "@/lib/twilio_emulator/mod.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";
import { openTwilio } from "@/lib/video/twilio.ts";

/** Where the emulator is mounted in the app. */
export const EMULATOR_PATH = "/twilio-emulator";

/** An account that exists in this process only. */
function inventAccount() {
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  return {
    accountSid: `AC${hex(16)}`,
    authToken: hex(16),
    apiKeySid: `SK${hex(16)}`,
    apiKeySecret: hex(16),
  };
}

/** The emulator as the app mounts it. */
export interface MountedEmulator {
  path: string;
  /** The account of it, and where it is reached. */
  access: EmulatorAccess;
  /** What is wrong with it on purpose; nothing unless a test says so. */
  faults: Emulator["faults"];
  handler(request: Request): Promise<Response>;
  /** Ends its sockets and timers. */
  close(): Promise<void>;
}

/**
 * The built-in emulator of Twilio Video, and the provider that speaks to it:
 * the one for the cloud, with another address. `origin` is where this app can
 * reach itself; callbacks go to the origin that it checks their signature for.
 */
export function openEmulator(
  origin: string,
  callbackOrigin: string = origin,
): { provider: VideoProvider; emulator: MountedEmulator } {
  const account = inventAccount();
  const baseUrl = origin + EMULATOR_PATH;
  const { accountSid, authToken, apiKeySid: sid, apiKeySecret: secret } =
    account;
  const { handler, close, faults } = createEmulator({
    accounts: [{ accountSid, authToken, apiKeys: [{ sid, secret }] }],
    basePath: EMULATOR_PATH,
  });
  return {
    emulator: {
      path: EMULATOR_PATH,
      access: { callbackOrigin, baseUrl, ...account },
      faults,
      handler,
      close,
    },
    provider: openTwilio({
      ...account,
      restBaseUrl: baseUrl,
      statusCallback: `${callbackOrigin}/webhooks/twilio/`,
      client: {
        service: "emulator",
        signaling: `${EMULATOR_PATH}/signaling`,
      },
    }),
  };
}
