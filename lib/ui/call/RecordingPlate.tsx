import type { Me } from "@/lib/call/people.ts";
import { recordingWord } from "@/lib/call/recording_word.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Whether the session is being recorded, or why not; in sight all through the call, and said aloud when it changes. */
export default function RecordingPlate(
  { session, me }: { session: SessionView; me: Me },
) {
  const words = recordingWord(session, me);
  if (words === null) return null;
  return (
    <p
      class={`plate ${session.recording.active ? "rec" : ""}`}
      role="status"
    >
      <Icon name="circle-dot" class="size-4.5" />
      {words}
    </p>
  );
}
