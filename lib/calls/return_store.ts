import { writeAvailability } from "@/lib/calls/availability_store.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { callKey, UNDER_WAY_PREFIX, underWayKey } from "@/lib/calls/keys.ts";
import { type CallChange, writeCall } from "@/lib/calls/store.ts";
import { upgradeCall } from "@/lib/calls/upgrade.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listSessions } from "@/lib/sessions/store.ts";
import { activeSessionKey, visitKey } from "@/lib/visits/keys.ts";
import { type VisitChange, writeClosing } from "@/lib/visits/store.ts";
import { upgradeVisit } from "@/lib/visits/upgrade.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** A request that was accepted, and what it became: how that ends is still to be looked at. */
export interface UnderWay {
  callId: string;
  sessionId: string;
}

/** The requests whose calls are under way, or over and not looked at yet. */
export async function listUnderWay(kv: Deno.Kv): Promise<UnderWay[]> {
  const found: UnderWay[] = [];
  const rows = kv.list<string>({ prefix: UNDER_WAY_PREFIX });
  for await (const { key, value: sessionId } of rows) {
    found.push({ callId: String(key[1]), sessionId });
  }
  return found;
}

/** An accepted request whose call is over. */
export interface Settling {
  call: CallRequest;
  session: Session;
  /** Its visit, if it is OPEN and nothing else is planned in it. */
  visit: Visit | null;
}

/** What becomes of a request whose call came to nothing, and of its visit. */
export interface Undoing {
  call: CallChange;
  visit: VisitChange | null;
}

/** What comes of how a call ended. */
export interface Settlement {
  /** Null: the request stays. */
  undoing: Undoing | null;
  /** What it says of the doctor who took it. */
  doctor: CallChange["doctor"];
}

/**
 * Looks once at an accepted request whose session is over: `change` says what
 * becomes of it if that came to nothing, and of its doctor. Its visit is closed
 * along. As long as it may go back its patient gets no other one, so that
 * nobody has two. In one commit, after which it is not looked at any more.
 */
export function settleCall(
  kv: Deno.Kv,
  { callId, sessionId }: UnderWay,
  change: (settling: Settling) => Settlement,
): Promise<void> {
  return untilCommitted(async () => {
    const [entry, row] = await kv.getMany<[CallRequest, string]>([
      callKey(callId),
      underWayKey(callId),
    ]);
    // Looked at by another process, or accepted anew meanwhile.
    if (row.value !== sessionId) return { ok: true, value: undefined };
    const call = upgradeCall(entry.value!);
    const session = await findSession(kv, sessionId);
    const [visit, active] = await kv.getMany<[Visit, string]>([
      visitKey(session.visitId),
      activeSessionKey(session.visitId),
    ]);
    const isUnused = active.value === null &&
      !await isPlanned(kv, session.visitId);
    const { undoing, doctor } = change({
      call,
      session,
      visit: visit.value?.status === "OPEN" && isUnused
        ? upgradeVisit(visit.value)
        : null,
    });
    const operation = kv.atomic().check(entry, row).delete(row.key);
    if (doctor !== undefined) {
      await writeAvailability(kv, operation, doctor.id, null, doctor.change);
    }
    if (undoing !== null) {
      await writeCall(kv, operation, call, undoing.call);
      if (undoing.visit !== null) {
        operation.check(visit, active);
        writeClosing(operation, undoing.visit);
      }
    }
    const { ok } = await operation.commit();
    return ok ? { ok, value: undefined } : LOST;
  });
}

/** Whether something else is planned in the visit. What is planned at this very moment is taken back as that of any closed visit. */
async function isPlanned(kv: Deno.Kv, visitId: string): Promise<boolean> {
  const { items } = await listSessions(kv, {
    by: "visit",
    id: visitId,
    status: "SCHEDULED",
    limit: 1,
  });
  return items.length > 0;
}
