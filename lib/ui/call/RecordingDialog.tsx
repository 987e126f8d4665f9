import { useSignal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import { calledName, type Me, seatOf } from "@/lib/call/people.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import { Dialog } from "@/lib/ui/call/Dialog.tsx";
import { DialogButtons } from "@/lib/ui/call/DialogButtons.tsx";
import { DialogFailure } from "@/lib/ui/call/DialogFailure.tsx";
import { RecordingAnswers } from "@/lib/ui/call/RecordingAnswers.tsx";

/** What `RecordingDialog` takes. */
export interface RecordingDialogProps {
  call: Call;
  me: Me;
  onClose(): void;
}

/** During the call: stop the recording that one has allowed, or allow it after all. */
export default function RecordingDialog(props: RecordingDialogProps) {
  const { call, me, onClose } = props;
  const session = call.session.value;
  const granted = session.recording.consents[seatOf(session, me)]?.granted;
  // What one came for stays, whatever the answer changes meanwhile.
  const stops = useSignal(granted === true).value;
  return (
    <Dialog labelledBy="recording-dialog-title" onClose={onClose}>
      {stops ? <Stop {...props} /> : (
        <>
          <RecordingAnswers
            call={call}
            me={me}
            titleId="recording-dialog-title"
            onAnswered={onClose}
          />
          <button
            type="button"
            class="txt-tap mt-3"
            data-focus
            onClick={onClose}
          >
            Back to the call
          </button>
        </>
      )}
    </Dialog>
  );
}

/** Asks before stopping; the safe answer has the focus. */
function Stop({ call, me, onClose }: RecordingDialogProps) {
  const session = call.session.value;
  const { active } = session.recording;
  const tried = useSignal(false);
  const doctor = me.identity === session.doctor.id
    ? "you delete"
    : `${calledName(session, session.doctor)} deletes`;

  async function stop(): Promise<void> {
    tried.value = true;
    if (await call.consent(false, CONSENT_VERSION)) onClose();
  }

  return (
    <>
      <h2 id="recording-dialog-title" class="text-2xl">
        {active ? "Stop recording?" : "Don't record after all?"}
      </h2>
      <p class="mt-2 text-lg">
        {active
          ? `It stops for both of you. What was recorded until now stays until ${doctor} it.`
          : "Nothing has been recorded yet, and nothing will be."}
      </p>
      <p class="mt-3 text-muted">The session goes on as before.</p>
      <DialogFailure call={call} tried={tried.value} />
      <DialogButtons
        keep={active ? "Keep recording" : "Keep my answer"}
        act={call.busy.value
          ? "Stopping…"
          : active
          ? "Stop recording"
          : "Don't record"}
        busy={call.busy.value}
        onKeep={onClose}
        onAct={() => void stop()}
      />
    </>
  );
}
