import { useSignal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import { callProblem } from "@/lib/call/call_problem.ts";
import { calledName } from "@/lib/call/people.ts";
import { Dialog } from "@/lib/ui/call/Dialog.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Asks before ending it for everyone; the safe answer has the focus. */
export default function EndDialog(
  { call, onClose }: { call: Call; onClose: () => void },
) {
  const session = call.session.value;
  const tried = useSignal(false);
  const failure = tried.value ? call.failure.value : null;
  return (
    <Dialog labelledBy="end-title" onClose={onClose}>
      <h2 id="end-title" class="text-2xl">End the visit for everyone?</h2>
      <p class="mt-2 text-lg">
        {calledName(session, session.patient)}{" "}
        will be disconnected and the session becomes Completed. This cannot be
        undone.
      </p>
      <p class="mt-3 text-muted">
        Only stepping out? Leave Call keeps the session open.
      </p>
      {failure !== null && (
        <p class="note note-fail mt-4" role="alert">
          <Icon name="triangle-alert" />
          {callProblem(failure).cause}
        </p>
      )}
      <div class="mt-7 grid gap-3 sm:grid-cols-2">
        <button
          type="button"
          class="btn btn-quiet btn-lg"
          data-focus
          onClick={onClose}
        >
          Keep talking
        </button>
        <button
          type="button"
          class="btn btn-error btn-lg"
          aria-disabled={call.busy.value ? "true" : undefined}
          onClick={() => {
            tried.value = true;
            void call.end();
          }}
        >
          <Icon name="circle-stop" />
          {call.busy.value ? "Ending…" : "End Session"}
        </button>
      </div>
    </Dialog>
  );
}
