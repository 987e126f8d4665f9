import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import type { Session } from "@/lib/sessions/session.ts";

/** How long the doctor's answer waits for the room to be closed. */
const CLOSE_WAIT_MS = 2_000;

/** Closes the room of a session that is over; its end stands whether or not that works. */
export async function closeRoom(
  services: Services,
  ended: Session,
): Promise<Session> {
  if (ended.close !== "PENDING" || ended.roomSid === null) return ended;
  const closed = await closeQuietly(services, ended.roomSid);
  if (!closed) return ended;
  return apply(
    services,
    ended.id,
    SYSTEM_VOICE,
    () => ({ type: "room_closed" }),
  );
}

/** Answers whether the room is closed; never throws, never takes longer than a doctor would wait. */
export async function closeQuietly(
  { video }: Services,
  roomSid: string,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CLOSE_WAIT_MS);
  });
  const closing = video.closeRoom(roomSid).then(() => true, (error) => {
    logError(`Cannot close room ${roomSid}`, error);
    return false;
  });
  return await Promise.race([closing, tooLong])
    .finally(() => clearTimeout(timer));
}
