/** Where a call request is stored. */
export const callKey = (id: string): string[] => ["call", id];

/** Where the ids of requests that wait are. */
export const WAITING_PREFIX: readonly string[] = ["call_waiting"];

/** Where the ids of accepted requests are, by the time of the acceptance. */
export const ACCEPTED_PREFIX: readonly string[] = ["call_accepted"];

/** Where the list entries of a patient's requests are, oldest first. */
export const patientPrefix = (
  patientId: string,
): string[] => ["calls_by_patient", patientId];

/** Where the id of the request is stored that rings at a doctor. */
export const offerKey = (
  doctorId: string,
): string[] => ["call_offer", doctorId];

/** Where the id of a patient's last request is stored. */
export const lastKey = (
  patientId: string,
): string[] => ["call_last", patientId];

/** Where it is noted what accepted requests became, until somebody has looked at how that ended. */
export const UNDER_WAY_PREFIX: readonly string[] = ["call_under_way"];
/** The same of one request: the id of the session. */
export const underWayKey = (id: string): string[] => [...UNDER_WAY_PREFIX, id];

/** What changes whenever something in the queue does: the key to watch. */
export const QUEUE_TOUCHED_KEY: readonly string[] = ["call_touched"];

/** The name of the request's audit chain. */
export const chainOf = (id: string): string => `c:${id}`;
