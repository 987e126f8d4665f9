import type { CallRequest } from "@/lib/calls/call_request.ts";
import { RETURNS_MAX } from "@/lib/calls/returning.ts";

/** The second layout: nobody knew when it went back to its place in line. */
type CallRequestV2 = Omit<CallRequest, "v" | "returnedAt"> & { v: 2 };

/** The first layout: what was accepted stayed so, whatever became of it. */
type CallRequestV1 = Omit<CallRequestV2, "v" | "returns"> & { v: 1 };

/** A request as it may be stored. */
export type StoredCallRequest = CallRequest | CallRequestV2 | CallRequestV1;

/** The request in today's layout. It is stored so when it next changes. One that was accepted before the second stays where it is. */
export function upgradeCall(stored: StoredCallRequest): CallRequest {
  switch (stored.v) {
    case 3:
      return stored;
    case 2:
      return fromV2(stored);
    case 1:
      return fromV2({
        ...stored,
        v: 2,
        returns: stored.status === "WAITING" ? 0 : RETURNS_MAX,
      });
  }
}

function fromV2(call: CallRequestV2): CallRequest {
  return { ...call, v: 3, returnedAt: null };
}
