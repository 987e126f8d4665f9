/**
 * `/v1/Compositions` and `/v1/Compositions/{CJ}`
 * (https://www.twilio.com/docs/video/api/compositions-resource).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { required } from "../forms.ts";
import { parseCompositionOptions } from "../hooks/composition_options.ts";
import type { MediaLinks } from "../media/links.ts";
import type { Composition, Compositions } from "../recording/compositions.ts";
import { wholeSeconds } from "../recording/recordings.ts";
import { isSid } from "../sid.ts";
import { notFound, type RestCall, type Route } from "./call.ts";
import { compositionOptionsView } from "./composition_view.ts";
import { isoSeconds, isoSecondsOrNull } from "./dates.ts";
import { createdBetween, statusFilter } from "./filters.ts";
import { paginate } from "./paging.ts";
import { json, noContent } from "./responses.ts";
import { findRoom } from "./rooms.ts";

const STATUSES = [
  "enqueued",
  "processing",
  "completed",
  "failed",
  "deleted",
] as const;

/** The routes of compositions. */
export function compositionRoutes(
  compositions: Compositions,
  links: MediaLinks,
): Route[] {
  const find = (call: RestCall, sid: string) => {
    const composition = compositions.find(call.account.accountSid, sid);
    if (!composition) throw notFound(call);
    return composition;
  };
  const create = (call: RestCall) => {
    const roomSid = required(call.form, "RoomSid");
    // A name would do for other resources, but not for this one.
    if (!isSid("RM", roomSid)) throw new TwilioFault(20001, "Invalid RoomSid");
    const room = findRoom(call, roomSid);
    const options = parseCompositionOptions(call.form);
    return json(view(compositions.create(room, options), call.base), 201);
  };
  const list = (call: RestCall) => {
    const query = call.url.searchParams;
    const status = statusFilter(query, STATUSES);
    const roomSid = query.get("RoomSid");
    const inTime = createdBetween(query);
    const matching = compositions.list(call.account.accountSid)
      .filter((one) =>
        (status ? one.status === status : one.status !== "deleted") &&
        (!roomSid || one.room.sid === roomSid) && inTime(one.dateCreated)
      );
    const { items, meta } = paginate(matching, call.url, "compositions");
    const views = items.map((item) => view(item, call.base));
    return json({ compositions: views, meta });
  };
  const remove = async (call: RestCall, sid: string) => {
    const composition = find(call, sid);
    await erase(composition, call);
    return noContent();
  };
  const media = (call: RestCall, sid: string) => {
    const { status, options } = find(call, sid);
    if (status !== "completed") throw notFound(call);
    return links.redirect(`${sid}.${options.format}`, call.url, call.base);
  };
  return [
    ["/Compositions", { GET: list, POST: create }],
    ["/Compositions/*", {
      GET: (call, sid = "") => json(view(find(call, sid), call.base)),
      DELETE: (call, sid = "") => remove(call, sid),
    }],
    ["/Compositions/*/Media", { GET: (call, sid = "") => media(call, sid) }],
  ];
}

/** Erases the media; the record stays. */
async function erase(composition: Composition, call: RestCall): Promise<void> {
  switch (composition.status) {
    case "enqueued":
    case "processing":
      throw new TwilioFault(20009);
    case "failed":
      throw new TwilioFault(20001, "A failed composition cannot be deleted");
    case "deleted":
      throw notFound(call);
  }
  composition.status = "deleted";
  composition.dateDeleted = call.core.settings.now();
  try {
    await Deno.remove(composition.path);
  } catch (error) {
    // Somebody may have removed the file.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function view(
  composition: Composition,
  base: string,
): Record<string, unknown> {
  const { sid, room, seconds, size } = composition;
  const url = `${base}/Compositions/${sid}`;
  return {
    account_sid: room.accountSid,
    status: composition.status,
    date_created: isoSeconds(composition.dateCreated),
    date_completed: isoSecondsOrNull(composition.dateCompleted),
    date_deleted: isoSecondsOrNull(composition.dateDeleted),
    sid,
    room_sid: room.sid,
    ...compositionOptionsView(composition.options),
    bitrate: seconds > 0 ? Math.round(size * 8 / seconds) : 0,
    size,
    duration: wholeSeconds(seconds),
    media_external_location: null,
    encryption_key: null,
    url,
    links: { media: `${url}/Media` },
  };
}
