import type { Handlers } from "@/lib/sessions/events.ts";
import { requireSensibleStart } from "@/lib/sessions/plan.ts";
import { requireStatus } from "@/lib/sessions/refusals.ts";

/** What changing the plan makes of a session. */
export const PLANNING: Handlers<"edited"> = {
  edited(session, { scheduledStart, notes }, { now }) {
    requireStatus(session, "edit", "SCHEDULED", "IN_PROGRESS", "COMPLETED");
    const isMoved = scheduledStart !== null &&
      scheduledStart !== session.scheduledStart;
    if (isMoved) {
      requireStatus(session, "reschedule", "SCHEDULED");
      requireSensibleStart(new Date(scheduledStart), now);
    }
    const isRewritten = notes !== null && notes !== session.notes;
    if (!isMoved && !isRewritten) return null;
    return {
      ...session,
      scheduledStart: isMoved ? scheduledStart : session.scheduledStart,
      notes: isRewritten ? notes : session.notes,
    };
  },
};
