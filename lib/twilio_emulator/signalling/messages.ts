/**
 * The messages of the two signalling protocols: TCMP, the frames of the
 * socket, and RSP, the bodies within. Twilio documents neither; these are
 * what the SDK `twilio-video.js` sends and accepts (its files
 * `twilioconnection.js` and `signaling/v2/twilioconnectiontransport.js`).
 *
 * What clients send is checked by schema. What the server sends is typed.
 *
 * @module
 */
import { z } from "zod";
import { subscribeRules } from "../rooms/rules.ts";

/** Bounds that no real client comes near. */
const MAX_TRACKS = 200;
const MAX_PEER_CONNECTIONS = 200;

const id = z.string().min(1).max(256);
const revision = z.number().int().nonnegative();

const track = z.object({
  id,
  kind: z.enum(["audio", "video", "data"]),
  name: z.string(),
  // Data tracks cannot be muted, and older SDKs leave these two out for them.
  enabled: z.boolean().default(true),
  priority: z.string().nullish().transform((value) => value ?? "standard"),
});

const participant = z.object({
  revision,
  tracks: z.array(track).max(MAX_TRACKS),
});

const description = z.object({
  type: z.enum(["offer", "answer", "pranswer", "create-offer", "close"]),
  revision,
  sdp: z.string().optional(),
});

const ice = z.looseObject({ ufrag: z.string(), revision });

const peerConnections = z.array(z.object({
  id,
  description: description.optional(),
  ice: ice.optional(),
})).max(MAX_PEER_CONNECTIONS).default([]);

const clientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ice"), token: z.unknown() }),
  z.object({
    type: z.literal("connect"),
    token: z.unknown(),
    name: z.string().nullish(),
    participant,
    peer_connections: peerConnections,
    subscribe: z.object({ rules: subscribeRules }).optional(),
    // Keyed by channel; the only transport there is, is the data channel.
    media_signaling: z.record(z.string(), z.unknown()).default({}),
  }),
  z.object({
    type: z.literal("update"),
    session: z.string(),
    participant: participant.optional(),
    peer_connections: peerConnections,
  }),
  z.object({
    type: z.literal("sync"),
    session: z.string(),
    token: z.unknown(),
    participant,
    peer_connections: peerConnections,
  }),
  z.object({ type: z.literal("disconnect"), session: z.string().nullish() }),
]);

/** A body a client sends. */
export type ClientMessage = z.infer<typeof clientMessage>;

/** A message of one type. */
export type ClientMessageOf<T extends ClientMessage["type"]> = Extract<
  ClientMessage,
  { type: T }
>;

/** Checks a body; `null` when it is none of the known messages. */
export function parseClientMessage(body: unknown): ClientMessage | null {
  const result = clientMessage.safeParse(body);
  return result.success ? result.data : null;
}

/** A frame a client sends. */
const clientFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    timeout: z.number().positive().optional(),
    body: z.unknown(),
  }),
  z.object({ type: z.literal("heartbeat") }),
  z.object({ type: z.literal("msg"), body: z.unknown() }),
  z.object({ type: z.literal("bye") }),
]);

/** A frame a client sends. */
export type ClientFrame = z.infer<typeof clientFrame>;

/** Reads a frame's text; `null` when it is not a TCMP frame. */
export function parseClientFrame(text: string): ClientFrame | null {
  try {
    return clientFrame.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A frame the server sends. */
export type ServerFrame =
  /** Accepts a `hello`; the timeout is in milliseconds. */
  | { type: "welcome"; negotiatedTimeout: number }
  | { type: "heartbeat" }
  | { type: "msg"; body: ServerMessage }
  /** Say hello again after so many milliseconds; below 0: never. */
  | { type: "busy"; keepAlive: boolean; retryAfter: number }
  /** The last frame could not be read. */
  | { type: "bad"; reason: string };

/** Half of an SDP negotiation, or an instruction about it. `revision` orders them. */
export type Description = z.infer<typeof description>;

/** All ICE candidates of one generation (`ufrag`) so far; passed on as it came. */
export type Ice = z.infer<typeof ice>;

/** News about one peer connection, by the id both ends know it under. */
export interface PeerConnectionEntry {
  id: string;
  description?: Description | undefined;
  ice?: Ice | undefined;
}

/** A track in another participant's snapshot. */
export interface RemoteTrackState {
  sid: string;
  name: string;
  kind: string;
  enabled: boolean;
  priority: string;
}

/** Another participant. A snapshot: `tracks` is complete, and a higher `revision` replaces a lower. */
export interface RemoteParticipantState {
  sid: string;
  identity: string;
  revision: number;
  state: "connected" | "reconnecting" | "disconnected";
  tracks: RemoteTrackState[];
}

/** The client's own tracks. Complete; `failed` makes the SDK's `publishTrack` reject. */
export interface PublishedState {
  revision: number;
  tracks: (
    | { id: string; sid: string; state: "ready" }
    | { id: string; state: "failed"; error: { code: number; message: string } }
  )[];
}

/** The tracks the client receives. Complete; `id` is the publisher's track id. */
export interface SubscribedState {
  revision: number;
  tracks: { id: string; sid: string }[];
}

/** Whether the room records. The highest `revision` counts. */
export interface RecordingState {
  revision: number;
  is_recording: boolean;
}

/** The data channels that carry media signalling, by name of the channel. */
export type MediaSignallingState = Record<
  string,
  { transport: { type: "data-channel"; label: string } }
>;

/** A body the server sends. */
export type ServerMessage =
  | { type: "iced"; version: 1; ice_servers: [] }
  | {
    type: "connected";
    version: 2;
    /** A secret: whoever holds it can resume the session. */
    session: string;
    sid: string;
    name: string;
    participant: { sid: string; identity: string };
    participants: RemoteParticipantState[];
    peer_connections: PeerConnectionEntry[];
    published: PublishedState;
    subscribed: SubscribedState;
    recording: RecordingState;
    options: {
      /** Seconds. */
      session_timeout: number;
      signaling_region: string;
      media_region: string;
      audio_processors: [];
    };
    media_signaling: MediaSignallingState;
  }
  | {
    type: "synced";
    version: 2;
    session: string;
    sid: string;
    participant: { sid: string; identity: string };
    /** All others: whoever is missing counts as gone. */
    participants: RemoteParticipantState[];
    /** All living ones: whichever is missing is closed by the SDK. */
    peer_connections: PeerConnectionEntry[];
    published: PublishedState;
    subscribed: SubscribedState;
    recording: RecordingState;
  }
  | {
    type: "update";
    version: 2;
    /** Only those that changed. */
    participants?: RemoteParticipantState[];
    peer_connections?: PeerConnectionEntry[];
    published?: PublishedState;
    subscribed?: SubscribedState;
    recording?: RecordingState;
    /** Only channels that are new. */
    media_signaling?: MediaSignallingState;
  }
  /** `completed` gives the SDK's error 53118; `disconnected` none. */
  | { type: "disconnected"; version: 2; status: "completed" | "disconnected" }
  | { type: "error"; version: 2; code: number; message: string };
