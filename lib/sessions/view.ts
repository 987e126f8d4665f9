import type { Actor, PersonRef } from "@/lib/accounts/account.ts";
import { availableActions, type SessionAction } from "@/lib/sessions/policy.ts";
import { acrossRooms } from "@/lib/sessions/attendance.ts";
import { returnsToLine } from "@/lib/sessions/ending.ts";
import {
  type Consent,
  type RecordingState,
  sectionsOf,
} from "@/lib/sessions/recording.ts";
import {
  type EndReason,
  type Presence,
  type PresenceState,
  type Seat,
  SEATS,
  type Session,
  type SessionStatus,
} from "@/lib/sessions/session.ts";

/** Where a participant is, as the API shows it; null: has not come yet. */
export interface PresenceView {
  state: PresenceState;
  at: string;
}

/** Whether somebody allows the recording; null: has not been asked. */
export interface ConsentView {
  granted: boolean;
  at: string;
}

/** What there is of a recording. */
export interface RecordingView {
  /** The doctor asked for one. */
  requested: boolean;
  /** The room records now. */
  active: boolean;
  state: RecordingState;
  consents: Record<Seat, ConsentView | null>;
  /** Seconds, once ready. */
  duration_seconds: number | null;
  /** Where it is played, once ready. */
  url?: string;
}

/** One stay in the room. */
export interface StayView {
  joined_at: string;
  /** Null while it lasts. */
  left_at: string | null;
}

/** A session as one participant sees it, and what that participant may do next. */
export interface SessionView {
  id: string;
  /** Grows with every change: of two views of a session, the larger one is the newer. */
  rev: number;
  visit_id: string;
  /** It came of a patient's call for any doctor. */
  on_demand: boolean;
  /** The request that it came of, as far as that is known. */
  call_id: string | null;
  /** It is over without its doctor, and that request is back in line, or about to be. */
  returns_to_line: boolean;
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
  /** Who would like to switch from voice to video; null: nobody, or both. */
  video_offer: { by: Seat; at: string } | null;
  /** Both have agreed, and the video service has not opened the new room yet. */
  video_pending: boolean;
  recording: RecordingView;
  room_name: string;
  /** The doctor has asked for the start, and the video service has not answered yet. */
  start_pending: boolean;
  presence: Record<Seat, PresenceView | null>;
  /** When each was in the room, as far as the video service told. */
  attendance: Record<Seat, StayView[]>;
  /** Who never came, once it is completed. */
  no_show: Seat[];
  /** For the doctor only. */
  notes?: string;
  actions: SessionAction[];
  created_at: string;
}

function viewPresence(presence: Presence | null): PresenceView | null {
  return presence === null ? null : { state: presence.state, at: presence.at };
}

function viewStays(
  { attendance, pastRooms }: Session,
  seat: Seat,
): StayView[] {
  const movedAt = pastRooms.filter(({ roomSid }) => roomSid !== null)
    .map(({ leftAt }) => leftAt);
  return acrossRooms(attendance[seat], movedAt).map((
    { joinedAt, leftAt },
  ) => ({ joined_at: joinedAt, left_at: leftAt }));
}

function viewConsent(consent: Consent | null): ConsentView | null {
  return consent === null ? null : { granted: consent.granted, at: consent.at };
}

function viewRecording({ id, recording }: Session): RecordingView {
  const { requested, active, state, consents, parts } = recording;
  return {
    requested,
    active,
    state,
    consents: {
      doctor: viewConsent(consents.doctor),
      patient: viewConsent(consents.patient),
    },
    duration_seconds: state === "ready"
      ? sectionsOf(parts).reduce((sum, section) => sum + section.seconds, 0)
      : null,
    ...(state === "ready" ? { url: `/telemedicine/${id}/recording` } : {}),
  };
}

/** The session as this actor may see it. Notes are the doctor's alone. */
export function viewSession(session: Session, actor: Actor): SessionView {
  return {
    id: session.id,
    rev: session.rev,
    visit_id: session.visitId,
    on_demand: session.onDemand,
    call_id: session.call?.callId ?? null,
    returns_to_line: returnsToLine(session),
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
    video_offer: session.videoOffer,
    video_pending: session.moving !== null,
    recording: viewRecording(session),
    room_name: session.roomName,
    start_pending: session.startIntent !== null,
    presence: {
      doctor: viewPresence(session.presence.doctor),
      patient: viewPresence(session.presence.patient),
    },
    attendance: {
      doctor: viewStays(session, "doctor"),
      patient: viewStays(session, "patient"),
    },
    no_show: session.status === "COMPLETED"
      ? SEATS.filter((seat) => !session.admitted[seat])
      : [],
    ...(actor.accountId === session.doctor.id ? { notes: session.notes } : {}),
    actions: availableActions(actor, session),
    created_at: session.createdAt,
  };
}
