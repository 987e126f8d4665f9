/**
 * An emulator on a port of its own, and the vendor's clients pointed at it.
 *
 * @module
 */
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
} from "@/lib/twilio_emulator/mod.ts";
import twilio from "twilio";

/** The account every test uses. */
export const ACCOUNT = {
  accountSid: "AC0123456789abcdef0123456789abcdef",
  authToken: "the-auth-token",
  apiKeys: [{
    sid: "SK0123456789abcdef0123456789abcdef",
    secret: "the-api-key-secret",
  }],
};

/** A second account, which must not see the first one's rooms. */
export const OTHER_ACCOUNT = {
  accountSid: "ACffffffffffffffffffffffffffffffff",
  authToken: "another-auth-token",
  apiKeys: [{
    sid: "SKffffffffffffffffffffffffffffffff",
    secret: "another-api-key-secret",
  }],
};

/** Sanitizers on: an emulator that is closed leaves nothing behind. */
export const SANITIZED = {
  sanitizeOps: true,
  sanitizeResources: true,
} as const;

/** A served emulator. */
export interface ServedEmulator extends AsyncDisposable {
  readonly emulator: Emulator;
  /** `http://127.0.0.1:PORT`, without the mount. */
  readonly origin: string;
  /** Base URL for `client.video.baseUrl`. */
  readonly baseUrl: string;
  /** For the SDK's option `wsServer`. */
  readonly wsServer: string;
  /** The real REST client, with the credentials of {@link ACCOUNT}. */
  readonly client: twilio.Twilio;
  /** Lines the emulator logged. */
  readonly logged: string[];
}

/**
 * Serves an emulator under `/twilio-emulator`, as an application mounts it.
 *
 * @param page What to answer to every other path.
 */
export function serveEmulator(
  options: Partial<EmulatorOptions> = {},
  page: (request: Request) => Response | Promise<Response> = () =>
    new Response("not the emulator", { status: 404 }),
): ServedEmulator {
  const logged: string[] = [];
  const emulator = createEmulator({
    accounts: [ACCOUNT, OTHER_ACCOUNT],
    basePath: "/twilio-emulator",
    log: (line) => logged.push(line),
    ...options,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) =>
      new URL(request.url).pathname.startsWith("/twilio-emulator/")
        ? emulator.handler(request)
        : page(request),
  );
  const host = `127.0.0.1:${server.addr.port}`;
  const baseUrl = `http://${host}/twilio-emulator`;
  return {
    emulator,
    origin: `http://${host}`,
    baseUrl,
    wsServer: `ws://${host}/twilio-emulator/signaling`,
    client: restClient(baseUrl, ACCOUNT.accountSid, ACCOUNT.authToken),
    logged,
    async [Symbol.asyncDispose]() {
      await emulator.close();
      await server.shutdown();
    },
  };
}

/** The real REST client with one line changed: where Video lives. */
export function restClient(
  baseUrl: string,
  username: string,
  password: string,
): twilio.Twilio {
  const client = twilio(username, password, {
    accountSid: ACCOUNT.accountSid,
    // Sockets of a pool would outlive the test.
    keepAlive: false,
  });
  client.video.baseUrl = baseUrl;
  return client;
}

/** What a token is made of; by default a valid one. */
export interface TokenOptions {
  readonly identity?: string;
  readonly room?: string;
  readonly ttl?: number;
  readonly secret?: string;
  readonly keySid?: string;
  readonly accountSid?: string;
  /** `false`: without a video grant. */
  readonly videoGrant?: boolean;
}

/** An access token, made by the vendor's own library. */
export function accessToken(options: TokenOptions = {}): string {
  const [key] = ACCOUNT.apiKeys;
  const { AccessToken } = twilio.jwt;
  const token = new AccessToken(
    options.accountSid ?? ACCOUNT.accountSid,
    options.keySid ?? key!.sid,
    options.secret ?? key!.secret,
    { identity: options.identity ?? "alice", ttl: options.ttl ?? 3600 },
  );
  if (options.videoGrant !== false) {
    const grant = options.room === undefined ? {} : { room: options.room };
    token.addGrant(new AccessToken.VideoGrant(grant));
  }
  return token.toJwt();
}

/** Repeats a look until it says yes; fails with the last answer after `ms`. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  accept: (value: T) => boolean,
  what: string,
  ms = 25_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (accept(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`waited ${ms} ms for ${what}: ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
