import { seatOf } from "@/lib/access/policy.ts";
import { newId, newRoomName } from "@/lib/new_id.ts";
import { type Caller, isOwnIdentity } from "@/lib/accounts/account.ts";
import type { AuditEntry } from "@/lib/audit/entry.ts";
import { auditActor } from "@/lib/audit/facts.ts";
import { AppError } from "@/lib/errors.ts";
import { earlierEffect } from "@/lib/idempotency/receipt.ts";
import { countOne } from "@/lib/rate_limit/store.ts";
import type { Limit } from "@/lib/rate_limit/window.ts";
import type { Services } from "@/lib/services.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import {
  apply,
  SYSTEM_VOICE,
  type Voice,
  voiceOf,
} from "@/lib/sessions/event_service.ts";
import { createFacts } from "@/lib/sessions/facts.ts";
import { newSession, type SessionPlan } from "@/lib/sessions/plan.ts";
import { authorize } from "@/lib/sessions/policy.ts";
import {
  closeRoomNow,
  expireStart,
  failStart,
  openRoom,
} from "@/lib/sessions/room_service.ts";
import {
  isOver,
  type Session,
  type SessionStatus,
} from "@/lib/sessions/session.ts";
import {
  findSession,
  findSessionByRoom,
  insertSession,
  listHistory,
  listSessions as readSessions,
} from "@/lib/sessions/store.ts";
import { isExpired } from "@/lib/sessions/starting.ts";
import { authorizeVisit } from "@/lib/visits/policy.ts";
import { forgetClosing } from "@/lib/visits/store.ts";

/** How long an access token admits to the room; being in it lasts as long as the session. */
const ACCESS_TTL_SECONDS = 600;

/**
 * Plans a session in an OPEN visit. The visit's doctor only. Throws
 * `visit_not_found`, `role_forbidden`, `visit_closed`, `validation`.
 */
