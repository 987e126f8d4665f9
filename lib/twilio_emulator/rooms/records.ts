/**
 * What the emulator remembers of rooms, participants and tracks. REST shows
 * these records, signalling changes them; only `rooms.ts` writes to them.
 *
 * @module
 */
import type { RoomOptions } from "./room_options.ts";
import type { Rule } from "./rules.ts";
import type { Transcription } from "./transcription.ts";

/** `in-progress` until it ends, then `completed` for good. */
export type RoomStatus = "in-progress" | "completed";

/** `reconnecting`: the connection is lost and the session has not timed out yet. */
export type ParticipantStatus = "connected" | "reconnecting" | "disconnected";

/** Kinds of track. */
export type TrackKind = "audio" | "video" | "data";

/** A published track. */
export interface Track {
  /** `MT…`, new at each publish. */
  readonly sid: string;
  /** Rises with each record: the order of lists. */
  readonly order: number;
  /** The publisher's own id of it: the track part of `a=msid`, or the label of the data channel. */
  readonly id: string;
  readonly name: string;
  readonly kind: TrackKind;
  readonly dateCreated: Date;
  dateUpdated: Date;
  /** `false`: muted, or the camera is off. */
  enabled: boolean;
  priority: string;
}

/** A set of rules in force, and since when; dates are `null` for rules nobody has set. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly dateCreated: Date | null;
  readonly dateUpdated: Date | null;
}

/** One session of one person in a room. Joining again makes a new one. */
export interface Participant {
  /** `PA…` */
  readonly sid: string;
  /** Rises with each record: the order of lists. */
  readonly order: number;
  readonly room: Room;
  /** Replaced by the SID once the participant was anonymized. */
  identity: string;
  readonly startTime: Date;
  /** What is published now, by {@link Track.id}. Empty once disconnected. */
  readonly tracks: Map<string, Track>;
  /** Which tracks of the others it receives. */
  subscribeRules: RuleSet;
  dateUpdated: Date;
  status: ParticipantStatus;
  endTime: Date | null;
}

/** A room, running or ended. */
export interface Room {
  /** `RM…` */
  readonly sid: string;
  /** Rises with each record: the order of lists. */
  readonly order: number;
  readonly accountSid: string;
  /** The room's SID when no name was given. */
  readonly uniqueName: string;
  /** Made by a client's connect, not by REST: ends as soon as it is empty. */
  readonly adHoc: boolean;
  readonly options: RoomOptions;
  readonly dateCreated: Date;
  /** Every session there has been, oldest first, by SID. */
  readonly participants: Map<string, Participant>;
  /** Which tracks are recorded. */
  recordingRules: RuleSet;
  /** `null` until one is created. */
  transcription: Transcription | null;
  dateUpdated: Date;
  status: RoomStatus;
  endTime: Date | null;
}

/** Whether the person is in the room, also while reconnecting. */
export function isPresent(participant: Participant): boolean {
  return participant.status !== "disconnected";
}

/** Those in the room, oldest first. */
export function presentIn(room: Room): Participant[] {
  return [...room.participants.values()].filter(isPresent);
}

/** Whole seconds from `start` to `end`, as in the REST fields `duration`. */
export function durationSeconds(start: Date, end: Date): number {
  return Math.max(0, Math.round((end.getTime() - start.getTime()) / 1000));
}
