import { newId } from "@/lib/new_id.ts";
import type { Caller, Client } from "@/lib/accounts/account.ts";
import type { AuditActor, AuditEntry } from "@/lib/audit/entry.ts";
import { auditActor, SYSTEM_ACTOR } from "@/lib/audit/facts.ts";
import { AppError } from "@/lib/errors.ts";
import { logError } from "@/lib/log.ts";
import type { Services } from "@/lib/services.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import { createFacts, eventFacts } from "@/lib/sessions/facts.ts";
import { newSession, type SessionPlan } from "@/lib/sessions/plan.ts";
import { authorize, requireSeat, seatOf } from "@/lib/sessions/policy.ts";
import {
  isOver,
  type Session,
  type SessionStatus,
} from "@/lib/sessions/session.ts";
import {
  type Change,
  changeSession,
  findSession,
  insertSession,
  listHistory,
  listSessions as readSessions,
} from "@/lib/sessions/store.ts";
import {
  decide,
  type SessionEvent,
  type Surroundings,
} from "@/lib/sessions/transitions.ts";
import { authorizeVisit } from "@/lib/visits/policy.ts";

/** How long an access token admits to the room; being in it lasts as long as the session. */
const ACCESS_TTL_SECONDS = 600;

/** How long the doctor's answer waits for the room to be closed. */
const CLOSE_WAIT_MS = 2_000;

/**
 * Plans a session in an OPEN visit. The visit's doctor only. Throws
 * `visit_not_found`, `role_forbidden`, `visit_closed`, `validation`.
 */
export function createSession(
  { kv, now }: Services,
  caller: Caller,
  { visitId, ...plan }: SessionPlan & { visitId: string },
): Promise<Session> {
  return insertSession(kv, visitId, (visit) => {
    authorizeVisit(caller.actor, "create_session", visit);
    const next = newSession(plan, visit, {
      id: newId(),
      roomName: `bedside-${crypto.randomUUID()}`,
      now: now(),
    });
    const facts = createFacts(
      next,
      auditActor(caller),
      caller.client.requestId,
    );
    return { next, facts, client: caller.client };
  });
}

/** The session, for its participants only. Throws `session_not_found`. */
export async function getSession(
  { kv }: Services,
  { actor }: Caller,
  id: string,
): Promise<Session> {
  const session = await findSession(kv, id);
  requireSeat(actor, session);
  return session;
}

