import { createSecretKey } from "node:crypto";
import AccessToken from "twilio/lib/jwt/AccessToken.js";
import type { Admission } from "@/lib/video/provider.ts";

/** The key that signs, and whose it is. */
export interface TokenKey {
  accountSid: string;
  apiKeySid: string;
  apiKeySecret: string;
}

/**
 * Makes Twilio access tokens (JWT, HS256) with a Video grant for one room. The
 * grant always names the room: one without opens every room of the account.
 */
export function tokenMaker(
  { accountSid, apiKeySid, apiKeySecret }: TokenKey,
): (admission: Admission) => string {
  // Given text, the JWT library first tries to read it as a private key, for
  // every token anew. Its type says text, but it takes a key as well.
  const secret = createSecretKey(apiKeySecret, "utf8") as unknown as string;
  return ({ roomName, identity, ttlSeconds }) => {
    const token = new AccessToken(accountSid, apiKeySid, secret, {
      identity,
      ttl: ttlSeconds,
    });
    token.addGrant(new AccessToken.VideoGrant({ room: roomName }));
    return token.toJwt();
  };
}
