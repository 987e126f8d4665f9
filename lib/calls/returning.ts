import type { CallRequest } from "@/lib/calls/call_request.ts";
import { doctorNeverCame, returnsToLine } from "@/lib/sessions/ending.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";

/** So often a request goes back to its place; after that its patient has to ask anew. */
export const RETURNS_MAX = 2;

/**
 * Whether the request has to go back to its place in line: what it became is
 * over, its doctor was never there, and its patient has not given it up.
 */
export function isToReturn(
  { status }: Pick<CallRequest, "status">,
  session: Session | null,
): boolean {
  return status === "ACCEPTED" && session !== null && returnsToLine(session);
}

/** Whether its patient has left before its doctor ever came, and with that has taken the request back. */
export function isGivenUp(
  { status }: Pick<CallRequest, "status">,
  session: Session | null,
): boolean {
  return status === "ACCEPTED" && session?.call?.isGivenUp === true &&
    isOver(session.status) && doctorNeverCame(session);
}
