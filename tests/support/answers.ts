/** The bodies that the API answers, to the last field: anything more would be told to somebody who was not to know. */
import { z } from "zod";
import type { AppointmentView } from "@/lib/appointments/view.ts";
import { CallMode, CallStatus, Urgency } from "@/lib/calls/call_request.ts";
import { CALL_ACTIONS } from "@/lib/calls/policy.ts";
import type {
  AvailabilityView,
  CallView,
  QueueView,
} from "@/lib/calls/view.ts";
import type { ConsultationView } from "@/lib/consultations/view.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";
import type { PlayView } from "@/lib/recordings/view.ts";
import { SESSION_ACTIONS } from "@/lib/sessions/policy.ts";
import { SEATS, SessionStatus } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { VISIT_ACTIONS } from "@/lib/visits/policy.ts";
import type { VisitView } from "@/lib/visits/view.ts";
import { VisitStatus } from "@/lib/visits/visit.ts";

const Id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);
const Time = z.iso.datetime();
const PersonRef = z.strictObject({ id: Id, name: z.string() });
const RoomName = z.string().regex(/^[A-Za-z0-9_-]{16,128}$/);
const Token = z.jwt({ alg: "HS256" });

function bySeat<T extends z.ZodType>(one: T) {
  return z.strictObject({ doctor: one, patient: one });
}

const recording = {
  requested: z.boolean(),
  active: z.boolean(),
  state: z.enum([
    "none",
    "processing",
    "ready",
    "failed",
    "deleting",
    "deleted",
  ]),
  consents: bySeat(
    z.strictObject({ granted: z.boolean(), at: Time }).nullable(),
  ),
  duration_seconds: z.number().nullable(),
  url: z.string().exactOptional(),
};

/** A session. */
export const SessionAnswer = z.strictObject({
  id: Id,
  visit_id: Id,
  on_demand: z.boolean(),
  call_id: Id.nullable(),
  returns_to_line: z.boolean(),
  doctor: PersonRef,
  patient: PersonRef,
  reason: z.string(),
  status: SessionStatus,
  rev: z.int().min(1),
  scheduled_start: Time,
  started_at: Time.nullable(),
  ended_at: Time.nullable(),
  duration_seconds: z.int().min(0).nullable(),
  end_reason: z.enum([
    "ended_by_doctor",
    "no_show",
    "room_ended",
    "doctor_absent",
    "max_duration",
    "cancelled_by_doctor",
    "visit_closed",
    "expired",
    "video_rejected",
    "video_unreachable",
  ]).nullable(),
  voice_only: z.boolean(),
  video_offer: z.strictObject({ by: z.enum(SEATS), at: Time }).nullable(),
  video_pending: z.boolean(),
  recording: z.strictObject(recording),
  room_name: RoomName,
  start_pending: z.boolean(),
  presence: bySeat(
    z.strictObject({
      state: z.enum(["waiting", "joining", "connected", "disconnected"]),
      at: Time,
    }).nullable(),
  ),
  attendance: bySeat(
    z.array(z.strictObject({ joined_at: Time, left_at: Time.nullable() })),
  ),
  no_show: z.array(z.enum(SEATS)),
  notes: z.string().exactOptional(),
  actions: z.array(z.enum(SESSION_ACTIONS)),
  created_at: Time,
}) satisfies z.ZodType<SessionView>;

/** A session as the first API calls it. */
export const ConsultationAnswer = SessionAnswer.extend({
  appointment_id: Id,
}) satisfies z.ZodType<ConsultationView>;

/** A visit. */
export const VisitAnswer = z.strictObject({
  id: Id,
  doctor: PersonRef,
  patient: PersonRef,
  reason: z.string(),
  status: VisitStatus,
  created_at: Time,
  closed_at: Time.nullable(),
  actions: z.array(z.enum(VISIT_ACTIONS)),
}) satisfies z.ZodType<VisitView>;

