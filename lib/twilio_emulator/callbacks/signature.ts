/**
 * `X-Twilio-Signature`
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 *
 * @module
 */
import { createHmac } from "node:crypto";

/**
 * Signs a webhook: base64 of HMAC-SHA1, keyed with the account's auth token,
 * over the URL followed by each form parameter's name and value, sorted by
 * name.
 *
 * @param url As the receiver configured it, with its query.
 * @param params Of the form body; empty for GET, whose parameters are in the
 * URL.
 */
export function signWebhook(
  authToken: string,
  url: string,
  params: ReadonlyMap<string, string>,
): string {
  const sorted = [...params].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  const data = url + sorted.map(([name, value]) => name + value).join("");
  return createHmac("sha1", authToken).update(data).digest("base64");
}
