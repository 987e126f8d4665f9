/**
 * `/v1/Rooms/{Room}/Participants` and `…/{IdentityOrSid}`
 * (https://www.twilio.com/docs/video/api/participants).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import {
  durationSeconds,
  isPresent,
  type Participant,
} from "../rooms/records.ts";
import { notFound, type RestCall, type RestHandler } from "./call.ts";
import { isoSeconds, isoSecondsOrNull } from "./dates.ts";
import { createdBetween, statusFilter } from "./filters.ts";
import { paginate } from "./paging.ts";
import { json } from "./responses.ts";
import { findRoom } from "./rooms.ts";

/**
 * GET `…/Participants`. Without `Status`: those in a running room, also
 * while they reconnect; those who were in a completed one.
 */
export const listParticipants: RestHandler = (call, nameOrSid = "") => {
  const room = findRoom(call, nameOrSid);
  const query = call.url.searchParams;
  const status = statusFilter(query, [
    "connected",
    "reconnecting",
    "disconnected",
  ]);
  const identity = query.get("Identity");
  const inTime = createdBetween(query);
  const matching = [...room.participants.values()].reverse().filter((one) =>
    (status
      ? one.status === status
      : isPresent(one) === (room.status === "in-progress")) &&
    (!identity || one.identity === identity) && inTime(one.startTime)
  );
  const { items, meta } = paginate(matching, call.url, "participants");
  return json({
    participants: items.map((one) => participantView(one, call.base)),
    meta,
  });
};

/** GET `…/Participants/{IdentityOrSid}`. */
export const fetchParticipant: RestHandler = (call, room = "", who = "") =>
  json(participantView(findParticipant(call, room, who), call.base));

/** POST `…/Participants/{IdentityOrSid}`: `Status=disconnected` removes them; 202. */
export const updateParticipant: RestHandler = (call, room = "", who = "") => {
  const participant = findParticipant(call, room, who);
  if (call.form.get("Status") !== "disconnected") throw new TwilioFault(53209);
  call.rooms.leave(participant, "kicked");
  return json(participantView(participant, call.base), 202);
};

/**
 * POST `…/Participants/{IdentityOrSid}/Anonymize`: forgets who somebody was
 * who has left (https://www.twilio.com/docs/video/api/participants#anonymize).
 */
export const anonymizeParticipant: RestHandler = (
  call,
  room = "",
  who = "",
) => {
  const participant = findParticipant(call, room, who);
  call.core.administration.anonymize(participant);
  const { links: _links, ...view } = participantView(participant, call.base);
  return json({ ...view, url: `${view.url}/Anonymize` });
};

/**
 * The participant a path names: by SID; else by identity, the one in the
 * room, else the latest.
 *
 * @throws {TwilioFault} 20404 when there is none.
 */
export function findParticipant(
  call: RestCall,
  nameOrSid: string,
  identityOrSid: string,
): Participant {
  const { participants } = findRoom(call, nameOrSid);
  const bySid = participants.get(identityOrSid);
  if (bySid) return bySid;
  const sessions = [...participants.values()]
    .filter(({ identity }) => identity === identityOrSid);
  const found = sessions.find(isPresent) ?? sessions.at(-1);
  if (!found) throw notFound(call);
  return found;
}

/** The address of a participant, by SIDs however it was asked for. */
export function participantUrl(
  { room, sid }: Participant,
  base: string,
): string {
  return `${base}/Rooms/${room.sid}/Participants/${sid}`;
}

function participantView(
  participant: Participant,
  base: string,
): Record<string, unknown> {
  const { room, startTime, endTime } = participant;
  const url = participantUrl(participant, base);
  return {
    sid: participant.sid,
    room_sid: room.sid,
    account_sid: room.accountSid,
    identity: participant.identity,
    status: participant.status,
    date_created: isoSeconds(startTime),
    date_updated: isoSeconds(participant.dateUpdated),
    start_time: isoSeconds(startTime),
    end_time: isoSecondsOrNull(endTime),
    duration: endTime && durationSeconds(startTime, endTime),
    url,
    links: {
      published_tracks: `${url}/PublishedTracks`,
      subscribed_tracks: `${url}/SubscribedTracks`,
      subscribe_rules: `${url}/SubscribeRules`,
      anonymize: `${url}/Anonymize`,
    },
  };
}
