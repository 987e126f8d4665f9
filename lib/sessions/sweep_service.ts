import type { AuditFacts } from "@/lib/audit/entry.ts";
import { SYSTEM_ACTOR } from "@/lib/audit/facts.ts";
import { appendAlone } from "@/lib/audit/store.ts";
import { logError } from "@/lib/log.ts";
import { newId } from "@/lib/new_id.ts";
import { NEVER } from "@/lib/never.ts";
import type { Services } from "@/lib/services.ts";
import { EXPIRY_MS } from "@/lib/sessions/ending.ts";
import { apply, type Voice } from "@/lib/sessions/event_service.ts";
import type { Connection, SessionEvent } from "@/lib/sessions/events.ts";
import { seatOfIdentity } from "@/lib/sessions/policy.ts";
import { closeQuietly } from "@/lib/sessions/room_service.ts";
import { cancelSessionsOfVisit } from "@/lib/sessions/service.ts";
import { isWaiting, type Session } from "@/lib/sessions/session.ts";
import {
  findSession,
  findSessionByRoom,
  listOnDemand,
  listPlannedBefore,
  listRunning,
} from "@/lib/sessions/store.ts";
import { listWaiting, waitingSeenAt } from "@/lib/sessions/waiting_store.ts";
import type { OpenRoom, Participant } from "@/lib/video/provider.ts";
import { isLeftUndone } from "@/lib/visits/closing.ts";
import { listClosing } from "@/lib/visits/store.ts";

/** So many sessions are asked about at a time: a video service that hangs must not keep most of them waiting. */
const AT_A_TIME = 4;

/**
 * Finds what nobody tells: sessions that were planned and never started, or
 * whose visit was closed by a process that died; calls on demand whose start
 * was given up; running ones whose room is
 * gone, whose doctor stays away, that nobody ended, or in which somebody came
 * or went without a word of it; and those for which nobody waits any more.
 */
export async function sweepSessions(
  services: Services,
  by: Voice,
  stop: AbortSignal = NEVER,
): Promise<void> {
  const oldest = new Date(services.now().getTime() - EXPIRY_MS);
  const planned = await listPlannedBefore(services.kv, oldest);
  await forEach(
    planned,
    stop,
    (id) => apply(services, id, by, () => ({ type: "expired" })),
  );
  const closing = await listClosing(services.kv);
  const undone = closing.filter((one) => isLeftUndone(one, services.now()));
  await forEach(
    undone.map(({ visitId }) => visitId),
    stop,
    (visitId) => cancelSessionsOfVisit(services, by, visitId),
  );
  const waiting = await listWaiting(services.kv);
  await forEach(waiting, stop, (id) => sweepWaiting(services, id, by));
  await forEach(
    await listOnDemand(services.kv),
    stop,
    (id) => startAgain(services, id, by),
  );
  const running = (await listRunning(services.kv)).map(({ id }) => id);
  // What needs the clock only comes first, whatever the video service is doing.
  await forEach(
    running,
    stop,
    (id) =>
      apply(
        services,
        id,
        by,
        () => ({ type: "overran", reason: "max_duration" }),
      ),
  );
  await forEach(running, stop, (id) => lookAfter(services, id, by));
}

/** A few sessions or visits at a time. The trouble of one does not keep the others from being looked after. */
async function forEach(
  ids: string[],
  stop: AbortSignal,
  look: (id: string) => Promise<unknown>,
): Promise<void> {
  for (let first = 0; first < ids.length; first += AT_A_TIME) {
    if (stop.aborted) return;
    const some = ids.slice(first, first + AT_A_TIME);
    await Promise.all(
      some.map((id) =>
        look(id).catch((error) => logError(`Cannot look after ${id}`, error))
      ),
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
      ? { type: "left", seat: "patient", isOnPurpose: false }
      : null;
  });
}

