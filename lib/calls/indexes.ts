import type { CallRequest, CallStatus } from "@/lib/calls/call_request.ts";
import {
  ACCEPTED_PREFIX,
  offerKey,
  patientPrefix,
  WAITING_PREFIX,
} from "@/lib/calls/keys.ts";

/** A list entry: enough to filter without reading the request. */
export interface Listed {
  id: string;
  status: CallStatus;
}

/** One row that refers to a request. */
export type IndexRow = [key: string[], value: string | Listed];

/** Everything that refers to a request besides its record; derived from it, so that it cannot disagree. */
export function indexesOf(call: CallRequest): IndexRow[] {
  const { id, status, patient, offer, acceptedBy, decidedAt } = call;
  const rows: IndexRow[] = [[[...patientPrefix(patient.id), id], {
    id,
    status,
  }]];
  if (status === "WAITING") rows.push([[...WAITING_PREFIX, id], id]);
  if (offer !== null) rows.push([offerKey(offer.doctorId), id]);
  if (acceptedBy !== null) {
    rows.push([[...ACCEPTED_PREFIX, decidedAt!, id], id]);
  }
  return rows;
}

/** Which rows hold after a change, and which do no longer. */
export function indexChanges(
  before: CallRequest | null,
  after: CallRequest,
): { set: IndexRow[]; gone: string[][] } {
  const set = indexesOf(after);
  const kept = new Set(set.map(([key]) => key.join("\0")));
  const stale = before === null ? [] : indexesOf(before);
  return {
    set,
    gone: stale.map(([key]) => key).filter((key) => !kept.has(key.join("\0"))),
  };
}
