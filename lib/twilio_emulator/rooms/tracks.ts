/**
 * Which tracks may be published
 * (https://www.twilio.com/docs/video/programmable-video-limits).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import {
  type Participant,
  presentIn,
  type Room,
  type Track,
} from "./records.ts";

/** A track as its publisher describes it. */
export type WantedTrack = Pick<
  Track,
  "id" | "kind" | "name" | "enabled" | "priority"
>;

/** Tracks all participants of a group room may publish together. */
export const MAX_CONCURRENT_TRACKS = 170;

/** Longest name of a track. */
const MAX_NAME = 128;

/**
 * Why a participant cannot publish this track, or `null` when it can: 53125
 * video in an audio-only room, 53301 or 53302 name, 53304 name used twice by
 * the participant, 53203 too many tracks in the room.
 */
export function refuseTrack(
  room: Room,
  participant: Participant,
  { kind, name }: WantedTrack,
): TwilioFault | null {
  if (room.options.audioOnly && kind === "video") return new TwilioFault(53125);
  if (name === "") return new TwilioFault(53301);
  if ([...name].length > MAX_NAME) return new TwilioFault(53302);
  for (const track of participant.tracks.values()) {
    if (track.name === name) return new TwilioFault(53304);
  }
  const published = presentIn(room)
    .reduce((count, { tracks }) => count + tracks.size, 0);
  return published >= room.options.maxPublishedTracks
    ? new TwilioFault(53203)
    : null;
}
