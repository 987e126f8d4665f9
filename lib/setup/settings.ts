import {
  ALIASES,
  type Config,
  ConfigError,
  parseConfig,
  readVideoApi,
  type VideoApi,
} from "@/lib/config.ts";

/** The settings that matter to the set-up, one by one, whether or not they make sense together. */
export interface SetupSettings {
  appEnv: string;
  /** As it was written; null if it is not set. */
  publicBaseUrl: string | null;
  accountSid: string | null;
  authToken: string | null;
  apiKeySid: string | null;
  apiKeySecret: string | null;
  /** Another address of the Video REST API than the usual one, as it was written. */
  baseUrl: string | null;
  /** Pairs of names for one setting that have different values. */
  conflicts: [name: string, alias: string][];
  /** What `TWILIO_REGION` says, which the `twilio` package reads by itself. */
  region: string | null;
}

type Environment = Readonly<Record<string, string>>;

function valueOf(environment: Environment, name: string): string | null {
  return environment[name]?.trim() || null;
}

/** The value under the name of today, else under its older one. */
function settled(environment: Environment, name: string): string | null {
  const [alias] = Object.entries(ALIASES).find(([, now]) => now === name) ?? [];
  return valueOf(environment, name) ??
    (alias === undefined ? null : valueOf(environment, alias));
}

/** Reads the settings that matter to the set-up. Never fails: what is wrong with them is for the checks to say. */
export function readSettings(environment: Environment): SetupSettings {
  return {
    appEnv: valueOf(environment, "APP_ENV") ?? "development",
    publicBaseUrl: valueOf(environment, "PUBLIC_BASE_URL"),
    accountSid: settled(environment, "TWILIO_ACCOUNT_SID"),
    authToken: settled(environment, "TWILIO_AUTH_TOKEN"),
    apiKeySid: settled(environment, "TWILIO_API_KEY_SID"),
    apiKeySecret: settled(environment, "TWILIO_API_KEY_SECRET"),
    baseUrl: valueOf(environment, "TWILIO_BASE_URL"),
    conflicts: Object.entries(ALIASES).filter(([alias, name]) => {
      const [old, current] = [environment[alias], environment[name]];
      return old && current && old !== current;
    }).map(([alias, name]) => [name, alias]),
    region: valueOf(environment, "TWILIO_REGION"),
  };
}

/** Which video service these settings ask for: any credential at all means Twilio, or what is at its address. */
export function videoServiceOf(
  environment: Environment,
): "twilio" | "external_emulator" | "emulator" | "none" {
  const { accountSid, authToken, apiKeySid, apiKeySecret, baseUrl, appEnv } =
    readSettings(environment);
  if (accountSid ?? authToken ?? apiKeySid ?? apiKeySecret ?? baseUrl) {
    const { api } = readAddress(environment);
    return api === null || api.isTwilio ? "twilio" : "external_emulator";
  }
  return appEnv === "production" ? "none" : "emulator";
}

/** Where `TWILIO_BASE_URL` leads, or null if nowhere else than usual; and what is wrong with it, or null. */
export function readAddress(
  environment: Environment,
): { api: VideoApi | null; problem: string | null } {
  const { baseUrl, appEnv } = readSettings(environment);
  try {
    const api = baseUrl === null ? null : readVideoApi(baseUrl, appEnv);
    return { api, problem: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { api: null, problem: error.message };
  }
}

/** The origin of an address as it was set, or null if there is none or it is none. */
export function originFrom(address: string | null | undefined): string | null {
  const url = address ? URL.parse(address.trim()) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : null;
}

/** What the set-up checks look at one by one. */
const CHECKED_APART = /^(TWILIO_|APP_ENV$|PUBLIC_BASE_URL$)/;

/** The settings that have no check of their own, or what is wrong with them. */
export function readOtherSettings(
  environment: Environment,
): { config: Config; problem: null } | { problem: string } {
  const others = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !CHECKED_APART.test(name)),
  );
  try {
    return { config: parseConfig(others), problem: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problem: error.message };
  }
}

/** Names of settings whose values nobody is to see. */
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|SIGNING_KEY/;
/** Anything shorter is no secret, and hiding it would tear words apart. */
const SECRET_LENGTH_MIN = 6;

/** The text without any secret of these settings. Nothing should put one in; this is the last line. */
export function withoutSecrets(text: string, environment: Environment): string {
  return Object.entries(environment)
    .filter(([name, value]) =>
      SECRET_NAME.test(name) && value.length >= SECRET_LENGTH_MIN
    )
    .reduce((safe, [, value]) => safe.replaceAll(value, "[hidden]"), text);
}

/** Enough of an identifier to tell it from others: its kind and its end. */
export function masked(sid: string): string {
  return `${sid.slice(0, 2)}…${sid.slice(-4)}`;
}