/** A call request. */
export const CallAnswer = z.strictObject({
  id: Id,
  status: CallStatus,
  mode: CallMode,
  reason: z.string(),
  urgency: Urgency,
  specialty: z.string().nullable(),
  language: z.string().nullable(),
  patient: PersonRef,
  created_at: Time,
  decided_at: Time.nullable(),
  position: z.int().min(1).nullable(),
  away: z.boolean(),
  wait: z.strictObject({ from_minutes: z.int(), to_minutes: z.int() })
    .nullable(),
  doctors_available: z.int().nullable(),
  doctors_on_duty: z.int().nullable(),
  offer: z.strictObject({ until: Time }).nullable(),
  doctor: PersonRef.nullable(),
  visit_id: Id.nullable(),
  session_id: Id.nullable(),
  session: SessionAnswer.nullable(),
  actions: z.array(z.enum(CALL_ACTIONS)),
}) satisfies z.ZodType<CallView>;

/** A request that was accepted, and what it became. */
export const AcceptedAnswer = z.strictObject({
  call: CallAnswer,
  session: SessionAnswer,
});

/** Whether a doctor takes calls. */
export const AvailabilityAnswer = z.strictObject({
  available: z.boolean(),
  stopped: z.literal("unanswered").nullable(),
  specialties: z.array(z.string()),
  languages: z.array(z.string()),
  session_id: Id.nullable(),
}) satisfies z.ZodType<AvailabilityView>;

/** The queue as a doctor hears of it. */
export const QueueAnswer = z.strictObject({
  calls: z.array(CallAnswer),
  availability: AvailabilityAnswer,
  colleagues: z.array(z.string()),
  planned: z.array(z.strictObject({
    session_id: Id,
    visit_id: Id,
    patient: PersonRef,
    scheduled_start: Time,
    waiting_since: Time.nullable(),
  })),
  gone: z.array(z.strictObject({ id: Id, taken: z.boolean() })),
  now: Time,
}) satisfies z.ZodType<QueueView>;

/** A message of a visit. */
export const MessageAnswer = z.strictObject({
  id: Id,
  visit_id: Id,
  from: PersonRef,
  seat: z.enum(SEATS),
  text: z.string(),
  sent_at: Time,
}) satisfies z.ZodType<MessageView>;

/** Messages of a visit, and how things stand. */
export const ThreadAnswer = z.strictObject({
  results: z.array(MessageAnswer),
  next: Id.nullable(),
  unread: z.int(),
  seen_up_to: Id.nullable(),
  actions: z.array(z.literal("write")),
}) satisfies z.ZodType<ThreadView>;

/** Up to where one has read. */
export const ReadAnswer = z.strictObject({ read_up_to: Id, unread: z.int() });

/** A visit as an appointment. */
export const AppointmentAnswer = z.strictObject({
  id: Id,
  doctor: PersonRef,
  patient: PersonRef,
  reason: z.string(),
  status: VisitStatus,
  scheduled_start: Time.nullable(),
  created_at: Time,
}) satisfies z.ZodType<AppointmentView>;

/** A recording with its sections and their parts. */
export const RecordingAnswer = z.strictObject({
  ...recording,
  sections: z.array(z.strictObject({
    voice_only: z.boolean(),
    starts_at_seconds: z.number(),
    duration_seconds: z.number().nullable(),
    parts: z.array(z.strictObject({
      seat: z.enum(SEATS),
      status: z.enum(["processing", "ready", "failed"]),
      url: z.string().nullable(),
    })),
  })),
}) satisfies z.ZodType<PlayView>;

/** What the token endpoint of sessions answers. */
export const AccessAnswer = z.strictObject({
  token: Token,
  room_name: RoomName,
  session_id: Id,
  identity: Id,
  expires_at: Time,
  waiting: z.boolean(),
});

/** What the token endpoints of consultations answer. */
export const AdmissionAnswer = z.strictObject({
  token: Token,
  room_name: RoomName,
});

/** What starting a consultation answers. */
export const StartedAnswer = AdmissionAnswer.extend({
  consultation: ConsultationAnswer,
});

/** What the oldest token endpoint answers. */
export const TokenAnswer = z.strictObject({ token: Token });

/** Who is signed in. */
export const UserAnswer = z.strictObject({
  user: z.strictObject({
    id: Id,
    name: z.string(),
    email: z.email(),
    role: z.enum(["doctor", "patient", "admin"]),
  }),
});

/** One page of a list. */
export function listOf<T extends z.ZodType>(one: T) {
  return z.strictObject({
    results: z.array(one),
    next: z.string().nullable(),
  });
}
