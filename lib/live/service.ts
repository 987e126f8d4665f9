import { seatOf } from "@/lib/access/policy.ts";
import type { Actor, Caller } from "@/lib/accounts/account.ts";
import { ticks } from "@/lib/kv/ticks.ts";
import { readThread } from "@/lib/messages/service.ts";
import { threadKey } from "@/lib/messages/store.ts";
import type { ThreadPage } from "@/lib/messages/view.ts";
import type { Services } from "@/lib/services.ts";
import { getSession, listSessions } from "@/lib/sessions/service.ts";
import { touchedKey } from "@/lib/sessions/keys.ts";
import { isWaiting, type Session } from "@/lib/sessions/session.ts";
import { noteWaiting } from "@/lib/sessions/waiting_store.ts";
import { refreshCaller } from "@/lib/sign_in/service.ts";

/** What a live answer tells: the state as it is now, or that the caller is signed out. */
export type Live<T> = { caller: Caller; value: T } | null;

/**
 * The session now and after every change, until the signal aborts. Authorized
 * anew each time: null, once, when the caller is no longer signed in. Listening
 * counts as activity while the caller is in the call, so that a long one signs
 * nobody out.
 */
export function watchSession(
  services: Services,
  caller: Caller,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Live<Session>> {
  return watch(services, caller, signal, {
    keys: [["session", id]],
    read: (current) => getSession(services, current, id),
    versionOf: (session) => String(session.rev),
    // Being in a call is activity, however long nobody presses a button.
    isActivity: (session) => isConnected(caller.actor, session),
    onLook: heartbeat(services, caller, id),
  });
}

/** The caller's sessions (of one visit if given; the newest 50), now and after every change; else like `watchSession`. */
export function watchSessions(
  services: Services,
  caller: Caller,
  visitId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Live<Session[]>> {
  return watch(services, caller, signal, {
    keys: [touchedKey(caller.actor.accountId)],
    read: async (current) =>
      (await listSessions(services, current, { visitId })).sessions,
    versionOf: (sessions) =>
      sessions.map(({ id, rev }) => `${id}:${rev}`).join(),
    isActivity: () => false,
  });
}

/** The newest messages of a visit, and whatever is new afterwards; else like `watchSessions`. */
export function watchThread(
  services: Services,
  caller: Caller,
  visitId: string,
  signal: AbortSignal,
): AsyncGenerator<Live<ThreadPage>> {
  let after: string | undefined;
  return watch(services, caller, signal, {
    keys: [threadKey(visitId)],
    read: async (current) => {
      const page = await readThread(services, current, visitId, { after });
      after = page.messages.at(-1)?.id ?? after;
      return page;
    },
    versionOf: ({ thread, visit }) => `${thread.rev}:${visit.status}`,
    isActivity: () => false,
  });
}

/** A waiting patient is known to be there by this, as long as the page is open. */
const HEARTBEAT_MS = 20_000;

/** Notes now and then that whoever waits is still there. */
function heartbeat(
  { kv, now }: Services,
  { actor }: Caller,
  id: string,
): (session: Session) => Promise<void> {
  let notedMs = 0;
  return async (session) => {
    if (!isWaiting(session) || seatOf(actor, session) !== "patient") return;
    const at = now();
    if (at.getTime() - notedMs < HEARTBEAT_MS) return;
    notedMs = at.getTime();
    await noteWaiting(kv, id, at);
  };
}

/** What is listened to, and how. */
export interface Subject<T> {
  /** What changes when it does. */
  keys: Deno.KvKey[];
  /** Reads it, authorized anew. */
  read: (caller: Caller) => Promise<T>;
  /** Tells one state from the next; what stays the same is not told again. */
  versionOf: (value: T) => string;
  /** Whether listening counts as activity of whoever listens. */
  isActivity: (value: T) => boolean;
  /** To be done at every look, about every five seconds. */
  onLook?: (value: T) => Promise<void>;
}

/** Something now and after every change, until the signal aborts; null, once, when the caller is no longer signed in. */
export async function* watch<T>(
  services: Services,
  caller: Caller,
  signal: AbortSignal,
  { keys, read, versionOf, isActivity, onLook }: Subject<T>,
): AsyncGenerator<Live<T>> {
  let told: string | undefined;
  let isActive = false;
  for await (const _ of ticks(services.kv, keys, signal)) {
    const current = await refreshCaller(services, caller, { isActive });
    if (current === null) {
      yield null;
      return;
    }
    const value = await read(current);
    await onLook?.(value);
    isActive = isActivity(value);
    const version = versionOf(value);
    if (version === told) continue;
    told = version;
    yield { caller: current, value };
  }
}

function isConnected(actor: Actor, session: Session): boolean {
  const seat = seatOf(actor, session);
  return seat !== null && session.status === "IN_PROGRESS" &&
    session.presence[seat]?.state !== "disconnected";
}
