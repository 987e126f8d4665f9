import type { Actor } from "@/lib/accounts/account.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { type Skills, suits } from "@/lib/calls/doctors.ts";
import { AppError } from "@/lib/errors.ts";

/** What somebody can do with a call request. */
export const CALL_ACTIONS = [
  "see",
  "follow",
  "accept",
  "decline",
  "cancel",
] as const;
/** What somebody can do with a call request. `follow`: hear of every change. */
export type CallAction = typeof CALL_ACTIONS[number];

/** How somebody has to do with a request: asked for it, took it, or could take it. */
export type CallSeat = "patient" | "taker" | "candidate";

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

/** Who may do what, by seat. */
const PERMITTED: Record<CallAction, readonly CallSeat[]> = {
  see: ["patient", "taker", "candidate"],
  // Doctors listen to the queue instead.
  follow: ["patient", "taker"],
  accept: ["taker", "candidate"],
  decline: ["taker", "candidate"],
  cancel: ["patient"],
};

/** When it makes sense. */
const POSSIBLE: Record<
  CallAction,
  (call: CallRequest, seat: CallSeat) => boolean
> = {
  // Who took a request, and what became of it, is not for the others.
  see: ({ status }, seat) => seat !== "candidate" || status === "WAITING",
  follow: () => true,
  accept: ({ status }) => status === "WAITING",
  decline: ({ status }) => status === "WAITING",
  cancel: ({ status }) => status === "WAITING",
};

/**
 * Lets the actor through, with their seat, or says why not. A stranger learns
 * nothing, not even that the request exists. Throws `call_not_found`,
 * `role_forbidden`.
 */
export function authorizeCall(
  actor: Actor,
  action: CallAction,
  call: CallRequest,
  skills: Skills,
): CallSeat {
  const seat = callSeatOf(actor, call, skills);
  // What is too late is answered by the transitions, but for seeing.
  const isHidden = action === "see" && seat !== null &&
    !POSSIBLE.see(call, seat);
  if (seat === null || isHidden) {
    throw new AppError(
      "call_not_found",
      `Cannot find call request "${call.id}"`,
    );
  }
  if (!PERMITTED[action].includes(seat)) {
    throw new AppError(
      "role_forbidden",
      `Cannot ${action} call request "${call.id}" as a ${actor.role}`,
    );
  }
  return seat;
}

const BUTTONS = ["accept", "decline", "cancel"] as const;

/** The buttons to show: everything the actor is permitted to do that is possible now. */
export function availableCallActions(
  actor: Actor,
  call: CallRequest,
  skills: Skills,
): CallAction[] {
  const seat = callSeatOf(actor, call, skills);
  if (seat === null) return [];
  return BUTTONS.filter((action) =>
    PERMITTED[action].includes(seat) &&
    POSSIBLE[action](call, seat)
  );
}

/** Only patients ask for a call. Throws `role_forbidden`. */
export function requireCallingPatient({ role }: Actor): void {
  if (role === "patient") return;
  throw new AppError("role_forbidden", `Cannot ask for a call as a ${role}`);
}

/** Only doctors take calls. Throws `role_forbidden`. */
export function requireCallDoctor({ role }: Actor): void {
  if (role === "doctor") return;
  throw new AppError("role_forbidden", `Cannot take calls as a ${role}`);
}
