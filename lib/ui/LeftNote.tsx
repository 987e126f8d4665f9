import type { SessionView } from "@/lib/sessions/view.ts";
import { Note } from "@/lib/ui/Note.tsx";

/** What became of the session one has just left. */
export function LeftNote(
  { session: { actions, doctor } }: { session: SessionView },
) {
  const goesOn = actions.includes("join");
  return (
    <Note
      tone={goesOn ? "live" : "calm"}
      icon="door-open"
      role="status"
      class="mt-5"
    >
      <strong>You left. The visit is {goesOn ? "still open" : "over"}.</strong>
      {goesOn && ` Until ${doctor.name} ends it, Join Session takes you back.`}
    </Note>
  );
}
