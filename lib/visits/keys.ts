/** Where a visit is stored. */
export const visitKey = (id: string): string[] => ["visit", id];

/** Where the id of a visit's running session is stored; sessions set it, and a visit cannot close while it is there. */
export const activeSessionKey = (
  visitId: string,
): string[] => ["session_active", visitId];
