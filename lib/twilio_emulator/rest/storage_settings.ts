/**
 * `/RecordingSettings/Default` and `/CompositionSettings/Default`
 * (https://www.twilio.com/docs/video/api/recording-settings,
 * https://www.twilio.com/docs/video/api/composition-settings).
 *
 * @module
 */
import { parseStorageOptions } from "../storage/storage_settings.ts";
import type { RestCall, Route } from "./call.ts";
import { json } from "./responses.ts";

/** The two resources: GET, and POST that answers 201 each time. */
export const STORAGE_ROUTES: readonly Route[] = [
  storageRoute("RecordingSettings", "recordings"),
  storageRoute("CompositionSettings", "compositions"),
];

function storageRoute(
  resource: string,
  kind: "recordings" | "compositions",
): Route {
  const view = ({ account, core, base }: RestCall) => {
    const options = core.storage[kind].get(account.accountSid);
    return {
      account_sid: account.accountSid,
      friendly_name: options.friendlyName,
      aws_credentials_sid: options.awsCredentialsSid,
      aws_s3_url: options.awsS3Url,
      aws_storage_enabled: options.awsStorageEnabled,
      encryption_key_sid: options.encryptionKeySid,
      encryption_enabled: options.encryptionEnabled,
      url: `${base}/${resource}/Default`,
    };
  };
  return [`/${resource}/Default`, {
    GET: (call) => json(view(call)),
    POST: (call) => {
      const options = parseStorageOptions(call.form);
      call.core.storage[kind].set(call.account.accountSid, options);
      return json(view(call), 201);
    },
  }];
}