/** Which of one's sessions to list. */
export interface ListQuery {
  visitId?: string | undefined;
  status?: SessionStatus | undefined;
  /** From 1 to 100; 50 if not given. */
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** The caller's own sessions, newest scheduled start first. */
export async function listSessions(
  { kv }: Services,
  { actor }: Caller,
  { visitId, ...page }: ListQuery,
): Promise<{ sessions: Session[]; next: string | null }> {
  if (actor.role === "admin") return { sessions: [], next: null };
  const { items, next } = await readSessions(kv, {
    ...page,
    ...(visitId === undefined
      ? { by: actor.role, id: actor.accountId }
      : { by: "visit", id: visitId }),
  });
  // Of a visit both see the same sessions, and strangers none.
  const own = items.filter((session) => seatOf(actor, session) !== null);
  return { sessions: own, next: own.length === 0 ? null : next };
}

/** What happened in the session, oldest first: its audit chain. For its participants. */
export async function sessionHistory(
  services: Services,
  caller: Caller,
  id: string,
): Promise<AuditEntry[]> {
  await getSession(services, caller, id);
  return listHistory(services.kv, id);
}

/**
 * Opens the room and puts the session in progress. Its doctor only; starting
 * what runs already is fine. The wish is committed before the video service
 * is asked, so that an answer that never arrives can be made up for. Throws
 * `visit_closed`, `session_running`, `invalid_transition`, `video_*`.
 */
export async function startSession(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  const by = voice(caller);
  const ownOpId = newId();
  const asked = await apply(services, id, by, (session) => {
    authorize(caller.actor, "start", session);
    return { type: "start_requested", opId: ownOpId };
  });
  if (asked.startIntent === null) return asked;
  const { opId } = asked.startIntent;
  const room = await services.video
    .openRoom(asked.roomName, { voiceOnly: asked.voiceOnly })
    .catch(async (error) => {
      const code = error instanceof AppError ? error.code : "unexpected";
      await apply(
        services,
        id,
        by,
        // The attempt of another tab is that tab's to give up.
        () =>
          opId === ownOpId || code === "video_rejected"
            ? { type: "start_failed", opId, code }
            : null,
      );
      throw error;
    });
  return await apply(
    services,
    id,
    by,
    () => ({ type: "start_confirmed", opId, roomSid: room.sid }),
  ).catch(async (error) => {
    // The name of the room is the session's: another attempt may be in it. Only
    // when the session is over will nobody ever use it.
    const { status } = await findSession(services.kv, id);
    if (isOver(status)) await closeQuietly(services, room.sid);
    throw error;
  });
}

/**
 * Ends the session for everyone and computes its duration. Its doctor only;
 * ending twice is fine. Throws `not_started`, `invalid_transition`.
 */
export async function endSession(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  const ended = await apply(services, id, voice(caller), (session) => {
    authorize(caller.actor, "end", session);
    return { type: "ended" };
  });
  return await closeRoom(services, ended);
}

/** Takes a session back that has not started. Its doctor only. Throws `invalid_transition`. */
export function cancelSession(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  return apply(services, id, voice(caller), (session) => {
    authorize(caller.actor, "cancel", session);
    return { type: "cancelled", reason: "cancelled_by_doctor" };
  });
}

/** Takes back every session of a closed visit that has not started. */
export async function cancelSessionsOfVisit(
  services: Services,
  caller: Caller,
  visitId: string,
): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await readSessions(services.kv, {
      by: "visit",
      id: visitId,
      status: "SCHEDULED",
      cursor,
    });
    for (const { id } of page.items) {
      await apply(
        services,
        id,
        voice(caller),
        // Over by itself meanwhile: there is nothing left to take back.
        ({ status }) =>
          isOver(status) ? null : { type: "cancelled", reason: "visit_closed" },
      );
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** Notes that the caller has left; the session goes on. Leaving twice is fine. */
export function leaveSession(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  return apply(services, id, voice(caller), (session) => ({
    type: "left",
    seat: authorize(caller.actor, "leave", session),
  }));
}

/**
 * What the caller's browser needs to enter the room. The patient may ask
 * before the start and is then to wait. Identity and room come from the
 * records, never from the request. Throws `session_over`, `not_started`.
 */
export async function requestAccess(
  services: Services,
  caller: Caller,
  id: string,
): Promise<AccessView> {
  const identity = caller.actor.accountId;
  let token = "";
  const session = await apply(services, id, voice(caller), (session) => {
    const seat = authorize(caller.actor, "join", session);
    // Made before it is written down, so that the log never tells of a token
    // that there was not.
    token ||= services.video.createAccessToken({
      roomName: session.roomName,
      identity,
      ttlSeconds: ACCESS_TTL_SECONDS,
    });
    return { type: "admitted", seat };
  });
  return {
    token,
    room_name: session.roomName,
    session_id: session.id,
    identity,
    expires_at: new Date(services.now().getTime() + ACCESS_TTL_SECONDS * 1000)
      .toISOString(),
    waiting: session.status === "SCHEDULED",
  };
}

/** Who speaks, for the audit log. */
export interface Voice {
  actor: AuditActor;
  requestId: string;
  client: Client | null;
}

function voice(caller: Caller): Voice {
  return {
    actor: auditActor(caller),
    requestId: caller.client.requestId,
    client: caller.client,
  };
}

/**
 * Lets an event happen to a session: load, authorize and decide, commit with
 * the audit entry. `eventOf` authorizes and names the event, or none, and is
 * asked again whenever the session changed under it.
 */
export function apply(
  { kv, now }: Services,
  id: string,
  by: Voice,
  eventOf: (session: Session) => SessionEvent | null,
  receipt?: Change["receipt"],
): Promise<Session> {
  const change = (before: Session, around: Surroundings): Change | null => {
    const event = eventOf(before);
    if (event === null) return null;
    const after = decide(before, event, around);
    if (after === null) return null;
    return {
      next: after,
      facts: eventFacts(
        event,
        { before, after, at: around.now },
        by.actor,
        by.requestId,
      ),
      client: by.client,
      ...(receipt === undefined ? {} : { receipt }),
    };
  };
  return changeSession(kv, id, now, change);
}

/** Closes the room of a session that is over; its end stands whether or not that works. */
async function closeRoom(services: Services, ended: Session): Promise<Session> {
  if (ended.close !== "PENDING" || ended.roomSid === null) return ended;
  const closed = await closeQuietly(services, ended.roomSid);
  if (!closed) return ended;
  return apply(
    services,
    ended.id,
    { actor: SYSTEM_ACTOR, requestId: "", client: null },
    () => ({ type: "room_closed" }),
  );
}

/** Answers whether the room is closed; never throws, never takes longer than a doctor would wait. */
async function closeQuietly(
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
