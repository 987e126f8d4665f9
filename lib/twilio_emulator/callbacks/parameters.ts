/**
 * The parameters of a room's status callbacks
 * (https://www.twilio.com/docs/video/api/status-callbacks).
 *
 * @module
 */
import type { StatusEvent } from "../rooms/events.ts";
import { durationSeconds, type Room } from "../rooms/records.ts";

/**
 * Parameters that every callback of a room has.
 *
 * @param sequence Counts the events of the room from 0. Twilio documents it
 * as internal: `Timestamp` is what orders events.
 */
export function roomParameters(
  room: Room,
  event: string,
  now: Date,
  sequence: number,
): readonly (readonly [string, string])[] {
  return [
    ["AccountSid", room.accountSid],
    ["RoomName", room.uniqueName],
    ["RoomSid", room.sid],
    ["RoomStatus", room.status],
    ["RoomType", "group"],
    ["StatusCallbackEvent", event],
    ["Timestamp", now.toISOString()],
    ["SequenceNumber", String(sequence)],
  ];
}

/** Parameters that tell more about an event. */
export function eventParameters(event: StatusEvent): Map<string, string> {
  const { room, type } = event;
  const params = new Map<string, string>();
  if (type === "room-ended" && room.endTime) {
    const seconds = durationSeconds(room.dateCreated, room.endTime);
    params.set("RoomDuration", String(seconds));
  }
  if ("participant" in event) {
    const { sid, identity, status, startTime, endTime } = event.participant;
    params.set("ParticipantSid", sid);
    params.set("ParticipantIdentity", identity);
    // Twilio's callbacks know only these two: reconnecting is connected.
    params.set(
      "ParticipantStatus",
      status === "disconnected" ? "disconnected" : "connected",
    );
    if (type === "participant-disconnected" && endTime) {
      const seconds = durationSeconds(startTime, endTime);
      params.set("ParticipantDuration", String(seconds));
    }
  }
  if ("track" in event) {
    params.set("TrackSid", event.track.sid);
    params.set("TrackKind", event.track.kind);
    params.set("TrackName", event.track.name);
  }
  return params;
}
