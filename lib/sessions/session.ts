import { z } from "zod";
import type { PersonRef } from "@/lib/accounts/account.ts";

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
export type Seat = "doctor" | "patient";

/** Why a session is over. */
export type EndReason =
  | "ended_by_doctor"
  | "no_show"
  | "room_ended"
  | "cancelled_by_doctor"
  | "visit_closed"
  | "video_rejected";

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
  /** The video service's id of the connection (`PA…`), once connected. */
  participantSid: string | null;
}

/** A doctor's wish to start that the video service has not answered yet. */
export interface StartIntent {
  /** Names this attempt: only its own answer confirms it. */
  opId: string;
  at: string;
  /** After this the attempt counts as lost. */
  deadline: string;
}

/**
 * A telemedicine session, as stored: one video or voice consultation within a
 * visit. Times are ISO 8601 in UTC from the server's clock.
 */
export interface Session {
  /** Layout of this record. */
  v: 1;
  /** A ULID. */
  id: string;
  visitId: string;
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
  voiceOnly: boolean;
  recording: { requested: boolean };
  /** The doctor's own; never shown to the patient. */
  notes: string;
  /** Random, never used twice, says nothing about the people. */
  roomName: string;
  /** The room at the video service (`RM…`), once started. */
  roomSid: string | null;
  startIntent: StartIntent | null;
  /** Whether the room at the video service still has to be closed after the end. */
  close: "NONE" | "PENDING" | "DONE";
  presence: Record<Seat, Presence | null>;
  /** Whether anybody was given access, or seen, after the start: otherwise it was a no-show. */
  everJoined: boolean;
  /** Whether both were connected at the same time at least once. */
  everBoth: boolean;
  createdAt: string;
  /** Grows by one with every commit. */
  rev: number;
  /** How many entries this session's audit chain has, and the hash of the last. */
  auditSeq: number;
  auditHash: string;
}

/** Whether nothing can happen to the session any more. */
export function isOver(status: SessionStatus): boolean {
  return status !== "SCHEDULED" && status !== "IN_PROGRESS";
}
