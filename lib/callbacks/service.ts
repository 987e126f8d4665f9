import type { Client } from "@/lib/accounts/account.ts";
import { VIDEO_ACTOR } from "@/lib/audit/facts.ts";
import {
  dedupeId,
  type StatusCallback,
} from "@/lib/callbacks/status_callback.ts";
import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import { apply } from "@/lib/sessions/event_service.ts";
import type { SessionEvent } from "@/lib/sessions/events.ts";
import { seatOfIdentity } from "@/lib/sessions/policy.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import {
  findSessionByRoom,
  findSessionByRoomSid,
  wasTold,
} from "@/lib/sessions/store.ts";
import { within } from "@/lib/within.ts";

/** A callback may be repeated for a while, or be replayed by somebody who saw it. */
const TOLD_MS = 7 * 24 * 3_600_000;

/**
 * Carries what the video service tells into the session: who came and who
 * went, that the room is over, which is believed only after asking, and what
 * became of a recording. Unknown rooms, repeated and meaningless callbacks
 * change nothing.
 */
export async function receiveCallback(
  services: Services,
  client: Client,
  callback: StatusCallback,
): Promise<void> {
  const session = await sessionOf(services, callback);
  if (session === null) return;
  const key = ["hook", session.id, dedupeId(callback)];
  if (await wasTold(services.kv, key)) return;
  const event = await eventOf(services, session, callback);
  if (event === null) return;
  await apply(
    services,
    session.id,
    { actor: VIDEO_ACTOR, requestId: client.requestId, client: null },
    () => event,
    { key, keepMs: TOLD_MS },
  );
}

/** Callbacks of compositions name the room by its sid only. */
async function sessionOf(
  { kv }: Services,
  { RoomName, RoomSid }: StatusCallback,
): Promise<Session | null> {
  return RoomName === undefined
    ? await findSessionByRoomSid(kv, RoomSid)
    : await findSessionByRoom(kv, RoomName);
}

async function eventOf(
  services: Services,
  session: Session,
  callback: StatusCallback,
): Promise<SessionEvent | null> {
  switch (callback.StatusCallbackEvent) {
    case "room-ended":
      return await roomEnded(services, session, callback);
    case "participant-connected":
      return cameIn(session, callback);
    case "participant-disconnected":
      return wentOut(session, callback);
    case "composition-available":
    case "composition-failed":
      return await settled(services, session, callback);
    default:
      return null;
  }
}

async function roomEnded(
  { video }: Services,
  session: Session,
  { RoomSid: roomSid, Timestamp: at }: StatusCallback,
): Promise<SessionEvent | null> {
  // The usual case, after the doctor's end: nothing to ask about.
  if (isOver(session.status)) return null;
  const room = await soon(video.fetchRoom(roomSid));
  if (room === "unknown" || room?.status === "in-progress") return null;
  return { type: "room_ended", roomSid, at };
}

/** The video service waits for its own callback's answer; what takes longer is found by the sweep. */
const ASK_MS_MAX = 1_000;

/** The answer, if there is one in the time there is. */
function soon<T>(asking: Promise<T>): Promise<T | "unknown"> {
  const asked = asking.catch((error) => {
    logError("Cannot ask about a callback", error);
    return "unknown" as const;
  });
  return within(ASK_MS_MAX, asked, () => "unknown");
}

function cameIn(
  session: Session,
  { RoomSid, ParticipantSid: participantSid, ParticipantIdentity, Timestamp }:
    StatusCallback,
): SessionEvent | null {
  if (participantSid === undefined) return null;
  // Somebody came in after the end: by a token that outlived the session.
  if (isOver(session.status) && isAfter(Timestamp, session.endedAt!)) {
    return { type: "room_found" };
  }
  // Of a room that an earlier, lost attempt to start had opened.
  if (RoomSid !== session.roomSid) return null;
  const seat = seatOfIdentity(ParticipantIdentity, session);
  return seat === null
    ? { type: "intruded", participantSid }
    : { type: "connected", seat, participantSid, at: Timestamp };
}

/** Of times that may be written with another offset, or without milliseconds. */
function isAfter(time: string, other: string): boolean {
  return Date.parse(time) > Date.parse(other);
}

function wentOut(
  session: Session,
  { RoomSid, ParticipantSid: participantSid, ParticipantIdentity, Timestamp }:
    StatusCallback,
): SessionEvent | null {
  if (participantSid === undefined || RoomSid !== session.roomSid) return null;
  const seat = seatOfIdentity(ParticipantIdentity, session);
  return seat === null
    ? { type: "intruder_removed", participantSid }
    : { type: "disconnected", seat, participantSid, at: Timestamp };
}

/** Like the end of a room, what became of a recording is believed only after asking. */
async function settled(
  { video }: Services,
  session: Session,
  { CompositionSid: compositionSid }: StatusCallback,
): Promise<SessionEvent | null> {
  if (compositionSid === undefined) return null;
  if (session.recording.state !== "processing") return null;
  const composition = await soon(video.fetchComposition(compositionSid));
  if (
    composition === "unknown" || composition === null ||
    composition.status === "processing"
  ) return null;
  const { status, durationSeconds } = composition;
  return { type: "recording_settled", compositionSid, status, durationSeconds };
}
