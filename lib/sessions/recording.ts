import type { Seat } from "@/lib/sessions/session.ts";

/** One person's answer to whether the session may be recorded. */
export interface Consent {
  granted: boolean;
  at: string;
  /** Which text they were shown. */
  textVersion: string;
}

/** One person's picture and sound, as one file at the video service. All files of a session are in step. */
export interface RecordingPart {
  seat: Seat;
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
  /** All parts begin with the room; for so long there is nothing in them yet. */
  leadSeconds: number;
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
    leadSeconds: 0,
    lastViews: { doctor: null, patient: null },
  };
}

/** Whether it is to be recorded: asked for by the doctor, and allowed by both. */
export function isAllowed({ requested, consents }: Recording): boolean {
  return requested && consents.doctor?.granted === true &&
    consents.patient?.granted === true;
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
