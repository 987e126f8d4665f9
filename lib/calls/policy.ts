import {
  CALL_OPERATIONS,
  type CallOperation,
  SUBJECTS,
  verdictOf,
} from "@/lib/access/table.ts";
import type { Actor } from "@/lib/accounts/account.ts";
import type { CallRequest, CallSeat } from "@/lib/calls/call_request.ts";
import { type Skills, suits } from "@/lib/calls/doctors.ts";
import { AppError } from "@/lib/errors.ts";

/** What somebody can be offered to do with a call request: its buttons. */
export const CALL_ACTIONS = [
  "accept",
  "decline",
  "cancel",
  "widen",
] as const satisfies CallOperation[];
/** What somebody can be offered to do with a call request: its buttons. */
export type CallAction = typeof CALL_ACTIONS[number];

/** How the actor has to do with the request, or null for a stranger. */
export function callSeatOf(
  actor: Actor,
  call: CallRequest,
  skills: Skills,
): CallSeat | null {
  if (actor.role === "patient") {
    return actor.accountId === call.patient.id ? "patient" : null;
  }
  if (actor.role !== "doctor") return null;
  if (actor.accountId === call.acceptedBy?.id) return "taker";
  return suits(skills, call) ? "candidate" : null;
}

/**
 * Lets the actor through, with their seat, or says why not. A stranger learns
 * nothing, not even that the request exists, and neither does a doctor who
 * looks at one that somebody else took or that is over; whoever would take or
 * pass on such a one comes too late, and `transitions.ts` says so. Throws `call_not_found`, `role_forbidden`.
 */
export function authorizeCall(
  actor: Actor,
  operation: CallOperation,
  call: CallRequest,
  skills: Skills,
): CallSeat {
  const seat = callSeatOf(actor, call, skills);
  const { unknown } = SUBJECTS.call;
  const verdict = seat === null
    ? unknown
    : verdictOf(CALL_OPERATIONS[operation], seat, call) ?? "role_forbidden";
  if (seat === null || verdict === unknown) {
    throw new AppError(unknown, `Cannot find call request "${call.id}"`);
  }
  if (verdict === "role_forbidden") {
    throw new AppError(
      verdict,
      `Cannot ${operation} call request "${call.id}" as a ${actor.role}`,
    );
  }
  return seat;
}

/** The buttons to show: everything the actor is permitted to do that is possible now. */
export function availableCallActions(
  actor: Actor,
  call: CallRequest,
  skills: Skills,
): CallAction[] {
  const seat = callSeatOf(actor, call, skills);
  if (seat === null) return [];
  return CALL_ACTIONS.filter((action) =>
    verdictOf(CALL_OPERATIONS[action], seat, call) === "offered"
  );
}
