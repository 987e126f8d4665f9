/**
 * Every path of the REST API that the core answers. Extensions have theirs.
 *
 * @module
 */
import type { Route } from "./call.ts";
import {
  fetchParticipant,
  listParticipants,
  updateParticipant,
} from "./participants.ts";
import { createRoom, fetchRoom, listRooms, updateRoom } from "./rooms.ts";

/** The routes of the core. */
export const ROUTES: readonly Route[] = [
  ["/Rooms", { GET: listRooms, POST: createRoom }],
  ["/Rooms/*", { GET: fetchRoom, POST: updateRoom }],
  ["/Rooms/*/Participants", { GET: listParticipants }],
  ["/Rooms/*/Participants/*", {
    GET: fetchParticipant,
    POST: updateParticipant,
  }],
];
