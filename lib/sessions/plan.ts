import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";
import { AppError } from "@/lib/errors.ts";
import { newRecording } from "@/lib/sessions/recording.ts";
import type { Origin, Session } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What a doctor says of a session to come. */
export interface SessionPlan {
  /** Null: when the visit is planned for. */
  scheduledStart: Date | null;
  recordingEnabled: boolean;
  voiceOnly: boolean;
  notes: string;
}

/** "Now" may be a little in the past by the time it is sent. */
const GRACE_MS = 5 * 60_000;
/** Nobody plans further ahead; a typing mistake in the year does. */
const AHEAD_MS_MAX = 2 * 366 * 24 * 3_600_000;

/** The new session as it will be stored. Throws `validation` for a time in the past or too far off, or none. */
export function newSession(
  { recordingEnabled, voiceOnly, notes, ...plan }: SessionPlan,
  visit: Visit,
  { id, roomName, now, call = null }: {
    id: string;
    roomName: string;
    now: Date;
    call?: Origin | null;
  },
): Session {
  const scheduledStart = plan.scheduledStart ?? plannedFor(visit);
  requireSensibleStart(scheduledStart, now);
  return {
    v: 5,
    id,
    visitId: visit.id,
    onDemand: call !== null,
    call,
    doctor: visit.doctor,
    patient: visit.patient,
    reason: visit.reason,
    status: "SCHEDULED",
    scheduledStart: scheduledStart.toISOString(),
    startedAt: null,
    endedAt: null,
    endReason: null,
    durationSeconds: null,
    voiceOnly,
    videoOffer: null,
    moving: null,
    pastRooms: [],
    recording: newRecording(recordingEnabled),
    notes,
    roomName,
    roomSid: null,
    startIntent: null,
    expiredStarts: 0,
    roomAsked: false,
    close: "NONE",
    presence: { doctor: null, patient: null },
    attendance: { doctor: [], patient: [] },
    admitted: { doctor: false, patient: false },
    everBoth: false,
    intruders: [],
    createdAt: now.toISOString(),
    rev: 1,
    ...EMPTY_CHAIN,
  };
}

function plannedFor({ plannedStart }: Visit): Date {
  if (plannedStart === null) throw badStart("is missing");
  return new Date(plannedStart);
}

/** Throws `validation` for a time in the past or too far off. */
export function requireSensibleStart(scheduledStart: Date, now: Date): void {
  const ahead = scheduledStart.getTime() - now.getTime();
  if (!(ahead >= -GRACE_MS)) throw badStart("is in the past");
  if (ahead > AHEAD_MS_MAX) throw badStart("is more than two years away");
}

function badStart(message: string): AppError {
  return new AppError("validation", "Cannot plan for that time", {
    fields: [{ field: "scheduled_start", message }],
  });
}
