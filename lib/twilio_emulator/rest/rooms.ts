/**
 * `/v1/Rooms` and `/v1/Rooms/{NameOrSid}`
 * (https://www.twilio.com/docs/video/api/rooms-resource).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { Room } from "../rooms/records.ts";
import { parseRoomOptions } from "../rooms/room_options.ts";
import { notFound, type RestCall, type RestHandler } from "./call.ts";
import { createdBetween, statusFilter } from "./filters.ts";
import { paginate } from "./paging.ts";
import { json } from "./responses.ts";
import { roomView } from "./room_view.ts";

/** POST `/Rooms`: 201. */
export const createRoom: RestHandler = ({ account, rooms, form, base }) => {
  const room = rooms.create(account.accountSid, parseRoomOptions(form));
  return json(roomView(room, base), 201);
};

/** GET `/Rooms`: those in progress unless `Status` says otherwise. */
export const listRooms: RestHandler = ({ account, rooms, url, base }) => {
  const query = url.searchParams;
  const status = statusFilter(query, ["in-progress", "completed", "failed"]) ??
    "in-progress";
  const name = query.get("UniqueName");
  const inTime = createdBetween(query);
  const matching = rooms.list(account.accountSid).filter((room) =>
    room.status === status && (!name || room.uniqueName === name) &&
    inTime(room.dateCreated)
  );
  const { items, meta } = paginate(matching, url, "rooms");
  return json({ rooms: items.map((room) => roomView(room, base)), meta });
};

/** GET `/Rooms/{NameOrSid}`. */
export const fetchRoom: RestHandler = (call, nameOrSid = "") =>
  json(roomView(findRoom(call, nameOrSid), call.base));

/** POST `/Rooms/{NameOrSid}`: `Status=completed` ends it; 202. */
export const updateRoom: RestHandler = (call, nameOrSid = "") => {
  const room = findRoom(call, nameOrSid);
  const ends = call.form.get("Status") === "completed";
  if (!ends || room.status !== "in-progress") throw new TwilioFault(53112);
  call.rooms.complete(room);
  return json(roomView(room, call.base), 202);
};

/**
 * The room a path names.
 *
 * @throws {TwilioFault} 20404 when the account has none, or when it is asked
 * for by name and has ended.
 */
export function findRoom(call: RestCall, nameOrSid: string): Room {
  const room = call.rooms.find(call.account.accountSid, nameOrSid);
  if (!room) throw notFound(call);
  return room;
}
