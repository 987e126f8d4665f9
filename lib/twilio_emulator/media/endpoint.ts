/**
 * What a WebRTC endpoint in the server adds to the signalling: peer
 * connections beside those between participants. Signalling asks it, and
 * forwards what clients say of peer connections it does not know itself.
 *
 * @module
 */
import type { Client } from "../signalling/client.ts";
import type {
  MediaSignallingState,
  PeerConnectionEntry,
} from "../signalling/messages.ts";

/** The server's own part in the media of rooms. */
export interface MediaEndpoint {
  /**
   * What the `connected` message says of it.
   *
   * @param wanted Media signalling the client would like, such as `network_quality`.
   */
  connect(client: Client, wanted: readonly string[]): {
    peer_connections: PeerConnectionEntry[];
    media_signaling: MediaSignallingState;
  };
  /** What the `synced` message says of it: every living peer connection is named. */
  resume(client: Client): {
    peer_connections: PeerConnectionEntry[];
  };
  /** Takes in what a client says of its peer connections; those of others are ignored. */
  receive(client: Client, entries: readonly PeerConnectionEntry[]): void;
  /** The client's session has ended. */
  remove(client: Client): void;
}

/** No part in it at all. */
export const NO_MEDIA: MediaEndpoint = {
  connect: () => ({
    peer_connections: [],
    media_signaling: {},
  }),
  resume: () => ({ peer_connections: [] }),
  receive: () => {},
  remove: () => {},
};
