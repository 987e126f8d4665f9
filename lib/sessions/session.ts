import { z } from "zod";
import type { PersonRef } from "@/lib/accounts/account.ts";
import type { Interval } from "@/lib/sessions/attendance.ts";
import type { Recording } from "@/lib/sessions/recording.ts";

/** Where a session is in its life; see `transitions.ts` for how it gets there. */
export const SessionStatus = z.enum([
  "SCHEDULED",
  "IN_PROGRESS",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
]);
/** Where a session is in its life; see `transitions.ts` for how it gets there. */
export type SessionStatus = z.infer<typeof SessionStatus>;

/** The two seats of a session. */
export const SEATS = ["doctor", "patient"] as const;
/** The two seats of a session. */
export type Seat = typeof SEATS[number];

/**
 * Why a session is over. `no_show`: nobody ever came; `room_ended`: the video
 * service ended the room by itself; `expired`: planned, and never started.
 */
export type EndReason =
  | "ended_by_doctor"
  | "no_show"
  | "room_ended"
  | "doctor_absent"
  | "max_duration"
  | "cancelled_by_doctor"
  | "visit_closed"
  | "expired"
  | "video_rejected"
  | "video_unreachable";

/**
 * Where a participant is. `waiting`: asked to join before the doctor started;
 * `joining`: was given an access token; `connected` and `disconnected`: in the
 * room or not, as the video service or the participant says.
 */
export type PresenceState =
  | "waiting"
  | "joining"
  | "connected"
  | "disconnected";

/** The last that is known of one participant. */
export interface Presence {
  state: PresenceState;
  /** When this became so. */
  at: string;
}

/** A doctor's wish to start that the video service has not answered yet. */
export interface StartIntent {
  /** Names this attempt: only its own answer confirms it. */
  opId: string;
  at: string;
  /** After this the attempt counts as lost. */
  deadline: string;
  /** A room of this attempt that ended before the attempt was confirmed: not to be taken. */
  endedRoomSid: string | null;
}

/** Somebody in a voice call would like to switch to video. */
export interface VideoOffer {
  by: Seat;
  at: string;
}

/** Both have agreed to video: the call moves to a room that carries it, as soon as there is one. */
export interface Move {
  /** The room to be. */
  roomName: string;
  at: string;
  /** After this the call stays where it is. */
  deadline: string;
}

/** A room that the call has left, or that it was to move to in vain. */
export interface PastRoom {
  roomName: string;
  /** Null: it was asked for, and whether it was ever opened is not known. */
  roomSid: string | null;
  leftAt: string;
  /** It is over at the video service, or left to its own time limit. */
  closed: boolean;
}

/** What a session knows of the call request that it came of. */
export interface Origin {
  callId: string;
  /** The request goes back to its place in line if the doctor never comes. */
  mayReturn: boolean;
  /** The patient has left on purpose, and not come back since. */
  isGivenUp: boolean;
}

/**
 * A telemedicine session, as stored: one video or voice consultation within a
 * visit. Times are ISO 8601 in UTC from the server's clock.
 */
export interface Session {
  /** Layout of this record; `upgrade.ts` reads older ones. */
  v: 5;
  /** A ULID. */
  id: string;
  visitId: string;
  /** It came of a patient's call for any doctor. */
  onDemand: boolean;
  /** Null: planned, or of a layout that did not keep it. */
  call: Origin | null;
  doctor: PersonRef;
  patient: PersonRef;
  /** The visit's reason, kept here so that a list needs one read per session. */
  reason: string;
  status: SessionStatus;
  scheduledStart: string;
  startedAt: string | null;
  endedAt: string | null;
  endReason: EndReason | null;
  /** Seconds from start to end, once completed. */
  durationSeconds: number | null;
  /** The room takes no picture. A voice call may move to a room that does, and never back. */
  voiceOnly: boolean;
  /** Null: nobody asks for video, or both have agreed. */
  videoOffer: VideoOffer | null;
  moving: Move | null;
  /** Oldest first; without those where nothing ever was, once they are closed. */
  pastRooms: PastRoom[];
  recording: Recording;
  /** The doctor's own; never shown to the patient. */
  notes: string;
  /** Random, never used twice, says nothing about the people. */
  roomName: string;
  /** The room at the video service (`RM…`) that the call is in, or was in last, once started. */
  roomSid: string | null;
  startIntent: StartIntent | null;
  /** How many attempts to start passed their deadline without an answer. */
  expiredStarts: number;
  /** Whether the video service was ever asked for the room: only then can there be one to close. */
  roomAsked: boolean;
  /**
   * Whether the room still has to be closed after the end. `GAVE_UP`: it did
   * not work for so long that the room has ended by its own time limit.
   */
  close: "NONE" | "PENDING" | "DONE" | "GAVE_UP";
  presence: Record<Seat, Presence | null>;
  /** When each was in the room. */
  attendance: Record<Seat, Interval[]>;
  /** Who was given access, or seen, after the start; who was not, never came. */
  admitted: Record<Seat, boolean>;
  /** Whether both were connected at the same time at least once. */
  everBoth: boolean;
  /** Connections (`PA…`) of people who have no seat here and are to be removed. */
  intruders: string[];
  createdAt: string;
  /** Grows by one with every commit. */
  rev: number;
  /** How many entries this session's audit chain has, and the hash of the last. */
  auditSeq: number;
  auditHash: string;
}

/** Whether the patient waits in front of the screen for a session that has not begun. */
export function isWaiting({ status, presence }: Session): boolean {
  return status === "SCHEDULED" && presence.patient?.state === "waiting";
}

/** Whether nothing can happen to the session any more. */
export function isOver(status: SessionStatus): boolean {
  return status !== "SCHEDULED" && status !== "IN_PROGRESS";
}
