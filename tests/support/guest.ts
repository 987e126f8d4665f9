import type { Session } from "@/lib/sessions/session.ts";
import { EMULATOR_PATH } from "@/lib/video/emulator.ts";
import { Socket } from "@/tests/lib/twilio_emulator/socket.ts";
import type { World } from "./world.ts";

/** Somebody in a room; the disposal takes their line away. */
export interface Guest extends AsyncDisposable {
  participantSid: string;
}

/**
 * Lets somebody into a session's room, with the token or one as the app makes
 * them, by signalling alone: no browser, no media.
 */
export async function enter(
  world: World,
  { roomName }: Pick<Session, "roomName">,
  identity: string,
  token = world.services.video.createAccessToken({
    roomName,
    identity,
    ttlSeconds: 600,
  }),
): Promise<Guest> {
  const address = world.origin.replace("http:", "ws:") + EMULATOR_PATH;
  const { socket, connected } = await Socket.join(
    { wsServer: `${address}/signaling` },
    identity,
    roomName,
    [],
    { token },
  );
  return {
    participantSid: connected.participant.sid,
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}
