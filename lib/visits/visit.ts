import { z } from "zod";
import type { PersonRef } from "@/lib/accounts/account.ts";
import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";

/** A visit is OPEN until its doctor closes it. */
export const VisitStatus = z.enum(["OPEN", "CLOSED"]);
/** A visit is OPEN until its doctor closes it. */
export type VisitStatus = z.infer<typeof VisitStatus>;

/**
 * A visit, as stored: what brings one patient to one doctor (a FHIR
 * Encounter). Its sessions are the consultations held for it.
 */
export interface Visit {
  /** Layout of this record; `upgrade.ts` reads older ones. */
  v: 2;
  /** A ULID. */
  id: string;
  doctor: PersonRef;
  patient: PersonRef;
  /** Why the patient comes, in a sentence. */
  reason: string;
  status: VisitStatus;
  /** For when it is planned, if it is an appointment; null for one that was opened without a time. */
  plannedStart: string | null;
  createdAt: string;
  closedAt: string | null;
  /** Grows by one with every commit. */
  rev: number;
  /** How many entries this visit's audit chain has, and the hash of the last. */
  auditSeq: number;
  auditHash: string;
}

/** The new visit as it will be stored. */
export function newVisit(
  { doctor, patient, reason, plannedStart = null }: {
    doctor: PersonRef;
    patient: PersonRef;
    reason: string;
    plannedStart?: Date | null;
  },
  { id, now }: { id: string; now: Date },
): Visit {
  return {
    v: 2,
    id,
    doctor: { id: doctor.id, name: doctor.name },
    patient: { id: patient.id, name: patient.name },
    reason,
    status: "OPEN",
    plannedStart: plannedStart?.toISOString() ?? null,
    createdAt: now.toISOString(),
    closedAt: null,
    rev: 1,
    ...EMPTY_CHAIN,
  };
}

/** The visit once it is closed. */
export function closedVisit(visit: Visit, now: Date): Visit {
  return {
    ...visit,
    status: "CLOSED",
    closedAt: now.toISOString(),
    rev: visit.rev + 1,
  };
}
