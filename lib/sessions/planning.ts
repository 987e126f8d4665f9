import type { Handlers } from "@/lib/sessions/events.ts";
import { requireSensibleStart } from "@/lib/sessions/plan.ts";
import { requireStatus } from "@/lib/sessions/refusals.ts";

/** What changing the plan makes of a session. */
export const PLANNING: Handlers<"rescheduled" | "notes_edited"> = {
  rescheduled(session, { scheduledStart }, { now }) {
    requireStatus(session, "reschedule", "SCHEDULED");
    if (session.scheduledStart === scheduledStart) return null;
    requireSensibleStart(new Date(scheduledStart), now);
    return { ...session, scheduledStart };
  },

  notes_edited(session, { notes }) {
    requireStatus(
      session,
      "edit the notes of",
      "SCHEDULED",
      "IN_PROGRESS",
      "COMPLETED",
    );
    return session.notes === notes ? null : { ...session, notes };
  },
};
