/**
 * Where an account wants its recordings or compositions to be stored, and how
 * they are to be encrypted. Kept and answered; the emulator stores on its own
 * disk whatever they say
 * (https://www.twilio.com/docs/video/api/external-s3-recordings,
 * https://www.twilio.com/docs/video/api/encrypted-recordings).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { flag, required } from "../forms.ts";

/** The settings of one account. */
export interface StorageOptions {
  readonly friendlyName: string | null;
  readonly awsCredentialsSid: string | null;
  readonly awsS3Url: string | null;
  readonly awsStorageEnabled: boolean;
  readonly encryptionKeySid: string | null;
  readonly encryptionEnabled: boolean;
}

const DEFAULTS: StorageOptions = {
  friendlyName: null,
  awsCredentialsSid: null,
  awsS3Url: null,
  awsStorageEnabled: false,
  encryptionKeySid: null,
  encryptionEnabled: false,
};

/** The settings of every account, of recordings or of compositions. */
export class StorageSettings {
  readonly #byAccount = new Map<string, StorageOptions>();

  /** Those of an account; the defaults when it has set none. */
  get(accountSid: string): StorageOptions {
    return this.#byAccount.get(accountSid) ?? DEFAULTS;
  }

  /** Replaces all of an account's. */
  set(accountSid: string, options: StorageOptions): void {
    this.#byAccount.set(accountSid, options);
  }
}

/**
 * Reads the form of `POST /v1/RecordingSettings/Default`: what is left out
 * goes back to its default.
 *
 * @throws {TwilioFault} 20001 naming the parameter.
 */
export function parseStorageOptions(form: URLSearchParams): StorageOptions {
  const options: StorageOptions = {
    friendlyName: required(form, "FriendlyName"),
    awsCredentialsSid: credentialSid(form, "AwsCredentialsSid"),
    awsS3Url: bucketUrl(form.get("AwsS3Url")),
    awsStorageEnabled: flag(form, "AwsStorageEnabled"),
    encryptionKeySid: credentialSid(form, "EncryptionKeySid"),
    encryptionEnabled: flag(form, "EncryptionEnabled"),
  };
  if (options.awsStorageEnabled) {
    required(form, "AwsCredentialsSid");
    required(form, "AwsS3Url");
  }
  if (options.encryptionEnabled) required(form, "EncryptionKeySid");
  return options;
}

function credentialSid(form: URLSearchParams, key: string): string | null {
  const text = form.get(key);
  if (!text) return null;
  if (/^CR[0-9a-f]{32}$/i.test(text)) return text;
  throw new TwilioFault(20001, `Invalid ${key}`);
}

function bucketUrl(text: string | null): string | null {
  if (!text) return null;
  const isBucket = URL.canParse(text) &&
    /^https:\/\/[^/]+\.s3[.-][^/]*\//.test(new URL(text).href);
  if (isBucket) return text;
  throw new TwilioFault(20001, "Invalid AwsS3Url");
}
