/**
 * Which tracks the rules of a room select: what each participant is
 * subscribed to, and what is recorded.
 *
 * @module
 */
import {
  isPresent,
  type Participant,
  presentIn,
  type Room,
  type Track,
} from "./records.ts";
import { canSelect, type Rule, type RuleSubject, selects } from "./rules.ts";

/** A track with the participant who publishes it. */
export interface PublishedTrack {
  readonly participant: Participant;
  readonly track: Track;
}

/** Whether a participant's subscribe rules select a track. Its own tracks they never do. */
export function subscribesTo(
  subscriber: Participant,
  { participant, track }: PublishedTrack,
): boolean {
  return participant !== subscriber &&
    selects(subscriber.subscribeRules.rules, subject(participant, track));
}

/** What a participant is subscribed to now, oldest publisher first. */
export function subscriptionsOf(subscriber: Participant): PublishedTrack[] {
  if (!isPresent(subscriber)) return [];
  return publishedIn(subscriber.room)
    .filter((published) => subscribesTo(subscriber, published));
}

/**
 * What is to be recorded of a room now, by its recording rules. Data tracks
 * never are.
 */
export function recordedIn(room: Room): PublishedTrack[] {
  const { rules } = room.recordingRules;
  const initially = recordsInitially(room);
  return publishedIn(room).filter(({ participant, track }) =>
    track.kind !== "data" &&
    selects(rules, subject(participant, track), initially)
  );
}

/** What clients are told in `room.isRecording`: whether the room's rules record anything. */
export function isRecording(room: Room): boolean {
  return canSelect(room.recordingRules.rules, recordsInitially(room));
}

/**
 * Whether rules take from everything instead of adding to nothing. With
 * `RecordParticipantsOnConnect` they do when they begin with an exclusion;
 * a set that begins with an inclusion means the same in every room.
 */
function recordsInitially({ options, recordingRules }: Room): boolean {
  return options.recordParticipantsOnConnect &&
    recordingRules.rules[0]?.type === "exclude";
}

/** The rules a room begins with: explicit ones win over `RecordParticipantsOnConnect`. */
export function initialRecordingRules(
  explicit: readonly Rule[] | null,
  recordOnConnect: boolean,
): readonly Rule[] {
  if (explicit) return explicit;
  return [{ type: recordOnConnect ? "include" : "exclude", all: true }];
}

function publishedIn(room: Room): PublishedTrack[] {
  return presentIn(room).flatMap((participant) =>
    [...participant.tracks.values()].map((track) => ({ participant, track }))
  );
}

function subject(publisher: Participant, track: Track): RuleSubject {
  const { sid, name, kind } = track;
  return { sid, name, kind, publisher };
}
