import { z } from "zod";
import {
  type CALL_OPERATIONS,
  type CLINIC_OPERATIONS,
  type SESSION_OPERATIONS,
  type VISIT_OPERATIONS,
} from "@/lib/access/table.ts";
import type { ErrorCode } from "@/lib/errors.ts";
import { newId } from "@/lib/new_id.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import { localInputValue } from "@/lib/ui/local_input.ts";
import {
  AcceptedAnswer,
  AccessAnswer,
  AdmissionAnswer,
  AppointmentAnswer,
  AvailabilityAnswer,
  CallAnswer,
  ConsultationAnswer,
  listOf,
  MessageAnswer,
  QueueAnswer,
  ReadAnswer,
  RecordingAnswer,
  SessionAnswer,
  StartedAnswer,
  ThreadAnswer,
  TokenAnswer,
  UserAnswer,
  VisitAnswer,
} from "../../support/answers.ts";
import { NOON } from "../../support/noon.ts";
import type { Person, World } from "../../support/world.ts";
import type { Asked } from "./subjects.ts";

/** What it looks like when it works. */
export type Success =
  | { status?: 200 | 201 | "200 or 201"; json: z.ZodType }
  | { status: 204 }
  /** The first event of a stream, and what it says. */
  | { event: string; data: z.ZodType }
  | { bytes: string }
  /** A page, or where it leads if there is nothing to show. */
  | { page: true; or?: RegExp }
  /** A form that was taken: where it leads. */
  | { to: RegExp };

/** How one address is asked, and what it answers. */
export interface How {
  /** Path and query, where the address itself is not enough. */
  path?(asked: Asked, person: Person | null): string;
  json?(asked: Asked, world: World): unknown;
  form?: Record<string, string>;
  ok: Success;
  /** Refusals that it answers in its own words: status and body. */
  promised?: Partial<Record<ErrorCode, [status: number, body: unknown]>>;
  /** Refusals that lead back to the list, with the code in the address. */
  back?: boolean;
  /** Signs whoever asks out: they need a sign-in of their own for it. */
  signsOut?: boolean;
  /** What everybody is answered, where who asks makes no difference. */
  everybody?: ErrorCode;
}

type FacesOf<T> = T[keyof T] extends infer Row
  ? Row extends { faces: readonly (infer F)[] }
    ? F | (Row extends { forms: readonly (infer G)[] } ? G : never)
  : never
  : never;

/** Every address of the table. */
export type AnyFace =
  | FacesOf<typeof SESSION_OPERATIONS>
  | FacesOf<typeof VISIT_OPERATIONS>
  | FacesOf<typeof CALL_OPERATIONS>
  | FacesOf<typeof CLINIC_OPERATIONS>;

/** Where pages are read, for want of another. */
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const LATER = "2026-11-21T13:00:00Z";
const ID = "[0-9A-Z]{26}";
const LIST = new RegExp(
  `^/(visits/${ID}|patient-portal)/telemedicine(\\?left=${ID})?$`,
);
const DETAILS = new RegExp(`^/telemedicine/${ID}/details$`);
const PAGE: How = { ok: { page: true } };
const COMMAND: How = { form: {}, ok: { to: LIST }, back: true };
const CALL: How = { ok: { json: CallAnswer } };
const SESSION: How = { ok: { json: SessionAnswer } };

