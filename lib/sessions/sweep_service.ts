import type { AuditFacts } from "@/lib/audit/entry.ts";
import { SYSTEM_ACTOR } from "@/lib/audit/facts.ts";
import { appendAlone } from "@/lib/audit/store.ts";
import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import { EXPIRY_MS } from "@/lib/sessions/ending.ts";
import { apply, type Voice } from "@/lib/sessions/event_service.ts";
import type { Connection, SessionEvent } from "@/lib/sessions/events.ts";
import { seatOfIdentity } from "@/lib/sessions/policy.ts";
import { closeQuietly } from "@/lib/sessions/room_service.ts";
import { isWaiting, type Session } from "@/lib/sessions/session.ts";
import {
  findSessionByRoom,
  listPlannedBefore,
  listRunning,
  listWaiting,
  waitingSeenAt,
} from "@/lib/sessions/store.ts";
import type { Participant } from "@/lib/video/provider.ts";

/**
 * Finds what nobody tells: sessions that were planned and never started, and
 * running ones whose room is gone, whose doctor stays away, that nobody ended,
 * in which somebody came or went without a word of it, or for which
 * nobody waits any more.
 */
export async function sweepSessions(
  services: Services,
  by: Voice,
): Promise<void> {
  const oldest = new Date(services.now().getTime() - EXPIRY_MS);
  for (const id of await listPlannedBefore(services.kv, oldest)) {
    await apply(services, id, by, () => ({ type: "expired" }));
  }
  for (const id of await listWaiting(services.kv)) {
    await sweepWaiting(services, id, by);
  }
  for (const session of await listRunning(services.kv)) {
    // One session's trouble must not keep the others from being looked after.
    await sweepRunning(services, session, by).catch((error) =>
      logError(`Cannot look after session ${session.id}`, error)
    );
  }
}

/** A page that waits says so about every twenty seconds (`lib/live/service.ts`). */
const SILENCE_MS_MAX = 75_000;

/** Nobody waits behind a page that is gone: the phone died, or the line. */
async function sweepWaiting(
  services: Services,
  id: string,
  by: Voice,
): Promise<void> {
  const seenAt = await waitingSeenAt(services.kv, id) ?? "";
  await apply(services, id, by, (session) => {
    if (!isWaiting(session)) return null;
    const { at } = session.presence.patient!;
    const lastMs = Date.parse(seenAt > at ? seenAt : at);
    return services.now().getTime() - lastMs > SILENCE_MS_MAX
      ? { type: "left", seat: "patient" }
      : null;
  });
}

async function sweepRunning(
  services: Services,
  session: Session,
  by: Voice,
): Promise<void> {
  const tell = (event: SessionEvent) =>
    apply(services, session.id, by, () => event);
  // Needs the clock only, whatever the video service is doing.
  const { status } = await tell({ type: "overran", reason: "max_duration" });
  if (status !== "IN_PROGRESS") return;
  for (const event of await lookInto(services, session)) await tell(event);
  // After who is there was asked: silence alone does not end a consultation.
  await tell({ type: "overran", reason: "doctor_absent" });
}

/** What the video service knows of a running session's room. */
async function lookInto(
  { video, now }: Services,
  session: Session,
): Promise<SessionEvent[]> {
  const roomSid = session.roomSid!;
  const room = await video.fetchRoom(roomSid);
  if (room?.status !== "in-progress") {
    return [{ type: "room_ended", roomSid, at: now().toISOString() }];
  }
  return eventsOf(await video.listParticipants(roomSid, "connected"), session);
}

/** Who is there, and who should not be. */
function eventsOf(
  participants: Participant[],
  session: Session,
): SessionEvent[] {
  const present: Connection[] = [];
  const intruded: SessionEvent[] = [];
  for (const { sid: participantSid, identity } of participants) {
    const seat = seatOfIdentity(identity, session);
    if (seat === null) intruded.push({ type: "intruded", participantSid });
    else present.push({ seat, participantSid });
  }
  return [{ type: "roster", present }, ...intruded];
}

/** Rooms younger than this may belong to a start that is being written down. */
const YOUNG_MS = 60_000;

/**
 * Closes rooms that this clinic opened and that no session needs: of sessions
 * that are over, of attempts to start that were given up, and of sessions that
 * the storage does not know (after a backup was restored).
 */
export async function sweepRooms(
  services: Services,
  by: Voice,
): Promise<void> {
  const { kv, video, now } = services;
  for (const { sid, name, createdAt } of await video.listOpenRooms()) {
    if (now().getTime() - Date.parse(createdAt) < YOUNG_MS) continue;
    const session = await findSessionByRoom(kv, name);
    if (isNeeded(session, sid)) continue;
    if (session === null) {
      await appendAlone(kv, "sys", orphanFacts(sid, now()), null);
    } else {
      await apply(services, session.id, by, () => ({ type: "room_found" }));
    }
    // What does not work now is found again by the next sweep.
    await closeQuietly(services, sid);
  }
}

function orphanFacts(roomSid: string, at: Date): AuditFacts {
  return {
    at: at.toISOString(),
    actor: SYSTEM_ACTOR,
    action: "room.orphan_closed",
    outcome: "error",
    code: null,
    target: { type: "room", id: roomSid },
    visitId: null,
    patientId: null,
    change: null,
    reason: null,
    requestId: "",
  };
}

function isNeeded(session: Session | null, roomSid: string): boolean {
  if (session === null) return false;
  return session.status === "IN_PROGRESS"
    ? session.roomSid === roomSid
    : session.startIntent !== null;
}
