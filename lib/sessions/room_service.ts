import { AppError, type ErrorCode } from "@/lib/errors.ts";
import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import {
  apply,
  SYSTEM_VOICE,
  type Voice,
} from "@/lib/sessions/event_service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { within } from "@/lib/within.ts";

/** How long the doctor's answer waits for the room to be closed; the outbox has it after that. */
const CLOSE_WAIT_MS = 2_000;

/**
 * Asks for the room of an attempt to start, and confirms the start with it.
 * The room of an earlier try, whose answer was lost, is taken over: its name
 * is the session's alone. Throws what the video service or the start refuses.
 */
export async function openRoom(
  services: Services,
  { id, roomName, voiceOnly }: Session,
  opId: string,
  by: Voice,
): Promise<Session> {
  const room = await services.video.openRoom(roomName, { voiceOnly });
  return await apply(
    services,
    id,
    by,
    () => ({ type: "start_confirmed", opId, roomSid: room.sid }),
  ).catch(async (error) => {
    // Too late: the session is over, so that nobody will ever use the room.
    await apply(services, id, by, () => ({ type: "room_found" }))
      .catch((failure) => logError(`Cannot note room ${room.sid}`, failure));
    // Or it is not to be. By its sid, and before the attempt is given up: the
    // next one opens a room of the same name.
    if (isForbidden(error)) await closeQuietly(services, room.sid);
    throw error;
  });
}

const LATER: readonly ErrorCode[] = [
  "video_unavailable",
  "storage_busy",
  "storage_unavailable",
  "unexpected",
];

/** Whether what failed may work a little later: nobody has refused it. */
export function mayWorkLater(error: unknown): boolean {
  return !(error instanceof AppError) || LATER.includes(error.code);
}

/** Whether the session cannot start now, and the video service has nothing to do with that. */
function isForbidden(error: unknown): boolean {
  return error instanceof AppError &&
    ["visit_closed", "session_running", "doctor_busy"].includes(error.code);
}

/** Takes down that an attempt to start is not going to work; if it may yet, the outbox goes on trying. */
export async function failStart(
  services: Services,
  { id }: Session,
  opId: string,
  by: Voice,
  error: unknown,
): Promise<void> {
  if (mayWorkLater(error)) return;
  const { code } = error as AppError;
  await apply(services, id, by, () => ({ type: "start_failed", opId, code }));
}

/** Gives an attempt to start up whose deadline has passed. */
export function expireStart(
  services: Services,
  { id }: Session,
  opId: string,
  by: Voice,
): Promise<Session> {
  return apply(services, id, by, () => ({ type: "start_expired", opId }));
}

/**
 * Closes the room that an attempt to start may have left behind, unless the
 * next attempt has taken it over meanwhile. What does not work is found by the
 * sweep of rooms.
 */
export async function closeLeftover(
  services: Services,
  { id, roomName }: Session,
): Promise<void> {
  const room = await services.video.fetchRoom(roomName).catch((error) => {
    logError(`Cannot look for room ${roomName}`, error);
    return null;
  });
  if (room === null) return;
  const { status, startIntent } = await findSession(services.kv, id);
  if (status === "IN_PROGRESS" || startIntent !== null) return;
  await closeQuietly(services, room.sid);
}

/** Closes every room of a session that is over. Throws if the video service does not. */
export async function closeRoom(
  services: Services,
  { id, roomSid, roomName }: Session,
  by: Voice,
): Promise<Session> {
  const { video } = services;
  await video.closeRoom(roomSid ?? roomName);
  if (roomSid !== null) {
    // One that was opened again under the name. To look costs less of what
    // the video service allows in a second than to close.
    const again = await video.fetchRoom(roomName);
    if (again !== null) await video.closeRoom(again.sid);
  }
  return await apply(services, id, by, () => ({ type: "room_closed" }));
}

/** Closes the room now if that is quick; the end of the session stands whether or not it works. */
export async function closeRoomNow(
  services: Services,
  ended: Session,
): Promise<Session> {
  if (ended.close !== "PENDING") return ended;
  const closed = await closeQuietly(services, ended.roomSid ?? ended.roomName);
  if (!closed) return ended;
  return await apply(
    services,
    ended.id,
    SYSTEM_VOICE,
    () => ({ type: "room_closed" }),
  ).catch((error) => {
    // It has ended, and that is what was asked. The outbox has the rest.
    logError(`Cannot note the closed room of ${ended.id}`, error);
    return ended;
  });
}

/** Answers whether the room is closed; never throws, never takes longer than a doctor would wait. */
export function closeQuietly(
  { video }: Services,
  sidOrName: string,
): Promise<boolean> {
  const closing = video.closeRoom(sidOrName).then(() => true, (error) => {
    logError(`Cannot close room ${sidOrName}`, error);
    return false;
  });
  return within(CLOSE_WAIT_MS, closing, () => false);
}
