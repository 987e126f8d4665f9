import type { OutboxRow } from "@/lib/outbox/outbox_row.ts";
import {
  composeRecording,
  eraseRecording,
  switchRecording,
} from "@/lib/recordings/duty_service.ts";
import type { Services } from "@/lib/services.ts";
import type { DutyKind } from "@/lib/sessions/duties.ts";
import { apply, type Voice } from "@/lib/sessions/event_service.ts";
import {
  closeLeftover,
  closeRoom,
  expireStart,
  failStart,
  mayWorkLater,
  openRoom,
} from "@/lib/sessions/room_service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { isExpired } from "@/lib/sessions/starting.ts";
import {
  closePastRoom,
  failMove,
  giveUpMove,
  moveRoom,
} from "@/lib/sessions/switching_service.ts";

/**
 * Tries to keep one promise. Answers whether it is kept, which is to say that
 * an event of the session was committed; throws if the video service failed.
 */
export type DutyHandler = (
  services: Services,
  session: Session,
  row: OutboxRow,
  by: Voice,
) => Promise<boolean>;

/** A room that could not be closed in so many attempts, some fifteen minutes, is left to its own time limit. */
const CLOSE_ATTEMPTS_MAX = 20;

/** How each kind of promise is kept. */
export const HANDLERS: Record<DutyKind, DutyHandler> = {
  "room.open": open,
  "room.close": close,
  "room.move": move,
  "room.drop": drop,
  "participant.remove": remove,
  "recording.switch": record,
  "recording.compose": composeRecording,
  "recording.erase": eraseRecording,
};

async function open(
  services: Services,
  session: Session,
  { subject: opId }: OutboxRow,
  by: Voice,
): Promise<boolean> {
  if (isExpired(session.startIntent!, services.now())) {
    await expireStart(services, session, opId, by);
    await closeLeftover(services, session);
    return true;
  }
  try {
    await openRoom(services, session, opId, by);
  } catch (error) {
    await failStart(services, session, opId, by, error);
    if (mayWorkLater(error)) throw error;
  }
  return true;
}

async function close(
  services: Services,
  session: Session,
  { attempts }: OutboxRow,
  by: Voice,
): Promise<boolean> {
  try {
    await closeRoom(services, session, by);
  } catch (error) {
    if (attempts + 1 < CLOSE_ATTEMPTS_MAX) throw error;
    await apply(
      services,
      session.id,
      by,
      () => ({ type: "room_close_given_up" }),
    );
  }
  return true;
}

async function move(
  services: Services,
  session: Session,
  _row: OutboxRow,
  by: Voice,
): Promise<boolean> {
  if (isExpired(session.moving!, services.now())) {
    await giveUpMove(services, session, by, null);
    return true;
  }
  try {
    return (await moveRoom(services, session, by)).moving === null;
  } catch (error) {
    await failMove(services, session, by, error);
    if (mayWorkLater(error)) throw error;
  }
  return true;
}

async function drop(
  services: Services,
  session: Session,
  { subject: roomName, attempts }: OutboxRow,
  by: Voice,
): Promise<boolean> {
  try {
    await closePastRoom(services, session, roomName, by);
  } catch (error) {
    if (attempts + 1 < CLOSE_ATTEMPTS_MAX) throw error;
    await apply(
      services,
      session.id,
      by,
      () => ({ type: "past_room_given_up", roomName }),
    );
  }
  return true;
}

async function record(
  services: Services,
  session: Session,
  _row: OutboxRow,
  by: Voice,
): Promise<boolean> {
  await switchRecording(services, session, by);
  return true;
}

async function remove(
  services: Services,
  session: Session,
  { subject: participantSid }: OutboxRow,
  by: Voice,
): Promise<boolean> {
  await services.video.removeParticipant(session.roomSid!, participantSid);
  await apply(
    services,
    session.id,
    by,
    () => ({ type: "intruder_removed", participantSid }),
  );
  return true;
}
