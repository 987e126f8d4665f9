/**
 * What can be chosen about an emulator, and the defaults.
 *
 * @module
 */
import { type Schedule, schedule } from "./timers.ts";

/** An API key, as the Console's "API keys & tokens" page hands them out. */
export interface ApiKey {
  /** `SK…` */
  readonly sid: string;
  /** Signs access tokens, and is the password of REST calls made with the key. */
  readonly secret: string;
}

/** A Twilio account. Rooms of one account are invisible to every other. */
export interface EmulatorAccount {
  /** `AC…` */
  readonly accountSid: string;
  /** Password of REST calls made as the account; signs status callbacks. */
  readonly authToken: string;
  /** May be empty; then nobody can connect with a token. */
  readonly apiKeys: readonly ApiKey[];
}

/** Options of `createEmulator`. Only the accounts are required. */
export interface EmulatorOptions {
  /** Who may call REST, and whose keys sign access tokens. */
  readonly accounts: readonly EmulatorAccount[];
  /** Path the handler is mounted under, such as `"/twilio-emulator"`; default `""`, the root. */
  readonly basePath?: string;
  /**
   * "Client-side Room Creation" of the Console's room settings: whether
   * connecting to a room that does not exist makes one. Default `false`: such
   * a connect is refused with 53106.
   */
  readonly clientSideRoomCreation?: boolean;
  /**
   * Seconds a participant who lost the connection may take to come back
   * before it counts as gone. Default 30, as in Twilio's cloud.
   */
  readonly sessionTimeoutSeconds?: number;
  /**
   * Milliseconds of silence after which each side of a signalling socket
   * sends a heartbeat; three times as much means the other side is dead.
   * Default 5000, at least 500, and never more than the client asks for.
   */
  readonly heartbeatMs?: number;
  /** Completed rooms that can still be looked up; the oldest are forgotten. Default 1000. */
  readonly maxCompletedRooms?: number;
  /** Milliseconds a status callback may take. Default 15 000. */
  readonly callbackTimeoutMs?: number;
  /** The clock. */
  readonly now?: () => Date;
  /** The timers; see {@link Schedule}. */
  readonly schedule?: Schedule;
  /** Takes a line for whatever is worth knowing: joins, leaves, refusals, callbacks that failed. No secrets, no SDP. */
  readonly log?: (line: string) => void;
}

/** The options with every default filled in. */
export type Settings = Required<EmulatorOptions>;

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} when an option makes no sense.
 */
export function resolveSettings(options: EmulatorOptions): Settings {
  const basePath = options.basePath ?? "";
  if (basePath !== "" && !/^(\/[\w.~-]+)+$/.test(basePath)) {
    throw new TypeError(
      `basePath must be "" or like "/twilio-emulator", not "${basePath}"`,
    );
  }
  const heartbeatMs = options.heartbeatMs ?? 5000;
  // The SDK sends its heartbeat 200 ms early: less than 500 leaves it no room.
  if (!(heartbeatMs >= 500)) {
    throw new TypeError("heartbeatMs must be at least 500");
  }
  return {
    accounts: options.accounts,
    basePath,
    clientSideRoomCreation: options.clientSideRoomCreation ?? false,
    sessionTimeoutSeconds: options.sessionTimeoutSeconds ?? 30,
    heartbeatMs,
    maxCompletedRooms: options.maxCompletedRooms ?? 1000,
    callbackTimeoutMs: options.callbackTimeoutMs ?? 15_000,
    now: options.now ?? (() => new Date()),
    schedule: options.schedule ?? schedule,
    log: options.log ?? (() => {}),
  };
}
