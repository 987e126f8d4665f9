/**
 * The WebRTC library, loaded when it is first needed: rooms that do not
 * record and clients without media signalling never pay for it.
 *
 * @module
 */
import type { PeerConfig, RTCPeerConnection } from "werift";

/** The library's module. */
export type Werift = typeof import("werift");

/** Loads the library; later calls get the same module. */
export function loadWerift(): Promise<Werift> {
  return import("werift");
}

/** Sockets on this machine only, and no STUN or TURN server. */
const LOOPBACK: Partial<PeerConfig> = {
  iceServers: [],
  iceUseIpv6: false,
  iceAdditionalHostAddresses: ["127.0.0.1"],
  iceInterfaceAddresses: { udp4: "127.0.0.1" },
};

/** A new peer connection on the loopback interface. */
export function newPeerConnection(werift: Werift): RTCPeerConnection {
  return new werift.RTCPeerConnection(LOOPBACK);
}

/**
 * Hands a client's candidates to a peer connection. Names that only multicast
 * DNS can resolve are left out: the client's own checks reveal the address.
 */
export async function addCandidates(
  peer: RTCPeerConnection,
  candidates: readonly { candidate: string }[],
): Promise<void> {
  for (const { candidate } of candidates) {
    if (!candidate || candidate.includes(".local ")) continue;
    await peer.addIceCandidate({ candidate, sdpMid: "0", sdpMLineIndex: 0 });
  }
}

/** Between two rounds of connectivity checks the library sleeps 20 ms, also while it is closed. */
const SLEEP_MS = 30;

/** Closes a peer connection; settles when no timer of it is left. */
export async function closePeer(peer: RTCPeerConnection): Promise<void> {
  await peer.close();
  await new Promise((resolve) => setTimeout(resolve, SLEEP_MS));
}
