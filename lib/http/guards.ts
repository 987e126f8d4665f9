import { authorizeRole } from "@/lib/access/policy.ts";
import type { ClinicOperation } from "@/lib/access/table.ts";
import type { Caller } from "@/lib/accounts/account.ts";
import type { State } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";

/** Whoever is signed in. Throws `unauthenticated`; page visitors are then sent to sign in. */
export function requireCaller(state: State): Caller {
  if (state.caller === null) {
    throw new AppError("unauthenticated", "Nobody is signed in");
  }
  return state.caller;
}

/** Whoever is signed in, if their role may do this. Throws `unauthenticated`, `role_forbidden`. */
export function requireMay(
  state: State,
  operation: ClinicOperation,
): Caller {
  const caller = requireCaller(state);
  authorizeRole(caller.actor, operation);
  return caller;
}
