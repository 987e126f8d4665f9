const KEY = "bedside:join";
const CLAIM = "bedside:joined";

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

/** Whether a tab of this browser has gone into the session by itself. */
export function isArrivalClaimed(sessionId: string): boolean {
  return localStorage.getItem(CLAIM) === sessionId;
}

/**
 * True for one tab of this browser, the first that asks: it may go into the
 * session by itself. A second one would push the first out.
 */
export async function claimArrival(sessionId: string): Promise<boolean> {
  const claim = () => {
    if (isArrivalClaimed(sessionId)) return false;
    localStorage.setItem(CLAIM, sessionId);
    return true;
  };
  // Two windows side by side ask in the same moment.
  return await navigator.locks?.request(CLAIM, claim) ?? claim();
}
