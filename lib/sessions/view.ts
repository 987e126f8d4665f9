import type { Actor, PersonRef } from "@/lib/accounts/account.ts";
import { availableActions, type SessionAction } from "@/lib/sessions/policy.ts";
import type {
  EndReason,
  Presence,
  PresenceState,
  Session,
  SessionStatus,
} from "@/lib/sessions/session.ts";

/** Where a participant is, as the API shows it; null: has not come yet. */
export interface PresenceView {
  state: PresenceState;
  at: string;
}

/** What there is of a recording. */
export interface RecordingView {
  /** The doctor asked for one. */
  requested: boolean;
  /** The room records now. */
  active: boolean;
  state: "none";
}

/** A session as one participant sees it, and what that participant may do next. */
export interface SessionView {
  id: string;
  visit_id: string;
  doctor: PersonRef;
  patient: PersonRef;
  /** Why the patient comes: the visit's reason. */
  reason: string;
  status: SessionStatus;
  scheduled_start: string;
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
  end_reason: EndReason | null;
  voice_only: boolean;
  recording: RecordingView;
  room_name: string;
  presence: { doctor: PresenceView | null; patient: PresenceView | null };
  /** For the doctor only. */
  notes?: string;
  actions: SessionAction[];
  created_at: string;
}

function viewPresence(presence: Presence | null): PresenceView | null {
  return presence === null ? null : { state: presence.state, at: presence.at };
}

/** The session as this actor may see it. Notes are the doctor's alone. */
export function viewSession(session: Session, actor: Actor): SessionView {
  return {
    id: session.id,
    visit_id: session.visitId,
    doctor: session.doctor,
    patient: session.patient,
    reason: session.reason,
    status: session.status,
    scheduled_start: session.scheduledStart,
    started_at: session.startedAt,
    ended_at: session.endedAt,
    duration_seconds: session.durationSeconds,
    end_reason: session.endReason,
    voice_only: session.voiceOnly,
    recording: {
      requested: session.recording.requested,
      active: false,
      state: "none",
    },
    room_name: session.roomName,
    presence: {
      doctor: viewPresence(session.presence.doctor),
      patient: viewPresence(session.presence.patient),
    },
    ...(actor.accountId === session.doctor.id ? { notes: session.notes } : {}),
    actions: availableActions(actor, session),
    created_at: session.createdAt,
  };
}
