import { z } from "zod";

/** The credentials of a Twilio account, or of one at an emulator. */
interface VideoAccount {
  accountSid: string;
  apiKeySid: string;
  apiKeySecret: string;
  /** Needed to verify status callbacks only; null if the clinic gave none. */
  authToken: string | null;
}

/** The video service the app is to use, complete or not at all. */
export type VideoConfig =
  /** `baseUrl` is null for the usual address of Twilio's REST API. */
  | VideoAccount & { service: "twilio"; baseUrl: string | null }
  /** An emulator that runs on its own, so that several processes can share it and it outlives them. */
  | VideoAccount & { service: "external_emulator"; baseUrl: string }
  /** The one that the app runs within itself. */
  | { service: "emulator" }
  | { service: "none" };

/** The whole configuration, checked. */
export interface Config {
  port: number;
  host: string;
  /** Origin under which browsers and Twilio reach the app, or null while developing. */
  publicBaseUrl: string | null;
  appEnv: "development" | "production" | "test";
  /** Path of the SQLite file, `:memory:`, a KV Connect URL, or undefined for the platform's own. */
  kvPath: string | undefined;
  /** Opens a KV Connect server; null if the storage needs none. */
  kvAccessToken: string | null;
  trustedProxyHops: number;
  /** What drives the reconcilers: this process, or the platform's scheduler where no process stays. */
  background: "process" | "cron";
  video: VideoConfig;
}

/** A mistake in the configuration, said in one line per setting. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const text = z.string().trim();

const Environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65535).default(8000),
  HOST: text.default("127.0.0.1"),
  PUBLIC_BASE_URL: z.url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin).optional(),
  APP_ENV: z.enum(["development", "production", "test"]).default("development"),
  KV_PATH: text.default("data/bedside.sqlite3"),
  DENO_KV_ACCESS_TOKEN: text.optional(),
  TWILIO_ACCOUNT_SID: text
    .regex(/^AC[0-9a-f]{32}$/i, "must be AC and 32 hexadecimal digits")
    .optional(),
  TWILIO_AUTH_TOKEN: text.optional(),
  TWILIO_API_KEY_SID: text
    .regex(/^SK[0-9a-f]{32}$/i, "must be SK and 32 hexadecimal digits")
    .optional(),
  TWILIO_API_KEY_SECRET: text.optional(),
  TWILIO_BASE_URL: text.optional(),
  /** Set by Deno Deploy itself. */
  DENO_DEPLOYMENT_ID: text.optional(),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(8).default(0),
});

type Environment = z.infer<typeof Environment>;

/** Older names of two settings, still read. */
export const ALIASES = {
  TWILIO_API_KEY: "TWILIO_API_KEY_SID",
  TWILIO_API_SECRET: "TWILIO_API_KEY_SECRET",
} as const;

function withoutAliases(
  environment: Record<string, string>,
): Record<string, string> {
  const settled = { ...environment };
  for (const [alias, name] of Object.entries(ALIASES)) {
    const value = environment[alias];
    if (!value) continue;
    if (environment[name] && environment[name] !== value) {
      throw new ConfigError(
        `${name} and ${alias} are both set, to different values`,
      );
    }
    settled[name] = value;
  }
  return settled;
}

/** An empty setting is one that is not set, but for the storage's path, where it means the platform's own. */
function withoutEmpty(
  environment: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) =>
      value.trim() !== "" || name === "KV_PATH"
    ),
  );
}

/** Cookies, headers and callbacks are only as safe as the address that people and Twilio use. */
function requirePublicAddress(env: Environment): void {
  if (env.APP_ENV !== "production") return;
  if (env.PUBLIC_BASE_URL?.startsWith("https:")) return;
  throw new ConfigError(
    "PUBLIC_BASE_URL has to be the app's https address in production",
  );
}

/** A KV Connect server lets nobody in without. */
function requireAccessToken(env: Environment): void {
  if (!/^https?:/.test(env.KV_PATH) || env.DENO_KV_ACCESS_TOKEN) return;
  throw new ConfigError(
    "KV_PATH is the address of a KV Connect server, so DENO_KV_ACCESS_TOKEN has to be set",
  );
}

