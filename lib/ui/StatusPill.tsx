import type { SessionStatus } from "@/lib/sessions/session.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";
import type { VisitStatus } from "@/lib/visits/visit.ts";

/** How a status looks: its tone, its icon, its word. */
const PILLS: Record<
  SessionStatus | VisitStatus,
  [tone: string, icon: IconName, word: string]
> = {
  SCHEDULED: ["st-plan", "calendar-clock", "Scheduled"],
  IN_PROGRESS: ["st-live", "radio", "In progress"],
  COMPLETED: ["st-done", "circle-check", "Completed"],
  CANCELLED: ["st-off", "ban", "Cancelled"],
  FAILED: ["st-fail", "triangle-alert", "Failed"],
  OPEN: ["st-open", "door-open", "Open"],
  CLOSED: ["st-done", "lock", "Closed"],
};

/** The word for a status, the same everywhere. */
export function statusWord(status: SessionStatus | VisitStatus): string {
  return PILLS[status][2];
}

/** The status of a session or a visit: icon, word and tone, never tone alone. */
export function StatusPill(
  { status }: { status: SessionStatus | VisitStatus },
) {
  const [tone, icon, word] = PILLS[status];
  return (
    <span class={`st ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
