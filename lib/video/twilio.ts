import { tokenMaker } from "@/lib/video/access_token.ts";
import type { VideoClientConfig, VideoProvider } from "@/lib/video/provider.ts";
import { isSigned } from "@/lib/video/signature.ts";
import { type RestAccess, restOf } from "@/lib/video/twilio_client.ts";
import { twilioRecordings } from "@/lib/video/twilio_recordings.ts";
import { twilioRooms } from "@/lib/video/twilio_rooms.ts";

/** What is needed to speak to Twilio, or to something that speaks like it. */
export interface TwilioOptions extends RestAccess {
  /** Verifies status callbacks; without it none are asked for. */
  authToken: string | null;
  /** Public URL that status callbacks go to, or null for none. */
  statusCallback: string | null;
  client: VideoClientConfig;
}

/** The video service by Twilio's REST API (Video v1) and its access tokens. */
export function openTwilio(options: TwilioOptions): VideoProvider {
  const { authToken, client, statusCallback } = options;
  const rest = restOf(options);
  return {
    client,
    ...twilioRooms(rest, statusCallback),
    ...twilioRecordings(rest, statusCallback),
    createAccessToken: tokenMaker(options),
    isSigned: (url, params, signature) =>
      authToken !== null && params.AccountSid === options.accountSid &&
      isSigned(authToken, url, params, signature),
  };
}
