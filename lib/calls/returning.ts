import type { CallRequest } from "@/lib/calls/call_request.ts";
import { doctorNeverCame } from "@/lib/sessions/ending.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";

/** So often a request goes back to its place; after that its patient has to ask anew. */
export const RETURNS_MAX = 2;

/**
 * Whether the request has to go back to its place in line: what it became is
 * over, and its doctor was never there.
 */
export function isToReturn(
  { status, returns }: Pick<CallRequest, "status" | "returns">,
  session: Session | null,
): boolean {
  return status === "ACCEPTED" && returns < RETURNS_MAX && session !== null &&
    isOver(session.status) && doctorNeverCame(session);
}
