/**
 * The provider that the product uses, against an emulator of a test.
 *
 * @module
 */
import type { VideoProvider } from "@/lib/video/provider.ts";
import { openTwilio } from "@/lib/video/twilio.ts";
import {
  ACCOUNT,
  type ServedEmulator,
} from "@/tests/lib/twilio_emulator/harness.ts";

/** Where a clinic of a test has its callbacks sent; nobody answers there. */
export const CALLBACK = "http://127.0.0.1:9/webhooks/twilio/";

/** Opens the video service of a clinic. */
export function providerOf(
  { baseUrl }: Pick<ServedEmulator, "baseUrl">,
  statusCallback: string | null = CALLBACK,
): VideoProvider {
  const [key] = ACCOUNT.apiKeys;
  return openTwilio({
    accountSid: ACCOUNT.accountSid,
    authToken: ACCOUNT.authToken,
    apiKeySid: key!.sid,
    apiKeySecret: key!.secret,
    restBaseUrl: baseUrl,
    statusCallback,
    client: { service: "emulator", signaling: null },
  });
}
