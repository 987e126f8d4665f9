import type { Client } from "@/lib/accounts/account.ts";
import { VIDEO_ACTOR } from "@/lib/audit/facts.ts";
import {
  dedupeId,
  type StatusCallback,
} from "@/lib/callbacks/status_callback.ts";
import type { Services } from "@/lib/services.ts";
import { apply } from "@/lib/sessions/event_service.ts";
import { seatOfIdentity } from "@/lib/sessions/policy.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSessionByRoom, hasReceipt } from "@/lib/sessions/store.ts";
import type { SessionEvent } from "@/lib/sessions/transitions.ts";

/** A callback may be repeated for a while, or be replayed by somebody who saw it. */
const RECEIPT_MS = 7 * 24 * 3_600_000;

/**
 * Carries what the video service tells into the session: who came and who
 * went, and that the room is over, which is believed only after asking.
 * Unknown rooms, repeated and meaningless callbacks change nothing.
 */
export async function receiveCallback(
  services: Services,
  client: Client,
  callback: StatusCallback,
): Promise<void> {
  // What tells of a composition names no room.
  if (callback.RoomName === undefined) return;
  const session = await findSessionByRoom(services.kv, callback.RoomName);
  if (session === null) return;
  const event = await eventOf(services, session, callback);
  if (event === null) return;
  const key = ["hook", session.id, dedupeId(callback)];
  if (await hasReceipt(services.kv, key)) return;
  await apply(
    services,
    session.id,
    { actor: VIDEO_ACTOR, requestId: client.requestId, client: null },
    () => event,
    { key, keepMs: RECEIPT_MS },
  );
}

async function eventOf(
  { video }: Services,
  session: Session,
  callback: StatusCallback,
): Promise<SessionEvent | null> {
  const { StatusCallbackEvent, ParticipantIdentity, ParticipantSid } = callback;
  // Of a room that an earlier, lost attempt to start had opened.
  if (callback.RoomSid !== session.roomSid) return null;
  if (StatusCallbackEvent === "room-ended") {
    // The usual case, after the doctor's end: nothing to ask about.
    if (session.status !== "IN_PROGRESS") return null;
    const room = await video.fetchRoom(callback.RoomSid);
    return room?.status === "in-progress" ? null : { type: "room_ended" };
  }
  const seat = seatOfIdentity(ParticipantIdentity, session);
  if (seat === null || ParticipantSid === undefined) return null;
  const participantSid = ParticipantSid;
  switch (StatusCallbackEvent) {
    case "participant-connected":
      return { type: "connected", seat, participantSid };
    case "participant-disconnected":
      return { type: "disconnected", seat, participantSid };
    default:
      return null;
  }
}
