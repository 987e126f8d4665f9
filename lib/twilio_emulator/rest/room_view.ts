/**
 * The Room resource in JSON (https://www.twilio.com/docs/video/api/rooms-resource).
 *
 * @module
 */
import { durationSeconds, type Room } from "../rooms/records.ts";
import { isoSeconds, isoSecondsOrNull } from "./dates.ts";

/**
 * A room as REST answers it. Links name it by SID, however it was asked for.
 *
 * @param base URL of `/v1`.
 */
export function roomView(room: Room, base: string): Record<string, unknown> {
  const { options, dateCreated, endTime } = room;
  const url = `${base}/Rooms/${room.sid}`;
  return {
    sid: room.sid,
    account_sid: room.accountSid,
    unique_name: room.uniqueName,
    status: room.status,
    type: "group",
    date_created: isoSeconds(dateCreated),
    date_updated: isoSeconds(room.dateUpdated),
    end_time: isoSecondsOrNull(endTime),
    duration: endTime && durationSeconds(dateCreated, endTime),
    enable_turn: true,
    status_callback: options.statusCallback,
    status_callback_method: options.statusCallbackMethod,
    max_participants: options.maxParticipants,
    max_participant_duration: options.maxParticipantDuration,
    max_concurrent_published_tracks: options.maxPublishedTracks,
    record_participants_on_connect: options.recordParticipantsOnConnect,
    video_codecs: options.videoCodecs,
    media_region: options.mediaRegion,
    audio_only: options.audioOnly,
    empty_room_timeout: options.emptyRoomTimeout,
    unused_room_timeout: options.unusedRoomTimeout,
    large_room: options.largeRoom,
    url,
    links: {
      participants: `${url}/Participants`,
      recordings: `${url}/Recordings`,
      recording_rules: `${url}/RecordingRules`,
      transcriptions: `${url}/Transcriptions`,
    },
  };
}
