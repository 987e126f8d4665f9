/** Where a session is stored. */
export const sessionKey = (id: string): string[] => ["session", id];

/** Where the id of the session is stored that has, had or is to have a room of this name. */
export const roomKey = (
  roomName: string,
): string[] => ["session_by_room", roomName];

/** The same by the room's sid. */
export const roomSidKey = (
  roomSid: string,
): string[] => ["session_by_room_sid", roomSid];

/** What a list of sessions is ordered by: the visit's, or one participant's. */
export type ListedBy = "visit" | "doctor" | "patient";

/** Where the list entries of a visit or a participant are, by planned time. */
export const listPrefix = (
  by: ListedBy,
  ownerId: string,
): string[] => [`sessions_by_${by}`, ownerId];

/** Where the ids of SCHEDULED sessions are, by planned time. */
export const PLANNED_PREFIX: readonly string[] = ["session_planned"];

/** Where the ids of sessions are whose patient waits. */
export const WAITING_PREFIX: readonly string[] = ["session_waiting"];

/** Where the ids of sessions are that came of a call for any doctor and are not over. */
export const ON_DEMAND_PREFIX: readonly string[] = ["session_on_demand"];
/** The same of one doctor, who is in one at most. */
export const onDemandKey = (
  doctorId: string,
): string[] => [...ON_DEMAND_PREFIX, doctorId];

/** What changes whenever a session of this account does: the key to watch for live lists. */
export const touchedKey = (
  accountId: string,
): string[] => ["session_touched", accountId];

/** The name of the session's audit chain. */
export const chainOf = (id: string): string => `s:${id}`;
