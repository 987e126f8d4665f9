/**
 * What can be chosen about an emulator, and the defaults.
 *
 * @module
 */
import type { CallbackPolicy } from "./callbacks/policy.ts";
import { adHocOptions } from "./rooms/room_options.ts";
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
  /** Whether Twilio has suspended it: REST answers 20005, tokens get 20103. */
  readonly suspended?: boolean;
}

/**
 * Limits of an account
 * (https://www.twilio.com/docs/video/programmable-video-limits).
 */
export interface Quotas {
  /** Rooms in progress, else 53119. Default 10 000. */
  readonly rooms: number;
  /** Participants in all rooms, else 53206. Default 10 000. */
  readonly participants: number;
  /** GET requests, else 429 with 20429. Twilio's is 80; default unlimited. */
  readonly readsPerSecond: number;
  /** Other requests, else 429 with 20429. Twilio's is 20; default unlimited. */
  readonly writesPerSecond: number;
}

const QUOTAS: Quotas = {
  rooms: 10_000,
  participants: 10_000,
  readsPerSecond: Infinity,
  writesPerSecond: Infinity,
};

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
   * "Room settings" of the Console, for rooms that clients create: parameters
   * of `POST /Rooms` by name, such as `{ StatusCallback: "http://…" }`.
   * Timeouts do not apply to such rooms. Default: Twilio's own.
   */
  readonly clientRoomParameters?: Readonly<Record<string, string>>;
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
  /**
   * How often a status callback is tried again that could not be delivered or
   * was answered 5xx, with the same `I-Twilio-Idempotency-Token`. Default 0:
   * Video callbacks are sent once.
   */
  readonly callbackRetries?: number;
  /**
   * How status callbacks are delivered; see {@link CallbackPolicy}. Default:
   * at once, once, in order. `emulator.faults` changes it later.
   */
  readonly callbackDelivery?: Partial<CallbackPolicy>;
  /**
   * Whether there is a control API at `/control/faults` below the mount, with
   * which programs set faults over HTTP. Whoever reaches the port can use it.
   * Default `false`.
   */
  readonly control?: boolean;
  /**
   * Whether there is a live page for people at the root of the mount. It
   * shows identities and messages, without tokens, to whoever reaches the
   * port. Default `false`.
   */
  readonly monitor?: boolean;
  /** Limits of each account; see {@link Quotas}. */
  readonly quotas?: Partial<Quotas>;
  /** What clients are told in `localParticipant.signalingRegion`. Default `us1`. */
  readonly signalingRegion?: string;
  /**
   * Folder for recordings and compositions; made when something is recorded,
   * and kept. Default: a temporary one that closing the emulator removes.
   */
  readonly recordingsDir?: string | null;
  /**
   * Whether compositions with several pictures or several sounds become a
   * grid with mixed audio. They stay `processing` until a browser with the
   * page `/compose` below the mount has rendered them. Whoever reaches the
   * port can open it, and sees what it renders. Default `false`: each source
   * stays a track of its own.
   */
  readonly renderGrids?: boolean;
  /**
   * Whether clients that ask for it get network quality, dominant speaker and
   * track switch-off. It costs a peer connection between each such client and
   * the server, which loads `werift` (9 MB). Default `false`.
   */
  readonly mediaSignaling?: boolean;
  /** The clock. */
  readonly now?: () => Date;
  /** The timers; see {@link Schedule}. */
  readonly schedule?: Schedule;
  /** Takes a line for whatever is worth knowing: joins, leaves, refusals, callbacks that failed. No secrets, no SDP. */
  readonly log?: (line: string) => void;
}

/** The options with every default filled in. */
export interface Settings extends Required<EmulatorOptions> {
  readonly quotas: Quotas;
}

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
    clientRoomParameters: checkedParameters(options.clientRoomParameters),
    sessionTimeoutSeconds: options.sessionTimeoutSeconds ?? 30,
    heartbeatMs,
    maxCompletedRooms: options.maxCompletedRooms ?? 1000,
    callbackTimeoutMs: options.callbackTimeoutMs ?? 15_000,
    callbackDelivery: options.callbackDelivery ?? {},
    control: options.control ?? false,
    monitor: options.monitor ?? false,
    callbackRetries: options.callbackRetries ?? 0,
    quotas: { ...QUOTAS, ...options.quotas },
    signalingRegion: options.signalingRegion ?? "us1",
    recordingsDir: options.recordingsDir ?? null,
    renderGrids: options.renderGrids ?? false,
    mediaSignaling: options.mediaSignaling ?? false,
    now: options.now ?? (() => new Date()),
    schedule: options.schedule ?? schedule,
    log: options.log ?? (() => {}),
  };
}

/** Refuses at once what would fail at each connect. */
function checkedParameters(
  parameters: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  try {
    adHocOptions(null, parameters);
  } catch (cause) {
    throw new TypeError("clientRoomParameters make no sense", { cause });
  }
  return parameters;
}
