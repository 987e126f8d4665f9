/**
 * The ICE candidates in a client's message.
 *
 * @module
 */
import type { Ice } from "../signalling/messages.ts";

/** Of one client; real ones have a handful. */
const MAX_CANDIDATES = 50;

/** The client's cumulative list; anything odd in it is left out. */
export function candidatesOf(ice: Ice): { readonly candidate: string }[] {
  const { candidates } = ice as { candidates?: unknown };
  if (!Array.isArray(candidates)) return [];
  return candidates.slice(0, MAX_CANDIDATES).flatMap((entry) =>
    typeof entry?.candidate === "string"
      ? [{ candidate: entry.candidate as string }]
      : []
  );
}
