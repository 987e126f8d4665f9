import { newId } from "@/lib/new_id.ts";
import { authorizeRole } from "@/lib/access/policy.ts";
import { type Caller, personRef } from "@/lib/accounts/account.ts";
import { findAccountByEmail } from "@/lib/accounts/store.ts";
import { auditActor } from "@/lib/audit/facts.ts";
import { AppError } from "@/lib/errors.ts";
import { earlierEffect } from "@/lib/idempotency/receipt.ts";
import type { Services } from "@/lib/services.ts";
import { requireSensibleStart } from "@/lib/sessions/plan.ts";
import { voiceOf } from "@/lib/sessions/event_service.ts";
import { cancelSessionsOfVisit, endSession } from "@/lib/sessions/service.ts";
import { closingFacts, openingFacts } from "@/lib/visits/facts.ts";
import { authorizeVisit } from "@/lib/visits/policy.ts";
import {
  changeVisit,
  findRunning,
  findVisit,
  insertVisit,
  listVisits as readVisits,
} from "@/lib/visits/store.ts";
import {
  closedVisit,
  newVisit,
  type Visit,
  type VisitStatus,
} from "@/lib/visits/visit.ts";

/** What a doctor says of a visit to open. */
export interface VisitPlan {
  patientEmail: string;
  reason: string;
  /** For when it is planned; without, the patient is here. */
  plannedStart?: Date;
}

/**
 * Opens a visit of a patient with the calling doctor. Throws `role_forbidden`,
 * `validation` if there is no such patient or the time is past or too far off.
 */
export async function createVisit(
  services: Services,
  caller: Caller,
  { patientEmail, reason, plannedStart }: VisitPlan,
): Promise<Visit> {
  const { kv, now } = services;
  const earlier = earlierEffect(caller.client);
  if (earlier !== null) return await getVisit(services, caller, earlier);
  authorizeRole(caller.actor, "open_visit");
  if (plannedStart !== undefined) requireSensibleStart(plannedStart, now());
  const patient = await findAccountByEmail(kv, patientEmail);
  if (patient?.role !== "patient") {
    throw new AppError("validation", "Cannot open a visit: no such patient", {
      fields: [{ field: "patient_email", message: "is no patient's address" }],
    });
  }
  const visit = newVisit(
    {
      doctor: personRef(caller.actor),
      patient,
      reason,
      plannedStart: plannedStart ?? null,
    },
    { id: newId(), now: now() },
  );
  return await insertVisit(kv, {
    next: visit,
    facts: openingFacts(visit, auditActor(caller), caller.client.requestId),
    client: caller.client,
  });
}

/** The visit, for its participants only. Throws `visit_not_found`. */
export async function getVisit(
  { kv }: Services,
  { actor }: Caller,
  id: string,
): Promise<Visit> {
  const visit = await findVisit(kv, id);
  authorizeVisit(actor, "see", visit);
  return visit;
}

/** Which of one's visits to list. */
export interface VisitQuery {
  status?: VisitStatus | undefined;
  /** From 1 to 100; 50 if not given. */
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** The caller's own visits, newest first. */
export async function listVisits(
  { kv }: Services,
  { actor }: Caller,
  query: VisitQuery,
): Promise<{ visits: Visit[]; next: string | null }> {
  if (actor.role === "admin") return { visits: [], next: null };
  const { items, next } = await readVisits(kv, {
    ...query,
    by: actor.role,
    id: actor.accountId,
  });
  return { visits: items, next };
}

/**
 * Closes the visit and takes back what was planned in it. Its doctor only;
 * closing twice is fine, and finishes what a first time left undone. Throws
 * `session_running` while a session of it runs, unless that is to be ended.
 */
export async function closeVisit(
  services: Services,
  caller: Caller,
  id: string,
  { force = false } = {},
): Promise<Visit> {
  if (force) await endRunningSession(services, caller, id);
  const visit = await changeVisit(services.kv, id, (visit, activeSessionId) => {
    authorizeVisit(caller.actor, "close", visit);
    if (visit.status === "CLOSED") return null;
    if (activeSessionId !== null) {
      throw new AppError(
        "session_running",
        `Cannot close visit "${id}": session "${activeSessionId}" is running`,
      );
    }
    const now = services.now();
    return {
      next: closedVisit(visit, now),
      facts: closingFacts(
        visit,
        now.toISOString(),
        auditActor(caller),
        caller.client.requestId,
      ),
      client: caller.client,
    };
  });
  // After the visit is closed nothing in it can start, so this cannot race. If
  // this process dies before it is through, the sweep of sessions goes on.
  await cancelSessionsOfVisit(services, voiceOf(caller), id);
  return visit;
}

/** Ends the session of the caller's visit that runs, if there is one. */
async function endRunningSession(
  services: Services,
  caller: Caller,
  visitId: string,
): Promise<void> {
  const visit = await findVisit(services.kv, visitId);
  // Before anything is said about its sessions.
  authorizeVisit(caller.actor, "close", visit);
  const runningId = await findRunning(services.kv, visitId);
  if (runningId !== null) await endSession(services, caller, runningId);
}
