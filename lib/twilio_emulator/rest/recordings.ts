/**
 * `/v1/Recordings` and `/v1/Rooms/{Room}/Recordings`
 * (https://www.twilio.com/docs/video/api/recordings-resource).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { MediaLinks } from "../media/links.ts";
import {
  type Recording,
  type Recordings,
  wholeSeconds,
} from "../recording/recordings.ts";
import { notFound, type RestCall, type Route } from "./call.ts";
import { isoSeconds, isoSecondsOrNull } from "./dates.ts";
import { createdBetween, statusFilter } from "./filters.ts";
import { paginate } from "./paging.ts";
import { json } from "./responses.ts";
import { findRoom } from "./rooms.ts";

const STATUSES = ["processing", "completed", "deleted", "failed"] as const;

/** Ending of a file's name. */
const CONTAINERS = { audio: "mka", video: "mkv" } as const;

const CODECS = { audio: "OPUS", video: "VP8" } as const;

/** The routes of recordings. */
export function recordingRoutes(
  recordings: Recordings,
  links: MediaLinks,
): Route[] {
  /** @throws {TwilioFault} 20404 when it is not there, or not of that room. */
  const find = (call: RestCall, room: string | null, sid: string) => {
    const recording = recordings.find(call.account.accountSid, sid);
    const isHere = room === null ||
      recording?.room === findRoom(call, room);
    if (!recording || !isHere) throw notFound(call);
    return recording;
  };
  const list = (call: RestCall, room: string | null) => {
    const of = room === null ? null : findRoom(call, room);
    const all = recordings.list(call.account.accountSid)
      .filter((recording) => of === null || recording.room === of);
    const matching = all.filter(filterOf(call.url.searchParams, of === null));
    const { items, meta } = paginate(matching, call.url, "recordings");
    const views = items.map((item) => view(item, call.base, of !== null));
    return json({ recordings: views, meta });
  };
  const fetch = (call: RestCall, room: string | null, sid: string) =>
    json(view(find(call, room, sid), call.base, room !== null));
  const remove = async (call: RestCall, room: string | null, sid: string) => {
    const recording = find(call, room, sid);
    if (recording.status === "processing") throw new TwilioFault(20009);
    if (recording.status === "deleted") throw notFound(call);
    await erase(recording, call.core.settings.now());
    return new Response(null, { status: 204 });
  };
  const media = (call: RestCall, room: string | null, sid: string) => {
    const recording = find(call, room, sid);
    if (recording.status !== "completed") throw notFound(call);
    const name = `${sid}.${CONTAINERS[recording.kind]}`;
    return links.redirect(name, call.url, call.base);
  };
  return [
    ["/Recordings", { GET: (call) => list(call, null) }],
    ["/Recordings/*", {
      GET: (call, sid = "") => fetch(call, null, sid),
      DELETE: (call, sid = "") => remove(call, null, sid),
    }],
    ["/Recordings/*/Media", {
      GET: (call, sid = "") => media(call, null, sid),
    }],
    ["/Rooms/*/Recordings", { GET: (call, room = "") => list(call, room) }],
    ["/Rooms/*/Recordings/*", {
      GET: (call, room = "", sid = "") => fetch(call, room, sid),
      DELETE: (call, room = "", sid = "") => remove(call, room, sid),
    }],
    ["/Rooms/*/Recordings/*/Media", {
      GET: (call, room = "", sid = "") => media(call, room, sid),
    }],
  ];
}

/** @param isGlobal The room's list knows two filters less. */
function filterOf(
  query: URLSearchParams,
  isGlobal: boolean,
): (recording: Recording) => boolean {
  const status = statusFilter(query, STATUSES);
  const source = query.get("SourceSid");
  const groups = isGlobal ? query.getAll("GroupingSid") : [];
  const kind = isGlobal ? query.get("MediaType") : null;
  if (kind && kind !== "audio" && kind !== "video") {
    throw new TwilioFault(20001, "Invalid MediaType");
  }
  const inTime = createdBetween(query);
  return (recording) =>
    (status ? recording.status === status : recording.status !== "deleted") &&
    (!source || recording.sourceSid === source) &&
    groups.every((sid) =>
      sid === recording.room.sid || sid === recording.participantSid
    ) &&
    (!kind || recording.kind === kind) && inTime(recording.dateCreated);
}

/** Erases the media; the record stays. */
async function erase(recording: Recording, now: Date): Promise<void> {
  recording.status = "deleted";
  recording.dateUpdated = now;
  recording.dateDeleted = now;
  try {
    await Deno.remove(recording.path);
  } catch (error) {
    // Of a recording that failed, or whose file somebody removed.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function view(
  recording: Recording,
  base: string,
  inRoom: boolean,
): Record<string, unknown> {
  const { room, sid, kind } = recording;
  const parent = inRoom ? `${base}/Rooms/${room.sid}` : base;
  const url = `${parent}/Recordings/${sid}`;
  return {
    account_sid: room.accountSid,
    status: recording.status,
    date_created: isoSeconds(recording.dateCreated),
    date_updated: isoSeconds(recording.dateUpdated),
    date_deleted: isoSecondsOrNull(recording.dateDeleted),
    sid,
    source_sid: recording.sourceSid,
    size: recording.size,
    type: kind,
    duration: wholeSeconds(recording.seconds),
    container_format: CONTAINERS[kind],
    codec: CODECS[kind],
    track_name: recording.trackName,
    offset: recording.offsetMs,
    grouping_sids: {
      room_sid: room.sid,
      participant_sid: recording.participantSid,
    },
    media_external_location: null,
    encryption_key: null,
    ...(inRoom ? { room_sid: room.sid } : {
      status_callback: room.options.statusCallback,
      status_callback_method: room.options.statusCallbackMethod,
    }),
    url,
    links: { media: `${url}/Media` },
  };
}
