/**
 * `/Rooms/{Room}/Transcriptions` and `…/{ttid}`
 * (https://www.twilio.com/docs/video/api/transcriptions-resource).
 *
 * @module
 */
import type { Room } from "../rooms/records.ts";
import { durationSeconds } from "../rooms/records.ts";
import {
  parseTranscriptionStatus,
  type Transcription,
} from "../rooms/transcription.ts";
import { parseTranscriptionConfiguration } from "../rooms/transcription_options.ts";
import { notFound, type RestCall, type RestHandler } from "./call.ts";
import { isoSeconds, isoSecondsOrNull } from "./dates.ts";
import { paginate } from "./paging.ts";
import { json } from "./responses.ts";
import { findRoom } from "./rooms.ts";

/** POST `…/Transcriptions`: 201. */
export const createTranscription: RestHandler = (call, nameOrSid = "") => {
  const room = findRoom(call, nameOrSid);
  const configuration = parseTranscriptionConfiguration(
    call.form.get("Configuration"),
    "Configuration",
  );
  const created = call.core.administration.createTranscription(
    room,
    configuration,
  );
  return json(transcriptionView(room, created, call.base), 201);
};

/** GET `…/Transcriptions`: one, or none. */
export const listTranscriptions: RestHandler = (call, nameOrSid = "") => {
  const room = findRoom(call, nameOrSid);
  const all = room.transcription
    ? [{ order: 0, transcription: room.transcription }]
    : [];
  const { items, meta } = paginate(all, call.url, "transcriptions");
  return json({
    transcriptions: items.map(({ transcription }) =>
      transcriptionView(room, transcription, call.base)
    ),
    meta,
  });
};

/** GET `…/Transcriptions/{ttid}`. */
export const fetchTranscription: RestHandler = (call, room = "", ttid = "") => {
  const found = findTranscription(call, room, ttid);
  return json(transcriptionView(found.room, found.transcription, call.base));
};

/** POST `…/Transcriptions/{ttid}`: `Status`, `Configuration` or both; 202. */
export const updateTranscription: RestHandler = (
  call,
  nameOrSid = "",
  ttid = "",
) => {
  const { room, transcription } = findTranscription(call, nameOrSid, ttid);
  const updated = call.core.administration.updateTranscription(
    room,
    transcription,
    parseTranscriptionStatus(call.form.get("Status")),
    parseTranscriptionConfiguration(
      call.form.get("Configuration"),
      "Configuration",
      transcription.configuration,
    ),
  );
  return json(transcriptionView(room, updated, call.base), 202);
};

function findTranscription(
  call: RestCall,
  nameOrSid: string,
  ttid: string,
): { room: Room; transcription: Transcription } {
  const room = findRoom(call, nameOrSid);
  const { transcription } = room;
  if (transcription?.ttid !== ttid) throw notFound(call);
  return { room, transcription };
}

/** Times are given once it has stopped: in Twilio's samples a running one has none. */
function transcriptionView(
  room: Room,
  transcription: Transcription,
  base: string,
): Record<string, unknown> {
  const { ttid, startTime, endTime } = transcription;
  return {
    ttid,
    account_sid: room.accountSid,
    room_sid: room.sid,
    source_sid: null,
    status: transcription.status,
    date_created: isoSeconds(transcription.dateCreated),
    date_updated: isoSecondsOrNull(transcription.dateUpdated),
    start_time: endTime && isoSeconds(startTime),
    end_time: isoSecondsOrNull(endTime),
    duration: endTime && durationSeconds(startTime, endTime),
    configuration: transcription.configuration,
    url: `${base}/Rooms/${room.sid}/Transcriptions/${ttid}`,
  };
}
