import AccessToken from "twilio/lib/jwt/AccessToken.js";
import type { Admission } from "@/lib/video/provider.ts";

/** The key that signs, and whose it is. */
export interface TokenKey {
  accountSid: string;
  apiKeySid: string;
  apiKeySecret: string;
}

/**
 * A Twilio access token (JWT, HS256) with a Video grant for one room. The
 * grant always names the room: one without opens every room of the account.
 */
export function createAccessToken(
  { accountSid, apiKeySid, apiKeySecret }: TokenKey,
  { roomName, identity, ttlSeconds }: Admission,
): string {
  const token = new AccessToken(accountSid, apiKeySid, apiKeySecret, {
    identity,
    ttl: ttlSeconds,
  });
  token.addGrant(new AccessToken.VideoGrant({ room: roomName }));
  return token.toJwt();
}