/** Somebody waits for it: the start of a call on demand is asked for until it works, or it has failed. */
async function startAgain(
  services: Services,
  id: string,
  by: Voice,
): Promise<void> {
  // Nothing is promised that nobody can keep.
  if (services.video.client.service === "none") return;
  await apply(
    services,
    id,
    by,
    ({ status, startIntent }) =>
      status === "SCHEDULED" && startIntent === null
        ? { type: "start_requested", opId: newId() }
        : null,
  );
}

/** Compares a running session with its room. */
async function lookAfter(
  services: Services,
  id: string,
  by: Voice,
): Promise<void> {
  const { kv, video, now } = services;
  const tell = (event: SessionEvent) => apply(services, id, by, () => event);
  const asked = await findSession(kv, id);
  if (asked.status !== "IN_PROGRESS") return;
  const roomSid = asked.roomSid!;
  const room = await video.fetchRoom(roomSid);
  if (room?.status !== "in-progress") {
    await tell({ type: "room_ended", roomSid, at: now().toISOString() });
    return;
  }
  const { present, strangers } = sorted(
    await video.listParticipants(roomSid, "connected"),
    asked,
  );
  // What was told while the answer was on its way is newer than the answer.
  await apply(
    services,
    id,
    by,
    ({ rev }) => rev === asked.rev ? { type: "roster", present } : null,
  );
  for (const participantSid of strangers) {
    await tell({ type: "intruded", participantSid });
  }
  // Silence alone does not end a consultation.
  if (present.some(({ seat }) => seat === "doctor")) return;
  await tell({ type: "overran", reason: "doctor_absent" });
}

/** Who is there, and who should not be. */
function sorted(
  participants: Participant[],
  session: Session,
): { present: Connection[]; strangers: string[] } {
  const present: Connection[] = [];
  const strangers: string[] = [];
  for (const { sid: participantSid, identity } of participants) {
    const seat = seatOfIdentity(identity, session);
    if (seat === null) strangers.push(participantSid);
    else present.push({ seat, participantSid });
  }
  return { present, strangers };
}

/** Rooms younger than this may belong to a start that is being written down. */
const YOUNG_MS = 60_000;

/**
 * Closes rooms that no session needs: of sessions that are over, of attempts
 * to start that were given up, and, if this installation certainly opened
 * them, of sessions that the storage does not know (after a backup was
 * restored).
 */
export async function sweepRooms(
  services: Services,
  by: Voice,
  stop: AbortSignal = NEVER,
): Promise<void> {
  const { video, now } = services;
  for (const room of await video.listOpenRooms()) {
    if (stop.aborted) return;
    if (now().getTime() - Date.parse(room.createdAt) < YOUNG_MS) continue;
    // What does not work now is found again by the next sweep.
    await closeUnlessNeeded(services, room, by).catch((error) =>
      logError(`Cannot look after room ${room.sid}`, error)
    );
  }
}

async function closeUnlessNeeded(
  services: Services,
  room: OpenRoom,
  by: Voice,
): Promise<void> {
  const { kv, now } = services;
  const { sid, name, isOurs } = room;
  const session = await findSessionByRoom(kv, name);
  if (isNeeded(session, room)) return;
  if (session === null) {
    // Another installation's, as far as one can tell.
    if (!isOurs) return;
    await appendAlone(kv, "sys", orphanFacts(sid, now()), null);
  } else {
    await apply(services, session.id, by, () => ({ type: "room_found" }));
  }
  await closeQuietly(services, sid);
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

function isNeeded(session: Session | null, { sid, name }: OpenRoom): boolean {
  if (session === null) return false;
  const { status, roomSid, startIntent, moving, pastRooms } = session;
  // People may still be on their way out of it; it is closed in time.
  if (pastRooms.some((past) => past.roomName === name && !past.closed)) {
    return true;
  }
  return status === "IN_PROGRESS"
    ? roomSid === sid || moving?.roomName === name
    : startIntent !== null;
}
