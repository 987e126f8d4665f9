/** A visit that was closed, and whose planned sessions are still to be taken back. */
export interface Closing {
  visitId: string;
  /** ISO. */
  closedAt: string;
}

/** So long whoever closed the visit is left to it. */
const CLOSING_MS_MAX = 60_000;

/** Whether nobody is at it any more: the process died after closing the visit. */
export function isLeftUndone({ closedAt }: Closing, now: Date): boolean {
  return now.getTime() - Date.parse(closedAt) > CLOSING_MS_MAX;
}
