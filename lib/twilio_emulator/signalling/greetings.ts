/**
 * The first words to a client that has joined or is back.
 *
 * @module
 */
import type { Settings } from "../settings.ts";
import type { Channel } from "./channel.ts";
import type { Client } from "./client.ts";
import type {
  MediaSignallingState,
  PeerConnectionEntry,
  ServerMessage,
} from "./messages.ts";

/** The server's own part in the media, as the greeting tells it. */
interface OwnPart {
  readonly peer_connections: readonly PeerConnectionEntry[];
}

/**
 * The answer to `connect`.
 *
 * @param offered Ids of the peer connections the client has made up front.
 */
export function connectedMessage(
  client: Client,
  offered: readonly string[],
  others: ReturnType<Channel["add"]>,
  media: OwnPart & { readonly media_signaling: MediaSignallingState },
  settings: Settings,
): ServerMessage {
  const { participant, session } = client;
  const { room } = participant;
  return {
    type: "connected",
    version: 2,
    session,
    sid: room.sid,
    name: room.uniqueName,
    participant: { sid: participant.sid, identity: participant.identity },
    ...others,
    peer_connections: [
      // The SDK offers one peer connection for everything: a mesh has no use for it.
      ...offered.map((id) => ({
        id,
        description: { type: "close" as const, revision: 1 },
      })),
      ...others.peer_connections,
      ...media.peer_connections,
    ],
    options: {
      session_timeout: settings.sessionTimeoutSeconds,
      signaling_region: settings.signalingRegion,
      media_region: room.options.mediaRegion,
      audio_processors: [],
    },
    media_signaling: media.media_signaling,
  };
}

/** The answer to `sync`. */
export function syncedMessage(
  { participant, session }: Client,
  others: ReturnType<Channel["resume"]>,
  media: OwnPart,
): ServerMessage {
  return {
    type: "synced",
    version: 2,
    session,
    sid: participant.room.sid,
    participant: { sid: participant.sid, identity: participant.identity },
    ...others,
    peer_connections: [...others.peer_connections, ...media.peer_connections],
  };
}
