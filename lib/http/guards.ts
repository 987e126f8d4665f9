import type { Caller, Role } from "@/lib/accounts/account.ts";
import type { State } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";

/** Whoever is signed in. Throws `unauthenticated`; page visitors are then sent to sign in. */
export function requireCaller(state: State): Caller {
  if (state.caller === null) {
    throw new AppError("unauthenticated", "Nobody is signed in");
  }
  return state.caller;
}

/** Whoever is signed in, if in this role. Throws `unauthenticated`, `role_forbidden`. */
export function requireRole(state: State, role: Role): Caller {
  const caller = requireCaller(state);
  if (caller.actor.role !== role) {
    throw new AppError(
      "role_forbidden",
      `This is for a ${role}, not for a ${caller.actor.role}`,
    );
  }
  return caller;
}
