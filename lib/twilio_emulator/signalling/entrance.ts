/**
 * Which room a token opens
 * (https://www.twilio.com/docs/video/tutorials/understanding-video-rooms).
 *
 * @module
 */
import type { AccessTokenClaims } from "../access_token.ts";
import { TwilioFault } from "../errors.ts";
import type { Room } from "../rooms/records.ts";
import { adHocOptions } from "../rooms/room_options.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Settings } from "../settings.ts";
import { isSid } from "../sid.ts";

/**
 * The room a connect leads to.
 *
 * @param requested The name the client asks for; without one, that of the token.
 * @param settings Whether clients may create rooms, and what these are like.
 * One that is asked for by SID they never create.
 * @throws {TwilioFault} 20106 when the token is for another one; 53106 when
 * there is none and the client may not create it.
 */
export function roomFor(
  rooms: Rooms,
  claims: AccessTokenClaims,
  requested: string | null,
  settings: Pick<Settings, "clientSideRoomCreation" | "clientRoomParameters">,
): Room {
  const name = requested ?? claims.room;
  const room = name ? rooms.find(claims.accountSid, name) : null;
  const granted = claims.room === null || claims.room === name ||
    claims.room === room?.sid || claims.room === room?.uniqueName;
  if (!granted) throw new TwilioFault(20106);
  if (room) return room;
  const canCreate = settings.clientSideRoomCreation &&
    !(name && isSid("RM", name));
  if (!canCreate) throw new TwilioFault(53106);
  const options = adHocOptions(name, settings.clientRoomParameters);
  return rooms.create(claims.accountSid, options, true);
}
