import { AppError } from "@/lib/errors.ts";
import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import {
  apply,
  SYSTEM_VOICE,
  type Voice,
} from "@/lib/sessions/event_service.ts";
import type { Session } from "@/lib/sessions/session.ts";

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
    await apply(services, id, by, () => ({ type: "room_found" }));
    throw error;
  });
}

/** Whether what failed may work a little later: nobody has refused it. */
export function mayWorkLater(error: unknown): boolean {
  return !(error instanceof AppError) ||
    ["video_unavailable", "storage_busy", "unexpected"].includes(error.code);
}

/** Takes down that an attempt to start is not going to work; if it may yet, the outbox goes on trying. */
export async function failStart(
  services: Services,
  { id, roomName }: Session,
  opId: string,
  by: Voice,
  error: unknown,
): Promise<void> {
  if (mayWorkLater(error)) return;
  const { code } = error as AppError;
  await apply(
    services,
    id,
    by,
    () => ({ type: "start_failed", opId, code }),
  );
  // The room was there before the visit was found closed, or another session running.
  if (code === "visit_closed" || code === "session_running") {
    await closeQuietly(services, roomName);
  }
}

/** Gives an attempt to start up whose deadline has passed, and what there may be of its room. */
export async function expireStart(
  services: Services,
  session: Session,
  opId: string,
  by: Voice,
): Promise<Session> {
  await closeQuietly(services, session.roomName);
  return await apply(
    services,
    session.id,
    by,
    () => ({ type: "start_expired", opId }),
  );
}

/** Closes every room of a session that is over. Throws if the video service does not. */
export async function closeRoom(
  services: Services,
  { id, roomSid, roomName }: Session,
  by: Voice,
): Promise<Session> {
  if (roomSid !== null) await services.video.closeRoom(roomSid);
  // One of an attempt whose answer was lost, or one that was opened again.
  await services.video.closeRoom(roomName);
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
  );
}

/** Answers whether the room is closed; never throws, never takes longer than a doctor would wait. */
export async function closeQuietly(
  { video }: Services,
  sidOrName: string,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CLOSE_WAIT_MS);
  });
  const closing = video.closeRoom(sidOrName).then(() => true, (error) => {
    logError(`Cannot close room ${sidOrName}`, error);
    return false;
  });
  return await Promise.race([closing, tooLong])
    .finally(() => clearTimeout(timer));
}
