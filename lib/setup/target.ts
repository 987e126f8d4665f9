import { loopbackOrigin } from "@/lib/config.ts";
import {
  originFrom,
  readAddress,
  readOtherSettings,
  videoServiceOf,
} from "@/lib/setup/settings.ts";

/** Where a video service is reached. */
export interface Addresses {
  /** Base URL of the Video REST API, before `/v1`. */
  video: string;
  /** Base URL of the API that knows the account, before `/2010-04-01`. */
  account: string;
  /** The signalling socket. */
  signalling: string;
}

/** What the set-up checks examine: the settings as they are, and the servers they are for. */
export interface SetupTarget {
  service: "twilio" | "external_emulator" | "emulator" | "none";
  /** The raw settings; where the emulator is in use, with its credentials among them. */
  environment: Readonly<Record<string, string>>;
  addresses: Addresses;
  /** Origin under which the video service reaches the app, or null if it cannot. */
  callbackOrigin: string | null;
}

/** The account of an emulator that the app runs by itself. */
export interface EmulatorAccess {
  /** Origin of the app, as its callbacks reach it. */
  callbackOrigin: string;
  /** Base URL of the emulator. */
  baseUrl: string;
  accountSid: string;
  authToken: string;
  apiKeySid: string;
  apiKeySecret: string;
}

const TWILIO: Addresses = {
  video: "https://video.twilio.com",
  account: "https://api.twilio.com",
  signalling: "wss://global.vss.twilio.com/signaling",
};

/** The addresses of something that speaks like Twilio, by its base URL. */
export function addressesBelow(baseUrl: string): Addresses {
  return {
    video: baseUrl,
    account: baseUrl,
    signalling: `${baseUrl.replace(/^http/, "ws")}/signaling`,
  };
}

/**
 * The set-up of these settings, at Twilio or at an emulator on its own; or of
 * no service, if production has no credentials.
 */
export function twilioTarget(
  environment: Readonly<Record<string, string>>,
  addresses: Addresses = addressesOf(environment),
): SetupTarget {
  const service = videoServiceOf(environment);
  return {
    service: service === "emulator" ? "twilio" : service,
    environment,
    addresses,
    callbackOrigin: originFrom(environment.PUBLIC_BASE_URL) ??
      (service === "external_emulator" ? loopbackOf(environment) : null),
  };
}

function addressesOf(environment: Readonly<Record<string, string>>): Addresses {
  const { api } = readAddress(environment);
  if (api === null) return TWILIO;
  return api.isTwilio
    ? { ...TWILIO, video: api.baseUrl }
    : addressesBelow(api.baseUrl);
}

/** An emulator tells the app on this machine, if it is told no other address. */
function loopbackOf(
  environment: Readonly<Record<string, string>>,
): string | null {
  const others = readOtherSettings(environment);
  return others.problem === null ? loopbackOrigin(others.config) : null;
}

/** The set-up of these settings with the built-in emulator, which has credentials of its own. */
export function emulatorTarget(
  environment: Readonly<Record<string, string>>,
  { callbackOrigin, baseUrl, ...account }: EmulatorAccess,
): SetupTarget {
  return {
    service: "emulator",
    environment: {
      ...environment,
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_API_KEY_SID: account.apiKeySid,
      TWILIO_API_KEY_SECRET: account.apiKeySecret,
    },
    addresses: addressesBelow(baseUrl),
    callbackOrigin,
  };
}
