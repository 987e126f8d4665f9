import type { Actor } from "@/lib/accounts/account.ts";
import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";
import type { CallRequest, CallWish } from "@/lib/calls/call_request.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";
import { newRecording } from "@/lib/sessions/recording.ts";
import type { Session, SessionStatus } from "@/lib/sessions/session.ts";

/** The doctor of `aSession()`. */
export const doctor: Actor = {
  accountId: "doctor-1",
  name: "Dr Ada Day",
  email: "ada@test.bedside",
  role: "doctor",
};

/** The patient of `aSession()`. */
export const patient: Actor = {
  accountId: "patient-1",
  name: "Pat Night",
  email: "pat@test.bedside",
  role: "patient",
};

/** A doctor who has nothing to do with it. */
export const stranger: Actor = {
  ...doctor,
  accountId: "doctor-2",
  name: "Dr Otto Other",
};

/** What a session of each status has besides the status. */
const PER_STATUS: Record<SessionStatus, Partial<Session>> = {
  SCHEDULED: {},
  IN_PROGRESS: {
    startedAt: "2026-11-21T12:00:00.000Z",
    roomAsked: true,
    roomSid: "RM1",
  },
  COMPLETED: {
    startedAt: "2026-11-21T12:00:00.000Z",
    endedAt: "2026-11-21T12:18:00.000Z",
    durationSeconds: 1080,
    endReason: "ended_by_doctor",
    roomAsked: true,
    roomSid: "RM1",
    close: "DONE",
  },
  CANCELLED: {
    endedAt: "2026-11-21T11:00:00.000Z",
    endReason: "cancelled_by_doctor",
  },
  FAILED: {
    endedAt: "2026-11-21T12:00:00.000Z",
    endReason: "video_rejected",
    roomAsked: true,
    close: "DONE",
  },
};

/** A session of `doctor` and `patient`; says only what a test is about. */
export function aSession(about: Partial<Session> = {}): Session {
  const status = about.status ?? "SCHEDULED";
  return {
    v: 5,
    id: "01JD0000000000000000000000",
    visitId: "01JD0000000000000000000001",
    onDemand: false,
    call: null,
    doctor: { id: doctor.accountId, name: doctor.name },
    patient: { id: patient.accountId, name: patient.name },
    reason: "Cough",
    status,
    scheduledStart: "2026-11-21T12:00:00.000Z",
    startedAt: null,
    endedAt: null,
    endReason: null,
    durationSeconds: null,
    voiceOnly: false,
    videoOffer: null,
    moving: null,
    pastRooms: [],
    recording: newRecording(false),
    notes: "Only for the doctor.",
    roomName: "bedside-00000000-0000-4000-8000-000000000000",
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
    createdAt: "2026-11-21T10:00:00.000Z",
    rev: 1,
    ...EMPTY_CHAIN,
    ...PER_STATUS[status],
    ...about,
  };
}

/** What a patient asks for who asks for nothing in particular: a voice call, with any doctor. */
export function aWish(about: Partial<CallWish> = {}): CallWish {
  return {
    mode: "voice",
    reason: "",
    urgency: "routine",
    specialty: null,
    language: null,
    ...about,
  };
}

/** A call request of `patient`; says only what a test is about. */
export function aCall(about: Partial<CallRequest> = {}): CallRequest {
  return {
    v: 3,
    id: "01JD0000000000000000000002",
    patient: { id: patient.accountId, name: patient.name },
    ...aWish({ mode: "video", reason: "Rash" }),
    status: "WAITING",
    createdAt: "2026-11-21T12:00:00.000Z",
    offer: null,
    refusals: [],
    decidedAt: null,
    acceptedBy: null,
    visitId: null,
    sessionId: null,
    returns: 0,
    returnedAt: null,
    rev: 1,
    ...EMPTY_CHAIN,
    ...about,
  };
}

/** A doctor who takes calls and is free. */
export function onDuty(about: Partial<DoctorOnDuty> = {}): DoctorOnDuty {
  return {
    id: doctor.accountId,
    name: doctor.name,
    specialties: [],
    languages: [],
    isAvailable: true,
    isHere: true,
    busySince: null,
    unanswered: 0,
    idleSince: 0,
    ...about,
  };
}
