import type { Answerable } from "@/lib/calls/answerable.ts";
import type { CallView } from "@/lib/calls/view.ts";
import type { WaitRange } from "@/lib/calls/wait.ts";
import { EMPTY_CALL_DRAFT } from "@/lib/ui/call_draft.ts";
import { AskForm } from "@/lib/ui/calls/AskForm.tsx";
import { outlookWords, placeWords, waitWords } from "@/lib/ui/wait_words.ts";

/** What `AskForCall` takes. */
export interface AskForCallProps {
  /** The patient's call that goes on already, or null. */
  openCall: CallView | null;
  /** What to expect: how many doctors take calls, how long it takes, and what can be asked for besides. */
  outlook: { doctors: number; wait: WaitRange | null; answerable: Answerable };
}

/** A doctor now, by video or by voice. It needs no script. */
export function AskForCall({ openCall, outlook }: AskForCallProps) {
  return (
    <section aria-labelledby="ask" class="grid gap-3">
      <h2 id="ask">Speak to a doctor now</h2>
      {openCall !== null ? <Open call={openCall} /> : (
        <>
          <p class="text-muted -mt-1">{outlookWords(outlook)}</p>
          <AskForm
            draft={EMPTY_CALL_DRAFT}
            answerable={outlook.answerable}
          />
        </>
      )}
    </section>
  );
}

/** There is one already: the way back to it. */
function Open({ call }: { call: CallView }) {
  const { session } = call;
  return (
    <div class="sheet p-5">
      <p class="text-lg font-semibold">
        {session === null
          ? placeWords(call)
          : `${session.doctor.name} is there`}
      </p>
      <p class="mt-0.5 text-muted">
        {session === null ? waitWords(call) : "Your call is going on."}
      </p>
      <a
        class="btn btn-primary btn-block mt-4"
        href={session === null
          ? `/calls/${call.id}`
          : `/telemedicine/${session.id}`}
      >
        {session === null ? "Back to the line" : "Back to the call"}
      </a>
    </div>
  );
}
