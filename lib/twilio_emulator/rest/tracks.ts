/**
 * `…/Participants/{P}/PublishedTracks` and `…/SubscribedTracks`: what is
 * published and received now
 * (https://www.twilio.com/docs/video/api/participants#publishedtracks-subresource,
 * https://www.twilio.com/docs/video/api/track-subscriptions#subscribedtracks-subresource).
 *
 * @module
 */
import type { Track } from "../rooms/records.ts";
import { type PublishedTrack, subscriptionsOf } from "../rooms/selection.ts";
import { notFound, type RestCall, type RestHandler } from "./call.ts";
import { isoSeconds } from "./dates.ts";
import { paginate } from "./paging.ts";
import { findParticipant, participantUrl } from "./participants.ts";
import { json } from "./responses.ts";

/** GET `…/PublishedTracks`. */
export const listPublished: RestHandler = (call, room = "", who = "") => {
  const participant = findParticipant(call, room, who);
  const tracks = [...participant.tracks.values()].sort(newestFirst);
  const { items, meta } = paginate(tracks, call.url, "published_tracks");
  return json({
    published_tracks: items.map((track) =>
      publishedView({ participant, track }, call.base)
    ),
    meta,
  });
};

/** GET `…/PublishedTracks/{NameOrSid}`. */
export const fetchPublished: RestHandler = (
  call,
  room = "",
  who = "",
  nameOrSid = "",
) => {
  const participant = findParticipant(call, room, who);
  const tracks = [...participant.tracks.values()];
  const track = tracks.find(({ sid }) => sid === nameOrSid) ??
    tracks.find(({ name }) => name === nameOrSid);
  if (!track) throw notFound(call);
  return json(publishedView({ participant, track }, call.base));
};

/** GET `…/SubscribedTracks`. */
export const listSubscribed: RestHandler = (call, room = "", who = "") => {
  const subscriber = findParticipant(call, room, who);
  const subscriptions = subscriptionsOf(subscriber)
    .sort((a, b) => newestFirst(a.track, b.track))
    .map((published) => ({ ...published, order: published.track.order }));
  const { items, meta } = paginate(
    subscriptions,
    call.url,
    "subscribed_tracks",
  );
  const url = `${participantUrl(subscriber, call.base)}/SubscribedTracks`;
  return json({
    subscribed_tracks: items.map((published) =>
      subscribedView(published, subscriber.sid, url)
    ),
    meta,
  });
};

/** GET `…/SubscribedTracks/{Sid}`: not by name, which several publishers may use. */
export const fetchSubscribed: RestHandler = (
  call: RestCall,
  room = "",
  who = "",
  sid = "",
) => {
  const subscriber = findParticipant(call, room, who);
  const published = subscriptionsOf(subscriber)
    .find(({ track }) => track.sid === sid);
  if (!published) throw notFound(call);
  const url = `${participantUrl(subscriber, call.base)}/SubscribedTracks`;
  return json(subscribedView(published, subscriber.sid, url));
};

function newestFirst(a: Track, b: Track): number {
  return b.order - a.order;
}

function trackView(track: Track, roomSid: string, url: string) {
  return {
    sid: track.sid,
    room_sid: roomSid,
    name: track.name,
    kind: track.kind,
    enabled: track.enabled,
    date_created: isoSeconds(track.dateCreated),
    date_updated: isoSeconds(track.dateUpdated),
    url: `${url}/${track.sid}`,
  };
}

function publishedView(
  { participant, track }: PublishedTrack,
  base: string,
): Record<string, unknown> {
  const url = `${participantUrl(participant, base)}/PublishedTracks`;
  return {
    ...trackView(track, participant.room.sid, url),
    participant_sid: participant.sid,
  };
}

function subscribedView(
  { participant, track }: PublishedTrack,
  subscriberSid: string,
  url: string,
): Record<string, unknown> {
  return {
    ...trackView(track, participant.room.sid, url),
    participant_sid: subscriberSid,
    publisher_sid: participant.sid,
  };
}