export async function createSession(
  services: Services,
  caller: Caller,
  { visitId, ...plan }: SessionPlan & { visitId: string },
): Promise<Session> {
  const { kv, now } = services;
  const earlier = earlierEffect(caller.client);
  if (earlier !== null) return await getSession(services, caller, earlier);
  return await insertSession(kv, visitId, (visit) => {
    authorizeVisit(caller.actor, "create_session", visit);
    const next = newSession(plan, visit, {
      id: newId(),
      roomName: newRoomName(),
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
  authorize(actor, "see", session);
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
 * is asked, so that an answer that never arrives can be made up for: while
 * the service is out of reach the outbox goes on trying, for half a minute.
 * Throws `visit_closed`, `session_running`, `doctor_busy`,
 * `invalid_transition`, `video_*`.
 */
export async function startSession(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  const by = voiceOf(caller);
  const session = await findSession(services.kv, id);
  authorize(caller.actor, "start", session);
  await giveUpLostStart(services, session);
  // Nothing is promised that nobody can keep.
  if (services.video.client.service === "none") {
    throw new AppError("video_not_configured", "No video service is set up");
  }
  const asked = await apply(services, id, by, () => ({
    type: "start_requested",
    opId: newId(),
  }));
  if (asked.startIntent === null) return asked;
  const { opId } = asked.startIntent;
  return await openRoom(services, asked, opId, by).catch(async (error) => {
    await failStart(services, asked, opId, by, error);
    throw error;
  });
}

/** An attempt that is past its deadline counts, before another one is made. */
async function giveUpLostStart(
  services: Services,
  session: Session,
): Promise<void> {
  const intent = session.startIntent;
  if (intent === null || !isExpired(intent, services.now())) return;
  await expireStart(services, session, intent.opId, SYSTEM_VOICE);
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
  const ended = await apply(services, id, voiceOf(caller), (session) => {
    authorize(caller.actor, "end", session);
    return { type: "ended" };
  });
  return await closeRoomNow(services, ended);
}

/** Takes a session back that has not started. Its doctor only. Throws `invalid_transition`. */
export function cancelSession(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  return apply(services, id, voiceOf(caller), (session) => {
    authorize(caller.actor, "cancel", session);
    return { type: "cancelled", reason: "cancelled_by_doctor" };
  });
}

/** What a doctor changes of a session. */
export interface SessionEdit {
  scheduledStart?: Date | undefined;
  notes?: string | undefined;
}

/**
 * Changes the planned time, before the start, or the notes. Its doctor only.
 * Throws `invalid_transition`, `validation`.
 */
export function editSession(
  services: Services,
  caller: Caller,
  id: string,
  { scheduledStart, notes }: SessionEdit,
): Promise<Session> {
  return apply(services, id, voiceOf(caller), (session) => {
    authorize(caller.actor, "edit", session);
    return {
      type: "edited",
      scheduledStart: scheduledStart?.toISOString() ?? null,
      notes: notes ?? null,
    };
  });
}

/**
 * Takes down whether the caller allows the session to be recorded; the last
 * answer counts. No is as good as yes: the session goes on either way. Throws
 * `session_over`.
 */
export function giveConsent(
  services: Services,
  caller: Caller,
  id: string,
  { granted, textVersion }: { granted: boolean; textVersion: string },
): Promise<Session> {
  return apply(services, id, voiceOf(caller), (session) => ({
    type: "consented",
    seat: authorize(caller.actor, "consent", session),
    granted,
    textVersion,
  }));
}

/** Takes back every session of a closed visit that has not started; from then on there is nothing left to do about it. */
export async function cancelSessionsOfVisit(
  services: Services,
  by: Voice,
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
        by,
        // Over by itself meanwhile: there is nothing left to take back.
        ({ status }) =>
          isOver(status) ? null : { type: "cancelled", reason: "visit_closed" },
      );
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  await forgetClosing(services.kv, visitId);
}

/**
 * Notes that the caller has left; the session goes on. Leaving twice is fine.
 * `isOnPurpose`: said so, rather than closed the page.
 */
export function leaveSession(
  services: Services,
  caller: Caller,
  id: string,
  { isOnPurpose = true }: { isOnPurpose?: boolean } = {},
): Promise<Session> {
  return apply(services, id, voiceOf(caller), (session) => ({
    type: "left",
    seat: authorize(caller.actor, "leave", session),
    isOnPurpose,
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
  return (await admit(services, caller, id, "join")).access;
}

/** The same by the address that is for patients only. Throws `role_forbidden` besides. */
export async function requestAccessAsPatient(
  services: Services,
  caller: Caller,
  id: string,
): Promise<AccessView> {
  return (await admit(services, caller, id, "join_as_patient")).access;
}

/** Starts the session, or finds it running, and lets its doctor in. Throws like `startSession`. */
export async function startAndJoin(
  services: Services,
  caller: Caller,
  id: string,
): Promise<{ session: Session; access: AccessView }> {
  await startSession(services, caller, id);
  return await admit(services, caller, id, "join");
}

/** So often may one person ask for one session by its room; nobody does by hand. */
const BY_ROOM_LIMIT: Limit = { times: 10, windowMs: 60_000 };

/**
 * The same as `requestAccess` for who says the room and their own identity.
 * Both are only compared with what the records say. Throws
 * `identity_mismatch`, `session_not_found`, `rate_limited` besides.
 */
export async function requestAccessByRoom(
  services: Services,
  caller: Caller,
  { roomName, identity }: { roomName: string; identity: string },
): Promise<AccessView> {
  const { kv, now } = services;
  const { actor } = caller;
  if (!isOwnIdentity(actor, identity)) {
    throw new AppError(
      "identity_mismatch",
      "Cannot give access to somebody else than who is signed in",
    );
  }
  const session = await findSessionByRoom(kv, roomName);
  // A stranger must not even learn the session's id; and a room that the call
  // has left is none any more.
  if (
    session?.roomName !== roomName || seatOf(actor, session) === null
  ) {
    throw new AppError(
      "session_not_found",
      `Cannot find a session in room "${roomName}"`,
    );
  }
  const name = ["token_by_room", actor.accountId, session.id];
  const wait = await countOne(kv, name, BY_ROOM_LIMIT, now());
  if (wait > 0) {
    throw new AppError("rate_limited", "Cannot give access so often", {
      retryAfterSeconds: wait,
    });
  }
  return await requestAccess(services, caller, session.id);
}

async function admit(
  services: Services,
  caller: Caller,
  id: string,
  operation: "join" | "join_as_patient",
): Promise<{ session: Session; access: AccessView }> {
  const identity = caller.actor.accountId;
  let token = "";
  const session = await apply(services, id, voiceOf(caller), (session) => {
    const seat = authorize(caller.actor, operation, session);
    // Made before it is written down, so that the log never tells of a token
    // that there was not; anew each time, since the call may have moved.
    token = services.video.createAccessToken({
      roomName: session.roomName,
      identity,
      ttlSeconds: ACCESS_TTL_SECONDS,
    });
    return { type: "admitted", seat };
  });
  const expiresAtMs = services.now().getTime() + ACCESS_TTL_SECONDS * 1000;
  const access = {
    token,
    room_name: session.roomName,
    session_id: session.id,
    identity,
    expires_at: new Date(expiresAtMs).toISOString(),
    waiting: session.status === "SCHEDULED",
  };
  return { session, access };
}
