import { change } from "@/lib/api_client.ts";
import type { AvailabilityView, CallView } from "@/lib/calls/view.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** Takes a patient's request: it becomes a session that starts at once. Throws `ApiError`. */
export function acceptCall(
  id: string,
): Promise<{ call: CallView; session: SessionView }> {
  return change(`calls/${id}/accept/`);
}

/** Lets a request ring at the next doctor. Throws `ApiError`. */
export function declineCall(id: string): Promise<CallView> {
  return change(`calls/${id}/decline/`);
}

/** Says whether this doctor takes calls. Throws `ApiError`. */
export function setAvailability(available: boolean): Promise<AvailabilityView> {
  return change("calls/availability/", { available }, { method: "PUT" });
}
