import type { SUBJECTS } from "@/lib/access/table.ts";
import type { CallSeat, CallStatus } from "@/lib/calls/call_request.ts";
import { applyToCall } from "@/lib/calls/event_service.ts";
import {
  acceptCall,
  cancelCall,
  findOpenCall,
  requestCall,
} from "@/lib/calls/service.ts";
import { findCall } from "@/lib/calls/store.ts";
import { findSessionOfDoctor } from "@/lib/calls/taken_store.ts";
import { AppError } from "@/lib/errors.ts";
import { sendMessage } from "@/lib/messages/service.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  cancelSession,
  createSession,
  endSession,
  giveConsent,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Seat, Session, SessionStatus } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { closeVisit, createVisit } from "@/lib/visits/service.ts";
import { findVisit } from "@/lib/visits/store.ts";
import type { VisitStatus } from "@/lib/visits/visit.ts";
import { aWish } from "../../support/fixtures.ts";
import type { World } from "../../support/world.ts";

/** How a person stands to the record in question. */
export const STANDINGS = [
  "anonymous",
  "other_doctor",
  "other_patient",
  "admin",
  "patient",
  "doctor",
] as const;
/** How a person stands to the record in question. */
export type Standing = typeof STANDINGS[number];

/** What the requests name: a record, or one that does not exist. */
export interface Asked {
  id: string;
  roomName: string;
  /** A message in it, where it can have some. */
  messageId?: string;
}

/** One kind of record: how to get one in a status, and how to see whether it changed. */
export interface SubjectKind {
  make(world: World, status: string): Promise<Asked & { status: string }>;
  /** The record as it is stored. */
  read(world: World, id: string): Promise<{ status: string; rev: number }>;
  /** Which seat is whose, in a status; null for a stranger. */
  seatOf(standing: Standing, status: string): string | null;
}

function ownSeatOf(standing: Standing): Seat | null {
  return standing === "doctor" || standing === "patient" ? standing : null;
}

/** `doctor` takes the requests; every doctor could. */
function callSeatOf(standing: Standing, status: string): CallSeat | null {
  if (standing === "patient") return "patient";
  if (standing === "doctor" && status === "ACCEPTED") return "taker";
  return standing.endsWith("doctor") ? "candidate" : null;
}

/** Makes the records that the matrix asks about; a new kind of `SUBJECTS` is a line here. */
export const KINDS: Record<keyof typeof SUBJECTS, SubjectKind> = {
  session: {
    make: (world, status) => makeSession(world, status as SessionStatus),
    read: ({ services }, id) => findSession(services.kv, id),
    seatOf: ownSeatOf,
  },
  visit: {
    make: (world, status) => makeVisit(world, status as VisitStatus),
    read: ({ services }, id) => findVisit(services.kv, id),
    seatOf: ownSeatOf,
  },
  call: {
    make: (world, status) => makeCall(world, status as CallStatus),
    read: ({ services }, id) => findCall(services.kv, id),
    seatOf: callSeatOf,
  },
};

let written = 0;

const later = (now: Date, minutes: number) => () =>
  new Date(now.getTime() + minutes * 60_000);

async function makeVisit(
  { services, doctor, patient }: World,
  status: VisitStatus,
) {
  const { id } = await createVisit(services, doctor, {
    patientEmail: patient.actor.email,
    reason: "Cough",
    plannedStart: new Date(services.now().getTime() + 3_600_000),
  });
  const { id: messageId } = await sendMessage(
    // Nobody may write so many at once.
    { ...services, now: later(services.now(), written++) },
    doctor,
    id,
    "Hello",
  );
  if (status === "CLOSED") await closeVisit(services, doctor, id);
  return { id, status, roomName: "no-room-belongs-to-it", messageId };
}

/** A session of a visit of its own, brought into the status the way the app does it. */
async function makeSession(
  world: World,
  status: SessionStatus,
): Promise<Session> {
  const { services, doctor } = world;
  const { id: visitId } = await makeVisit(world, "OPEN");
  const { id } = await createSession(services, doctor, {
    visitId,
    scheduledStart: services.now(),
    recordingEnabled: status === "COMPLETED",
    // So that video can be asked for.
    voiceOnly: true,
    notes: "Only for the doctor.",
  });
  await BRING_TO[status](world, id);
  return await findSession(services.kv, id);
}

const BRING_TO: Record<
  SessionStatus,
  (world: World, id: string) => Promise<unknown>
> = {
  SCHEDULED: () => Promise.resolve(),
  IN_PROGRESS: ({ services, doctor }, id) => startSession(services, doctor, id),
  COMPLETED: completeRecorded,
  CANCELLED: ({ services, doctor }, id) => cancelSession(services, doctor, id),
  FAILED: ({ services, doctor }, id) =>
    startSession(
      { ...services, video: { ...services.video, openRoom: refuse } },
      doctor,
      id,
    ).catch(() => {}),
};

const refuse = () =>
  Promise.reject(new AppError("video_rejected", "A refusal for good"));

/** With a recording that is ready, so that there is one to play and to delete. */
async function completeRecorded(
  { services, doctor, patient }: World,
  id: string,
): Promise<void> {
  for (const caller of [doctor, patient]) {
    await giveConsent(services, caller, id, {
      granted: true,
      textVersion: CONSENT_VERSION,
    });
  }
  const { roomSid } = await startSession(services, doctor, id);
  await endSession(services, doctor, id);
  await apply(services, id, SYSTEM_VOICE, () => ({
    type: "recording_composed",
    parts: [{
      seat: "doctor",
      roomSid: roomSid!,
      leadSeconds: 0,
      compositionSid: "CJ00000000000000000000000000000001",
      status: "ready",
      durationSeconds: 60,
    }],
  }));
}

/** A patient has one request at a time and a doctor one call: what the last one left goes first. */
async function makeCall(world: World, status: CallStatus) {
  const { services, doctor, otherDoctor, patient } = world;
  for (const busy of [doctor, otherDoctor]) {
    const { accountId } = busy.actor;
    let running;
    while (
      (running = await findSessionOfDoctor(services.kv, accountId)) !== null
    ) {
      // Who never came would leave the request open.
      await requestAccess(services, busy, running.id);
      await endSession(services, busy, running.id);
    }
  }
  const open = await findOpenCall(services, patient);
  if (open !== null) await cancelCall(services, patient, open.call.id);
  // Nobody may ask so often.
  await services.kv.delete([
    "rate_limit",
    "call_requests",
    patient.actor.accountId,
  ]);
  const { call: { id } } = await requestCall(
    services,
    patient,
    aWish({ mode: "video", reason: "Cough" }),
  );
  await DECIDE[status](world, id);
  return { id, status, roomName: "no-room-belongs-to-it" };
}

const DECIDE: Record<
  CallStatus,
  (world: World, id: string) => Promise<unknown>
> = {
  WAITING: () => Promise.resolve(),
  ACCEPTED: ({ services, doctor }, id) => acceptCall(services, doctor, id),
  CANCELLED: ({ services, patient }, id) => cancelCall(services, patient, id),
  EXPIRED: ({ services }, id) =>
    applyToCall(services, id, SYSTEM_VOICE, () => ({ type: "expired" })),
};
