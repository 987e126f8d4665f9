/**
 * `…/Participants/{P}/SubscribeRules` and `/Rooms/{Room}/RecordingRules`
 * (https://www.twilio.com/docs/video/api/track-subscriptions,
 * https://www.twilio.com/docs/video/api/recording-rules).
 *
 * @module
 */
import type { Participant, Room } from "../rooms/records.ts";
import { parseRules, type Rule } from "../rooms/rules.ts";
import type { RestHandler } from "./call.ts";
import { isoSecondsOrNull } from "./dates.ts";
import { findParticipant } from "./participants.ts";
import { json } from "./responses.ts";
import { findRoom } from "./rooms.ts";

/** GET `…/SubscribeRules`. */
export const fetchSubscribeRules: RestHandler = (call, room = "", who = "") =>
  json(subscribeRulesView(findParticipant(call, room, who)));

/** POST `…/SubscribeRules`: replaces them; 202. Bad ones leave the old in force. */
export const updateSubscribeRules: RestHandler = (
  call,
  room = "",
  who = "",
) => {
  const participant = findParticipant(call, room, who);
  const rules = parseRules(call.form.get("Rules") ?? "", 53215);
  call.core.administration.setSubscribeRules(participant, rules);
  return json(subscribeRulesView(participant), 202);
};

/** GET `/Rooms/{Room}/RecordingRules`. */
export const fetchRecordingRules: RestHandler = (call, room = "") =>
  json(recordingRulesView(findRoom(call, room)));

/** POST `/Rooms/{Room}/RecordingRules`: replaces them; 200. Bad ones leave the old in force. */
export const updateRecordingRules: RestHandler = (call, nameOrSid = "") => {
  const room = findRoom(call, nameOrSid);
  const rules = parseRules(call.form.get("Rules") ?? "", 53120);
  call.core.administration.setRecordingRules(room, rules);
  return json(recordingRulesView(room));
};

function subscribeRulesView(
  { sid, room, subscribeRules }: Participant,
): Record<string, unknown> {
  const { rules, dateCreated, dateUpdated } = subscribeRules;
  return {
    participant_sid: sid,
    room_sid: room.sid,
    date_created: isoSecondsOrNull(dateCreated),
    date_updated: isoSecondsOrNull(dateUpdated),
    rules: rules.map(fullRule),
  };
}

/** Every filter, `null` where there is none: so Twilio writes subscribe rules. */
function fullRule({ type, all, publisher, track, kind }: Rule) {
  return {
    type,
    all: all ?? null,
    publisher: publisher ?? null,
    track: track ?? null,
    kind: kind ?? null,
    priority: null,
  };
}

/** Recording rules Twilio writes without the filters they do not have. */
function recordingRulesView(
  { sid, recordingRules }: Room,
): Record<string, unknown> {
  const { rules, dateCreated, dateUpdated } = recordingRules;
  return {
    room_sid: sid,
    date_created: isoSecondsOrNull(dateCreated),
    date_updated: isoSecondsOrNull(dateUpdated),
    rules,
  };
}
