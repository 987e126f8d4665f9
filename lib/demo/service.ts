import { newId } from "@/lib/new_id.ts";
import type { Account, Caller, Client } from "@/lib/accounts/account.ts";
import { findAccountByEmail, insertAccount } from "@/lib/accounts/store.ts";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import {
  DEMO_ACCOUNTS,
  DEMO_PASSWORD,
  DEMO_SKILLS,
  DEMO_VISITS,
  type DemoAccount,
  type DemoSession,
  type DemoVisit,
} from "@/lib/demo/clinic.ts";
import { ConfigError } from "@/lib/config.ts";
import { AppError } from "@/lib/errors.ts";
import { logError } from "@/lib/log.ts";
import { markRead, sendMessage } from "@/lib/messages/service.ts";
import type { Services } from "@/lib/services.ts";
import {
  cancelSession,
  createSession,
  endSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { listRunning } from "@/lib/sessions/store.ts";
import { hashPassword } from "@/lib/sign_in/password.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";
import { closeVisit, createVisit } from "@/lib/visits/service.ts";

const CLIENT: Client = { requestId: "demo", ip: "", userAgent: "demo clinic" };

/** Set when the clinic is complete: a start that was interrupted is made up for by the next. */
const SEEDED = ["demo", "seeded"];

/**
 * Fills an empty storage with the demo clinic, by the same use cases that
 * people go through, with the clock set to when it would have happened.
 * Answers whether it did; the rooms of its running sessions are not open yet.
 */
export async function ensureDemoClinic(services: Services): Promise<boolean> {
  if ((await services.kv.get(SEEDED)).value !== null) return false;
  const accounts = await Promise.all(
    DEMO_ACCOUNTS.map((account) => addAccount(services, account)),
  );
  const callers = new Map(
    accounts.map((account) => [account.email, callerOf(account)]),
  );
  for (const { doctor, skills } of DEMO_SKILLS) {
    await setAvailability(services, callers.get(doctor)!, skills);
  }
  for (const visit of DEMO_VISITS) await addVisit(services, callers, visit);
  await services.kv.set(SEEDED, true);
  return true;
}

/** Everybody knows the demo clinic's password. Throws `ConfigError` if one of its accounts could sign in. */
export async function refuseDemoClinic({ kv }: Services): Promise<void> {
  for (const { email } of DEMO_ACCOUNTS) {
    const account = await findAccountByEmail(kv, email);
    if (account === null || account.disabledAt !== null) continue;
    throw new ConfigError(
      `KV_PATH: this storage holds the demo clinic (${email}), whose password ` +
        "everybody knows. Use another storage in production",
    );
  }
}

/**
 * Opens the rooms of running sessions again: the built-in emulator forgets
 * them when the process ends, and a developer restarts often.
 */
export async function reopenRooms(services: Services): Promise<void> {
  for (const session of await listRunning(services.kv)) {
    // One room that cannot be opened must not keep the app from starting.
    await reopenRoom(services, session).catch((error) =>
      logError(`Cannot reopen the room of session ${session.id}`, error)
    );
  }
}

async function reopenRoom(
  services: Services,
  { id, roomName, voiceOnly }: Session,
): Promise<void> {
  const { sid: roomSid } = await services.video.openRoom(roomName, {
    voiceOnly,
  });
  await apply(
    services,
    id,
    SYSTEM_VOICE,
    () => ({ type: "room_reopened", roomSid }),
  );
}

async function addAccount(
  { kv, now }: Services,
  { email, name, role }: DemoAccount,
): Promise<Account> {
  const account: Account = {
    id: newId(),
    email,
    name,
    role,
    passwordHash: await hashPassword(DEMO_PASSWORD),
    disabledAt: null,
    createdAt: now().toISOString(),
  };
  if (await insertAccount(kv, account)) return account;
  return (await findAccountByEmail(kv, email))!;
}

function callerOf({ id, name, email, role }: Account): Caller {
  return {
    actor: { accountId: id, name, email, role },
    client: CLIENT,
    signInId: "demo",
  };
}

async function addVisit(
  services: Services,
  callers: ReadonlyMap<string, Caller>,
  visit: DemoVisit,
): Promise<void> {
  const doctor = callers.get(visit.doctor)!;
  const patient = callers.get(visit.patient)!;
  const { id } = await createVisit(at(services, visit.createdIn), doctor, {
    patientEmail: visit.patient,
    reason: visit.reason,
  });
  for (const session of visit.sessions) {
    await addSession(services, { doctor, patient }, id, session);
  }
  let lastId: string | null = null;
  for (const message of visit.messages) {
    const author = message.by === "doctor" ? doctor : patient;
    const then = at(services, message.in);
    if (lastId !== null) await markRead(then, author, id, lastId);
    lastId = (await sendMessage(then, author, id, message.text)).id;
  }
  if (visit.closedIn !== undefined) {
    await closeVisit(at(services, visit.closedIn), doctor, id);
  }
}

async function addSession(
  services: Services,
  { doctor, patient }: { doctor: Caller; patient: Caller },
  visitId: string,
  { then, ...plan }: DemoSession,
): Promise<void> {
  const scheduledStart = at(services, plan.scheduledIn).now();
  const { id } = await createSession(at(services, plan.createdIn), doctor, {
    visitId,
    scheduledStart,
    recordingEnabled: plan.recordingEnabled ?? false,
    voiceOnly: plan.voiceOnly ?? false,
    notes: plan.notes ?? "",
  });
  switch (then?.status) {
    case "IN_PROGRESS":
      await startSession(at(services, then.startedIn), doctor, id);
      break;
    case "COMPLETED":
      await startSession(at(services, then.startedIn), doctor, id);
      await requestAccess(at(services, then.startedIn), doctor, id);
      await requestAccess(at(services, then.startedIn + 1), patient, id);
      await endSession(at(services, then.endedIn), doctor, id);
      break;
    case "CANCELLED":
      await cancelSession(at(services, then.in), doctor, id);
      break;
    case "FAILED":
      await startSession(at(services, then.in, REFUSING), doctor, id)
        .catch(() => {});
  }
}

/** The services as they were so many minutes from now, with a video service that was there only then. */
function at(
  { now, video, ...rest }: Services,
  minutes: number,
  past: Partial<VideoProvider> = AGREEING,
): Services {
  const then = new Date(now().getTime() + minutes * 60_000);
  return { ...rest, now: () => then, video: { ...video, ...past } };
}

/** A room of the past: nobody will ever ask for it again. */
const AGREEING: Partial<VideoProvider> = {
  openRoom: (name) =>
    Promise.resolve({
      sid: `RM${crypto.randomUUID().replaceAll("-", "")}`,
      name,
      status: "in-progress",
      createdAt: new Date(0).toISOString(),
    }),
  closeRoom: () => Promise.resolve(),
  createAccessToken: () => "",
};

const REFUSING: Partial<VideoProvider> = {
  openRoom: () =>
    Promise.reject(new AppError("video_rejected", "A refusal of the past")),
};
