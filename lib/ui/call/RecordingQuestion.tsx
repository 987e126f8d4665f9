import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Call } from "@/lib/call/call_model.ts";
import { type Me, seatOf } from "@/lib/call/people.ts";
import { RecordingAnswers } from "@/lib/ui/call/RecordingAnswers.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Before the call: whether the session may be recorded, and the answer once it is given. */
export default function RecordingQuestion(
  { call, me }: { call: Call; me: Me },
) {
  const session = call.session.value;
  const answer = session.recording.consents[seatOf(session, me)];
  const changing = useSignal(false);
  const ref = useRef<HTMLElement>(null);
  const asking = call.asking.value;

  // Joining waits for this: go on reading here.
  useEffect(() => {
    if (asking) ref.current?.focus();
  }, [asking]);

  if (answer !== null && !changing.value) {
    return (
      <div class="sheet px-4 py-2 flex flex-wrap items-center justify-between gap-x-4">
        <p class="flex items-center gap-3" role="status">
          <Icon name={answer.granted ? "circle-dot" : "ban"} />
          {answer.granted
            ? "You allow recording."
            : "You said no to recording."}
        </p>
        <button
          type="button"
          class="txt-tap"
          onClick={() => changing.value = true}
        >
          Change <span class="sr-only">your answer about recording</span>
        </button>
      </div>
    );
  }
  return (
    <section
      ref={ref}
      tabIndex={-1}
      class="sheet p-5 outline-none!"
      aria-labelledby="recording-title"
    >
      {asking && (
        <p class="note note-wait mb-4" role="alert">
          <Icon name="circle-alert" />
          Please answer first. Then you join.
        </p>
      )}
      <RecordingAnswers
        call={call}
        me={me}
        titleId="recording-title"
        onAnswered={() => changing.value = false}
      />
    </section>
  );
}
