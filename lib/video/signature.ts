import { validateRequest } from "twilio/lib/webhooks/webhooks.js";

/**
 * Whether a status callback carries Twilio's signature: base64 of HMAC-SHA1,
 * keyed with the auth token, over the public URL and the sorted parameters
 * (Twilio docs, "Webhooks security").
 */
export function isSigned(
  authToken: string,
  url: string,
  params: Record<string, string>,
  signature: string,
): boolean {
  return validateRequest(authToken, signature, url, params);
}
