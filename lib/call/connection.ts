import type { MediaKind } from "@/lib/call/device_access.ts";
import type { AccessView } from "@/lib/sessions/access.ts";

/**
 * The seam between the call and whatever carries it. `twilio_connector.ts` is
 * the one implementation for browsers; tests hand in a line that writes down
 * what it was asked. Nothing here needs a browser, only its types.
 */

/** What this browser sends. Null: nothing to send. */
export interface LocalTracks {
  /** Null while the camera is off: the other side is told so, and its light goes out. */
  camera: MediaStreamTrack | null;
  microphone: MediaStreamTrack | null;
  /** Whether the microphone may be heard. */
  microphoneOn: boolean;
}

/** Whether somebody's camera or microphone reaches us. */
export type MediaState = "on" | "off" | "starting";

/** Received sound or picture that an element can play. */
export interface RemoteMedia {
  /** The track itself, for measuring its loudness. */
  readonly track: MediaStreamTrack;
  /** Plays it in the element. */
  attach(element: HTMLMediaElement): void;
  /** Stops playing it there. */
  detach(element: HTMLMediaElement): void;
}

/** Somebody else in the room, as they are at one moment. */
export interface RemoteParticipant {
  /** Who, as the server put it into their token. Names come from the session, never from here. */
  identity: string;
  camera: MediaState;
  microphone: MediaState;
  /** Their picture; kept while their camera is off, so that it comes back without a gap. */
  video: RemoteMedia | null;
  audio: RemoteMedia | null;
  /** They lost their connection and the service is waiting for them. */
  reconnecting: boolean;
}

/**
 * What is wrong with a connection: the video service's number (0: it gives
 * none), or `not_loaded` (its script did not arrive), or `unsupported` (this
 * browser cannot hold calls).
 */
export type ConnectionCode = number | "not_loaded" | "unsupported";

/** Why a connection ended or could not be made. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionCode;

  constructor(code: ConnectionCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the line tells the call. */
export interface ConnectionEvents {
  /** Everybody else in the room, whenever anything about them changes. */
  onParticipants(participants: RemoteParticipant[]): void;
  onReconnecting(): void;
  onReconnected(): void;
  /** How good the line is, from 1 to 5, when the service measures it. */
  onQuality(level: number): void;
  /** The line had to take the camera or microphone anew, e.g. after a phone call. */
  onLocalTrack(track: MediaStreamTrack): void;
  /** The connection is over and will not come back by itself. Null: nobody says why. */
  onDisconnected(error: ConnectionError | null): void;
}

/** How one of one's own tracks stands in the room. */
export interface SentTrack {
  /** It is sent, not replaced by silence or darkness. */
  isEnabled: boolean;
  /** Its device has stopped for good. */
  hasEnded: boolean;
  /** Its device gives nothing for now: a phone call, or a switch of its own. */
  isInterrupted: boolean;
  /** What went out so far; null: this browser does not count. */
  bytes: number | null;
}

/** How one of somebody else's tracks stands here. */
export interface ReceivedTrack {
  isEnabled: boolean;
  /** The service lets us have it. */
  isSubscribed: boolean;
  /** The service holds it back, because the line is too weak for it. */
  isHeldBack: boolean;
  /** What came in so far; null: this browser does not count. */
  bytes: number | null;
}

/** What goes over a line at one moment, as the video service's script sees it. Null: no such track in the room. */
export interface LineReport {
  sent: Record<MediaKind, SentTrack | null>;
  /** Of everybody else in the room, by identity. */
  received: Map<string, Record<MediaKind, ReceivedTrack | null>>;
}

/** A line into one room. */
export interface Connection {
  /** From now on send exactly this. */
  send(local: LocalTracks): void;
  /** Looks at what goes over the line. */
  inspect(): Promise<LineReport>;
  /** Hangs up. No event follows. */
  disconnect(): void;
}

/** Makes lines. */
export interface Connector {
  /** Starts to fetch what connecting needs, so that it is there when it is needed. Never fails. */
  prepare(): void;
  /** Enters the room. Throws `ConnectionError`. */
  connect(
    access: AccessView,
    local: LocalTracks,
    events: ConnectionEvents,
  ): Promise<Connection>;
}