/** Where a Video REST API is, and whose it is. */
export interface VideoApi {
  /** Without a slash at the end. */
  baseUrl: string;
  /** Twilio's own; else an emulator's. */
  isTwilio: boolean;
}

/** Reads `TWILIO_BASE_URL`. Throws `ConfigError` if nothing can be there, or nothing that may carry real calls. */
export function readVideoApi(address: string, appEnv: string): VideoApi {
  const url = URL.parse(address);
  if (
    url === null || !/^https?:$/.test(url.protocol) ||
    url.username + url.password + url.search + url.hash !== ""
  ) {
    throw new ConfigError(
      "TWILIO_BASE_URL has to be an address and no more, such as http://127.0.0.1:4010",
    );
  }
  const isTwilio = /(^|\.)twilio\.com$/.test(url.hostname);
  const isAllowed = isTwilio
    ? url.protocol === "https:"
    : appEnv !== "production";
  if (!isAllowed) {
    throw new ConfigError(
      "TWILIO_BASE_URL has to be an https address of twilio.com" +
        (isTwilio ? "" : " in production: an emulator is for developing"),
    );
  }
  const path = url.pathname.replace(/\/+$/, "");
  return { baseUrl: url.origin + path, isTwilio };
}

function videoConfig(env: Environment): VideoConfig {
  const {
    TWILIO_BASE_URL: address,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_API_KEY_SID: apiKeySid,
    TWILIO_API_KEY_SECRET: apiKeySecret,
    TWILIO_AUTH_TOKEN: authToken,
  } = env;
  const api = address ? readVideoApi(address, env.APP_ENV) : null;
  if (accountSid && apiKeySid && apiKeySecret) {
    const account = {
      accountSid,
      apiKeySid,
      apiKeySecret,
      authToken: authToken ?? null,
    };
    const baseUrl = api?.baseUrl ?? null;
    return baseUrl === null || api?.isTwilio
      ? { service: "twilio", ...account, baseUrl }
      : { service: "external_emulator", ...account, baseUrl };
  }
  const missing = Object.entries({
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_API_KEY_SID: apiKeySid,
    TWILIO_API_KEY_SECRET: apiKeySecret,
  }).filter(([, value]) => !value).map(([name]) => name);
  if (accountSid || apiKeySid || apiKeySecret || authToken || api) {
    throw new ConfigError(
      `The Twilio settings are incomplete: ${missing.join(", ")} ` +
        `${missing.length === 1 ? "is" : "are"} missing. ` +
        `Set all of them, or none to use the built-in emulator`,
    );
  }
  return { service: env.APP_ENV === "production" ? "none" : "emulator" };
}

/**
 * Reads the whole configuration at once. No other module reads the
 * environment. Throws `ConfigError`, whose message names every setting that
 * is wrong, in one line.
 */
export function parseConfig(environment: Record<string, string>): Config {
  const parsed = Environment.safeParse(
    withoutEmpty(withoutAliases(environment)),
  );
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) =>
      `${issue.path.join(".")}: ${issue.message}`
    );
    throw new ConfigError(`Cannot read the configuration: ${lines.join("; ")}`);
  }
  const env = parsed.data;
  requirePublicAddress(env);
  requireAccessToken(env);
  return {
    port: env.PORT,
    host: env.HOST,
    publicBaseUrl: env.PUBLIC_BASE_URL ?? null,
    appEnv: env.APP_ENV,
    kvPath: env.KV_PATH === "" ? undefined : env.KV_PATH,
    kvAccessToken: env.DENO_KV_ACCESS_TOKEN ?? null,
    trustedProxyHops: env.TRUSTED_PROXY_HOPS,
    background: env.DENO_DEPLOYMENT_ID === undefined ? "process" : "cron",
    video: videoConfig(env),
  };
}

/** Where the app reaches itself, and whatever runs on the same machine reaches it. */
export function loopbackOrigin(
  { host, port }: Pick<Config, "host" | "port">,
): string {
  const everywhere = host === "0.0.0.0" || host === "::";
  const name = everywhere ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
