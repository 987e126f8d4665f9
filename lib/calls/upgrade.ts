import type { CallRequest } from "@/lib/calls/call_request.ts";
import { RETURNS_MAX } from "@/lib/calls/returning.ts";

/** The first layout: what was accepted stayed so, whatever became of it. */
type CallRequestV1 = Omit<CallRequest, "v" | "returns"> & { v: 1 };

/** A request as it may be stored. */
export type StoredCallRequest = CallRequest | CallRequestV1;

/** The request in today's layout. It is stored so when it next changes. One that was accepted before stays where it is. */
export function upgradeCall(stored: StoredCallRequest): CallRequest {
  return stored.v === 2 ? stored : {
    ...stored,
    v: 2,
    returns: stored.status === "WAITING" ? 0 : RETURNS_MAX,
  };
}
