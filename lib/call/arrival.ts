const KEY = "bedside:join";

/**
 * Notes that this tab is about to open the call page of a session to join it
 * at once: a patient whose call was accepted, or the doctor who accepted it.
 * Not in the address, where anybody could put it for somebody else to click.
 */
export function announceArrival(sessionId: string): void {
  sessionStorage.setItem(KEY, sessionId);
}

/** Whether this tab came to join this session at once. True once. */
export function takeArrival(sessionId: string): boolean {
  const isExpected = sessionStorage.getItem(KEY) === sessionId;
  sessionStorage.removeItem(KEY);
  return isExpected;
}
