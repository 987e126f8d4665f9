import type { Seat, Session } from "@/lib/sessions/session.ts";

/** One person's answer to whether the session may be recorded. */
export interface Consent {
  granted: boolean;
  at: string;
  /** Which text they were shown. */
  textVersion: string;
}

/** One person's picture and sound in one room, as one file at the video service. All files of a room are in step. */
export interface RecordingPart {
  seat: Seat;
  /** Where it was recorded: a call that switched to video was in two rooms. */
  roomSid: string;
  /** All parts begin with their room; for so many seconds there is nothing in any of them yet. */
  leadSeconds: number;
  /** `CJ…` */
  compositionSid: string;
  status: "processing" | "ready" | "failed";
  /** Once ready. */
  durationSeconds: number | null;
}

/** The last time that somebody began to play the recording. */
export interface View {
  /** Which of their sign-ins. */
  signInId: string;
  at: string;
}

/** A player asks for many pieces of both parts: together they are one view, for so long. */
export const VIEW_MS = 3_600_000;

/**
 * What there is of a recording. `none`: nothing was recorded; `processing`:
 * over, and being put together; `deleting`: gone for everybody here, and on
 * its way out at the video service.
 */
export type RecordingState =
  | "none"
  | "processing"
  | "ready"
  | "failed"
  | "deleting"
  | "deleted";

/** The recording of a session, as stored. */
export interface Recording {
  /** The doctor asked for one. */
  requested: boolean;
  /** The last answer of each; null: not asked yet. */
  consents: Record<Seat, Consent | null>;
  /** The room was told to record, and not to stop. */
  active: boolean;
  /** Something was recorded at some time. */
  taken: boolean;
  state: RecordingState;
  parts: RecordingPart[];
  /** Null: not yet. */
  lastViews: Record<Seat, View | null>;
}

/** The recording of a new session. */
export function newRecording(requested: boolean): Recording {
  return {
    requested,
    consents: { doctor: null, patient: null },
    active: false,
    taken: false,
    state: "none",
    parts: [],
    lastViews: { doctor: null, patient: null },
  };
}

/** Whether it is to be recorded: asked for by the doctor, and allowed by both. */
export function isAllowed({ requested, consents }: Recording): boolean {
  return requested && consents.doctor?.granted === true &&
    consents.patient?.granted === true;
}

/** Whether the room is to record now. While the call moves to another room nothing is recorded. */
export function isToRecord(
  { status, moving, recording }: Pick<
    Session,
    "status" | "moving" | "recording"
  >,
): boolean {
  return status === "IN_PROGRESS" && moving === null && isAllowed(recording);
}

/**
 * The recording when the call has moved to a room with pictures. Who allowed
 * the sound to be recorded has not allowed the picture: they are asked again.
 * A no stays a no.
 */
export function movedToVideo(recording: Recording): Recording {
  const { doctor, patient } = recording.consents;
  return {
    ...recording,
    // Allowed, and perhaps not yet taken down that it began.
    taken: recording.taken || isAllowed(recording),
    consents: {
      doctor: doctor?.granted === true ? null : doctor,
      patient: patient?.granted === true ? null : patient,
    },
  };
}

/** The recording of a session that has just ended: what was recorded has yet to be put together. */
export function finished(recording: Recording): Recording {
  return {
    ...recording,
    active: false,
    // Allowed, and perhaps not yet taken down that it began.
    state: recording.taken || isAllowed(recording) ? "processing" : "none",
  };
}

/** What was recorded in one room. */
export interface RecordingSection {
  roomSid: string;
  /** Where in every part the first recorded moment is. */
  leadSeconds: number;
  /** How long what was recorded is. */
  seconds: number;
  parts: RecordingPart[];
}

/** The parts by room, in the order of the rooms: sections play one after the other, the parts of each together. */
export function sectionsOf(parts: RecordingPart[]): RecordingSection[] {
  return [...Map.groupBy(parts, ({ roomSid }) => roomSid)].map(
    ([roomSid, own]) => {
      const { leadSeconds } = own[0]!;
      const ends = own.map(({ durationSeconds }) => durationSeconds ?? 0);
      return {
        roomSid,
        leadSeconds,
        seconds: Math.max(0, Math.max(...ends) - leadSeconds),
        parts: own,
      };
    },
  );
}

/** The recording once one more of its parts is settled. */
export function withPart(
  recording: Recording,
  part: Pick<RecordingPart, "compositionSid" | "status" | "durationSeconds">,
): Recording {
  const parts = recording.parts.map((one) =>
    one.compositionSid === part.compositionSid ? { ...one, ...part } : one
  );
  return { ...recording, parts, state: stateOf(parts) };
}

/** Something to play is better than nothing: one part that failed does not take the other away. */
export function stateOf(parts: RecordingPart[]): RecordingState {
  if (parts.length === 0) return "none";
  if (parts.some(({ status }) => status === "processing")) return "processing";
  return parts.some(({ status }) => status === "ready") ? "ready" : "failed";
}
