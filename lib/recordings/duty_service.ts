import type { OutboxRow } from "@/lib/outbox/outbox_row.ts";
import {
  groupBySeat,
  isComplete,
  leadSeconds,
} from "@/lib/recordings/tracks.ts";
import type { Services } from "@/lib/services.ts";
import { apply, type Voice } from "@/lib/sessions/event_service.ts";
import { isToRecord, type RecordingPart } from "@/lib/sessions/recording.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { type CallRoom, roomsOf } from "@/lib/sessions/switching.ts";

/** A recording that is not put together after so long never will be. */
const COMPOSE_MS_MAX = 24 * 3_600_000;

/** Tells the room to record, or to stop, as both people's answers have it. */
export async function switchRecording(
  services: Services,
  session: Session,
  by: Voice,
): Promise<Session> {
  const on = isToRecord(session);
  const roomSid = session.roomSid!;
  await services.video.setRecording(roomSid, on);
  // Also if somebody changed their mind meanwhile: that is what the room does
  // now, and the next promise is made from it.
  return await apply(
    services,
    session.id,
    by,
    () => ({ type: "recording_switched", on, roomSid }),
  );
}

/**
 * Puts what was recorded together, one file per person, and asks whether it is
 * done.
 */
export async function composeRecording(
  services: Services,
  session: Session,
  { since }: OutboxRow,
  by: Voice,
): Promise<boolean> {
  if (!await isLost(services, session)) {
    const isDone = session.recording.parts.length > 0
      ? await settle(services, session, by)
      : await compose(services, session, by);
    const ageMs = services.now().getTime() - Date.parse(since);
    // Asked first, however late: it may be the app that was away.
    if (isDone || ageMs <= COMPOSE_MS_MAX) return isDone;
  }
  await apply(services, session.id, by, () => ({ type: "recording_failed" }));
  return true;
}

/** Deletes at the video service what was deleted here: what was put together, and what it was made from. */
export async function eraseRecording(
  services: Services,
  session: Session,
  _row: OutboxRow,
  by: Voice,
): Promise<boolean> {
  for (const { roomSid } of roomsOf(session)) {
    await eraseMedia(services, roomSid);
  }
  await apply(services, session.id, by, () => ({ type: "recording_erased" }));
  return true;
}

/** Whether the video service knows nothing of any of the rooms any more. */
async function isLost(
  { video }: Services,
  session: Session,
): Promise<boolean> {
  for (const { roomSid } of roomsOf(session)) {
    if (await video.fetchRoom(roomSid) !== null) return false;
  }
  return true;
}

/** Answers whether the files could be put together, those of each person in each room: they are complete some time after the end. */
async function compose(
  services: Services,
  session: Session,
  by: Voice,
): Promise<boolean> {
  const parts: RecordingPart[] = [];
  for (const room of roomsOf(session)) {
    const own = await composeRoom(services, session, room);
    if (own === null) return false;
    parts.push(...own);
  }
  await apply(
    services,
    session.id,
    by,
    () => ({ type: "recording_composed", parts }),
  );
  return true;
}

/** Null: the files are not complete yet. */
async function composeRoom(
  { video }: Services,
  session: Session,
  { roomSid, voiceOnly }: CallRoom,
): Promise<RecordingPart[] | null> {
  const room = await video.fetchRoom(roomSid);
  // What the video service has lost is no reason to keep back the rest.
  if (room === null) return [];
  const tracks = await video.listRecordings(roomSid);
  if (!isComplete(tracks)) return null;
  const people = await video.listParticipants(roomSid, "everybody");
  const lead = leadSeconds(tracks, room.createdAt);
  const parts: RecordingPart[] = [];
  for (
    const { seat, participantSids } of groupBySeat(
      tracks,
      people,
      session,
    )
  ) {
    const { sid, status, durationSeconds } = await video.compose(
      roomSid,
      participantSids,
      { voiceOnly },
    );
    parts.push({
      seat,
      roomSid,
      leadSeconds: lead,
      compositionSid: sid,
      status,
      durationSeconds,
    });
  }
  return parts;
}

/** Whether nothing is left to wait for. */
async function settle(
  services: Services,
  session: Session,
  by: Voice,
): Promise<boolean> {
  let open = 0;
  for (const { compositionSid, status } of session.recording.parts) {
    if (status !== "processing") continue;
    const composition = await services.video.fetchComposition(compositionSid);
    if (composition?.status === "processing") {
      open++;
      continue;
    }
    await apply(services, session.id, by, () => ({
      type: "recording_settled",
      compositionSid,
      // One that the video service does not know any more is lost.
      status: composition?.status === "ready" ? "ready" : "failed",
      durationSeconds: composition?.durationSeconds ?? null,
    }));
  }
  return open === 0;
}

/** By what the video service has, not by what is written down here: an answer may have been lost. */
async function eraseMedia({ video }: Services, roomSid: string): Promise<void> {
  for (const { sid } of await video.listCompositions(roomSid)) {
    await video.deleteComposition(sid);
  }
  for (const { sid } of await video.listRecordings(roomSid)) {
    await video.deleteRecording(sid);
  }
}
