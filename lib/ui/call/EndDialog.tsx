import { useSignal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import { calledName } from "@/lib/call/people.ts";
import { Dialog } from "@/lib/ui/call/Dialog.tsx";
import { DialogButtons } from "@/lib/ui/call/DialogButtons.tsx";
import { DialogFailure } from "@/lib/ui/call/DialogFailure.tsx";

/** Asks before ending it for everyone; the safe answer has the focus. */
export default function EndDialog(
  { call, onClose }: { call: Call; onClose: () => void },
) {
  const session = call.session.value;
  const tried = useSignal(false);
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
      <DialogFailure call={call} tried={tried.value} />
      <DialogButtons
        keep="Keep talking"
        act={call.busy.value ? "Ending…" : "End Session"}
        busy={call.busy.value}
        onKeep={onClose}
        onAct={() => {
          tried.value = true;
          void call.end();
        }}
      />
    </Dialog>
  );
}