/** A line for every address of the table; the types see to it that none is missing. */
export const HOW: Record<AnyFace, How> = {
  "GET /api/v1/telemedicine/{id}/": SESSION,
  "PATCH /api/v1/telemedicine/{id}/": {
    ...SESSION,
    json: () => ({ notes: "Changed." }),
  },
  "POST /api/v1/telemedicine/{id}/start/": SESSION,
  "POST /api/v1/telemedicine/{id}/end/": SESSION,
  "POST /api/v1/telemedicine/{id}/cancel/": SESSION,
  "POST /api/v1/telemedicine/{id}/leave/": SESSION,
  "POST /api/v1/telemedicine/{id}/consent/": {
    ...SESSION,
    json: () => ({ granted: true, text_version: CONSENT_VERSION }),
  },
  "POST /api/v1/telemedicine/{id}/video_offer/": SESSION,
  "POST /api/v1/telemedicine/{id}/video_answer/": {
    ...SESSION,
    json: () => ({ accepted: false }),
  },
  "POST /api/v1/telemedicine/token/": {
    json: ({ id }) => ({ session_id: id }),
    ok: { json: AccessAnswer },
  },
  "GET /api/v1/telemedicine/{id}/events/": {
    ok: { event: "session", data: SessionAnswer },
  },
  "GET /api/v1/telemedicine/{id}/recording/": { ok: { json: RecordingAnswer } },
  "DELETE /api/v1/telemedicine/{id}/recording/": {
    ok: { json: RecordingAnswer },
  },
  "GET /api/v1/telemedicine/{id}/recording/{part}/media/": {
    path: ({ id }) => `/api/v1/telemedicine/${id}/recording/doctor/media/`,
    ok: { bytes: "video/mp4" },
  },
  "GET /api/consultations/{id}/": { ok: { json: ConsultationAnswer } },
  "POST /api/consultations/{id}/start_consultation/": {
    ok: { json: StartedAnswer },
  },
  "POST /api/consultations/{id}/end_consultation/": {
    ok: { json: z.strictObject({ consultation: ConsultationAnswer }) },
  },
  "GET /api/consultations/{id}/get_token/": { ok: { json: AdmissionAnswer } },
  "POST /api/consultations/{id}/join_consultation/": {
    ok: { json: AdmissionAnswer },
  },
  "GET /api/video/token": {
    path: ({ roomName }, person) =>
      `/api/video/token?roomName=${roomName}&identity=${
        person?.actor.accountId ?? "nobody"
      }`,
    ok: { json: TokenAnswer },
    promised: { unauthenticated: [401, { error: "Unauthorized" }] },
  },
  "GET /telemedicine/{id}": PAGE,
  "GET /telemedicine/{id}/details": PAGE,
  "GET /telemedicine/{id}/edit": { ok: { page: true, or: DETAILS } },
  "POST /telemedicine/{id}/edit": {
    // Its time stays, so that it can be sent in every status.
    form: { notes: "Changed.", scheduled_start: localInputValue(NOON, HERE) },
    ok: { to: DETAILS },
  },
  "GET /telemedicine/{id}/recording": { ok: { page: true, or: DETAILS } },
  "GET /telemedicine/{id}/recording/delete": {
    ok: { page: true, or: DETAILS },
  },
  "POST /telemedicine/{id}/recording/delete": {
    form: {},
    ok: { to: DETAILS },
  },
  "GET /telemedicine/{id}/end": PAGE,
  "GET /telemedicine/{id}/cancel": PAGE,
  "POST /telemedicine/{id}/start": COMMAND,
  "POST /telemedicine/{id}/end": COMMAND,
  "POST /telemedicine/{id}/cancel": COMMAND,
  "POST /telemedicine/{id}/leave": COMMAND,

  "GET /api/v1/visits/{id}/": { ok: { json: VisitAnswer } },
  "PATCH /api/v1/visits/{id}/": {
    json: () => ({ status: "CLOSED" }),
    ok: { json: VisitAnswer },
  },
  "GET /api/appointments/{id}/": { ok: { json: AppointmentAnswer } },
  "POST /api/v1/telemedicine/": {
    json: ({ id }) => ({ visit_id: id, scheduled_start: LATER }),
    ok: { status: 201, json: SessionAnswer },
  },
  "POST /api/consultations/": {
    json: ({ id }) => ({ appointment_id: id }),
    ok: { status: 201, json: ConsultationAnswer },
  },
  "GET /api/v1/visits/{id}/messages/": { ok: { json: ThreadAnswer } },
  "POST /api/v1/visits/{id}/messages/": {
    json: () => ({ text: "Hello" }),
    ok: { status: 201, json: MessageAnswer },
  },
  "POST /api/v1/visits/{id}/messages/read/": {
    json: ({ messageId = newId() }) => ({ up_to: messageId }),
    ok: { json: ReadAnswer },
  },
  "GET /api/v1/visits/{id}/messages/events/": {
    ok: { event: "messages", data: ThreadAnswer },
  },
  "GET /visits/{id}/messages": PAGE,
  "POST /visits/{id}/messages": {
    form: { text: "Hello" },
    ok: { to: new RegExp(`^/visits/${ID}/messages#latest$`) },
  },
  "GET /patient-portal/messages/{id}": PAGE,
  "POST /patient-portal/messages/{id}": {
    form: { text: "Hello" },
    ok: { to: new RegExp(`^/patient-portal/messages/${ID}#latest$`) },
  },
  "GET /visits/{id}": PAGE,
  "POST /visits/{id}": {
    form: {},
    ok: { to: new RegExp(`^/visits/${ID}$`) },
    back: true,
  },
  "GET /visits/{id}/telemedicine": PAGE,
  "POST /visits/{id}/telemedicine": {
    form: { scheduled_start: localInputValue(new Date(LATER), HERE) },
    ok: { to: new RegExp(`^/visits/${ID}/telemedicine\\?created=${ID}$`) },
    back: true,
  },

  "GET /api/v1/calls/{id}/": CALL,
  "GET /api/v1/calls/{id}/events/": { ok: { event: "call", data: CallAnswer } },
  "POST /api/v1/calls/{id}/accept/": { ok: { json: AcceptedAnswer } },
  "POST /api/v1/calls/{id}/decline/": CALL,
  "POST /api/v1/calls/{id}/cancel/": CALL,
  "POST /api/v1/calls/{id}/widen/": CALL,
  "GET /calls/{id}": {
    // Doctors have the queue for it; patients are led to what came of it.
    ok: { page: true, or: new RegExp(`^/(doctor/queue|telemedicine/${ID})$`) },
  },
  "POST /calls/{id}/accept": {
    form: {},
    ok: { to: new RegExp(`^/telemedicine/${ID}$`) },
    back: true,
  },
  "POST /calls/{id}/decline": {
    form: {},
    ok: { to: /^\/doctor\/queue$/ },
    back: true,
  },
  "POST /calls/{id}/cancel": {
    form: {},
    ok: { to: new RegExp(`^/calls/${ID}$`) },
    back: true,
  },

  "POST /calls/{id}/widen": {
    form: {},
    ok: { to: new RegExp(`^/calls/${ID}$`) },
    back: true,
  },

  "GET /api/v1/calls/": { ok: { json: listOf(CallAnswer) } },
  "POST /api/v1/calls/": {
    json: () => ({ mode: "voice" }),
    // Who waits already is answered with that.
    ok: { status: "200 or 201", json: CallAnswer },
  },
  "GET /calls": { ok: { to: /^\/patient-portal\/dashboard#ask$/ } },
  "POST /calls": {
    form: { mode: "video", reason: "" },
    ok: { to: new RegExp(`^/calls/${ID}(\\?asked=video)?$`) },
  },
  "GET /api/v1/calls/events/": { ok: { event: "queue", data: QueueAnswer } },
  "GET /api/v1/calls/availability/": { ok: { json: AvailabilityAnswer } },
  "PUT /api/v1/calls/availability/": {
    json: () => ({ available: true }),
    ok: { json: AvailabilityAnswer },
  },
  "GET /doctor/queue": PAGE,
  "POST /doctor/queue": {
    form: { available: "yes" },
    ok: { to: /^\/doctor\/queue$/ },
  },
  "GET /doctor/queue/skills": PAGE,
  "POST /doctor/queue/skills": {
    form: { "language.es": "on" },
    ok: { to: /^\/doctor\/queue\/skills\?saved=1$/ },
  },
  "GET /api/v1/telemedicine/": { ok: { json: listOf(SessionAnswer) } },
  "GET /api/v1/telemedicine/events/": {
    ok: { event: "sessions", data: z.array(SessionAnswer) },
  },
  "GET /api/consultations/": { ok: { json: listOf(ConsultationAnswer) } },
  "GET /api/v1/visits/": { ok: { json: listOf(VisitAnswer) } },
  "GET /api/appointments/": { ok: { json: listOf(AppointmentAnswer) } },
  "POST /api/v1/visits/": {
    json: (_, { patient }) => ({
      patient_email: patient.actor.email,
      reason: "Cough",
    }),
    ok: { status: 201, json: VisitAnswer },
  },
  "POST /api/appointments/": {
    json: (_, { patient }) => ({
      patient_email: patient.actor.email,
      reason: "Cough",
      scheduled_start: LATER,
    }),
    ok: { status: 201, json: AppointmentAnswer },
  },
  "GET /visits": PAGE,
  "GET /patient-portal/dashboard": PAGE,
  "GET /patient-portal/telemedicine": PAGE,
  "GET /patient-portal/messages": PAGE,
  "GET /admin": PAGE,
  "GET /admin/setup": PAGE,
  "POST /admin/setup": { form: {}, ok: { to: /^\/admin\/setup$/ } },
  "GET /api/v1/auth/me/": { ok: { json: UserAnswer } },
  "POST /api/v1/auth/logout/": { ok: { status: 204 }, signsOut: true },
  "GET /": { ok: { to: /^\/(login|visits|admin|patient-portal\/dashboard)$/ } },
  "GET /login": {
    path: () => "/login?next=%2Fhealthz",
    ok: { page: true, or: /^\/healthz$/ },
  },
  "POST /login": { form: {}, ok: { page: true }, everybody: "validation" },
  "POST /logout": {
    form: {},
    ok: { to: /^\/login\?signed_out=1$/ },
    signsOut: true,
  },
  "POST /api/v1/auth/login/": {
    json: () => ({}),
    ok: { json: UserAnswer },
    everybody: "validation",
  },
  "GET /healthz": {
    ok: { json: z.strictObject({ status: z.literal("ok") }) },
  },
  "GET /readyz": {
    ok: { json: z.strictObject({ status: z.literal("ok") }) },
  },
  "GET /problems/{code}": {
    path: () => "/problems/validation",
    ok: { page: true },
  },
  "POST /webhooks/twilio/": {
    form: { AccountSid: "AC1" },
    ok: { status: 204 },
    everybody: "signature_invalid",
  },
};
