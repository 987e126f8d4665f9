import type { Caller } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import { logError } from "@/lib/log.ts";
import { newRoomName } from "@/lib/new_id.ts";
import { switchRecording } from "@/lib/recordings/duty_service.ts";
import type { Services } from "@/lib/services.ts";
import {
  apply,
  SYSTEM_VOICE,
  type Voice,
  voiceOf,
} from "@/lib/sessions/event_service.ts";
import { authorize } from "@/lib/sessions/policy.ts";
import { mayWorkLater } from "@/lib/sessions/room_service.ts";
import type { Session } from "@/lib/sessions/session.ts";

/**
 * Asks the other one of a voice call to switch to video; if they have asked
 * already, both agree. For its participants. Asking twice is fine. Throws
 * `not_started`, `session_over`, `video_*`.
 */
export async function offerVideo(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  const asked = await apply(services, id, voiceOf(caller), (session) => ({
    type: "video_offered",
    seat: authorize(caller.actor, "offer_video", session),
    roomName: newRoomName(),
  }));
  return await moveNow(services, asked);
}

/**
 * Agrees to the other's offer to switch to video, or not; the call goes on
 * either way. To one's own offer, no takes it back. Throws `conflict` if there
 * is no offer any more, and what `offerVideo` throws.
 */
export async function answerVideo(
  services: Services,
  caller: Caller,
  id: string,
  { accepted }: { accepted: boolean },
): Promise<Session> {
  const answered = await apply(services, id, voiceOf(caller), (session) => ({
    type: "video_answered",
    seat: authorize(caller.actor, "answer_video", session),
    accepted,
    roomName: newRoomName(),
  }));
  return await moveNow(services, answered);
}

/** Moves the call at once if that works; if it may work a little later, the outbox goes on trying. */
async function moveNow(
  services: Services,
  session: Session,
): Promise<Session> {
  if (session.moving === null) return session;
  try {
    return await moveRoom(services, session, SYSTEM_VOICE);
  } catch (error) {
    const left = await failMove(services, session, SYSTEM_VOICE, error);
    if (!mayWorkLater(error)) throw error;
    logError(`Cannot move session ${session.id} yet`, error);
    return left;
  }
}

/**
 * Opens the room that a call is to move to, and moves it there. Nothing is
 * recorded meanwhile. Throws what the video service refuses.
 */
export async function moveRoom(
  services: Services,
  session: Session,
  by: Voice,
): Promise<Session> {
  const { roomName } = session.moving!;
  if (session.recording.active) await switchRecording(services, session, by);
  const room = await services.video.openRoom(roomName, { voiceOnly: false });
  return await apply(
    services,
    session.id,
    by,
    () => ({ type: "room_moved", roomName, roomSid: room.sid }),
  );
}

/** Lets the call stay where it is if the video service refuses to open another room; if that may change, it goes on waiting. */
export async function failMove(
  services: Services,
  session: Session,
  by: Voice,
  error: unknown,
): Promise<Session> {
  if (mayWorkLater(error)) return session;
  return await giveUpMove(services, session, by, error as AppError);
}

/** Lets the call stay where it is; `why` is null if the time is over. */
export function giveUpMove(
  services: Services,
  { id, moving }: Session,
  by: Voice,
  why: AppError | null,
): Promise<Session> {
  const { roomName } = moving!;
  const code = why?.code ?? null;
  return apply(
    services,
    id,
    by,
    () => ({ type: "move_given_up", roomName, code }),
  );
}

/** Closes a room that the call has left, or never used. Throws if the video service does not. */
export async function closePastRoom(
  services: Services,
  { id, pastRooms }: Session,
  roomName: string,
  by: Voice,
): Promise<Session> {
  const past = pastRooms.find((one) => one.roomName === roomName);
  await services.video.closeRoom(past?.roomSid ?? roomName);
  return await apply(
    services,
    id,
    by,
    () => ({ type: "past_room_closed", roomName }),
  );
}
