import { useSignal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import { calledName, type Me, seatOf } from "@/lib/call/people.ts";
import { consentText } from "@/lib/recordings/consent_text.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import { DialogFailure } from "@/lib/ui/call/DialogFailure.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What `RecordingAnswers` takes. */
export interface RecordingAnswersProps {
  call: Call;
  me: Me;
  /** The id of the title, for what it labels. */
  titleId: string;
  /** An answer was given, and the server has it. */
  onAnswered(): void;
}

/** The question whether to record, in full, and the two answers: side by side, because either is fine. */
export function RecordingAnswers(
  { call, me, titleId, onAnswered }: RecordingAnswersProps,
) {
  const session = call.session.value;
  const tried = useSignal(false);
  const { title, sentences } = consentText({
    seat: seatOf(session, me),
    doctor: calledName(session, session.doctor),
    patient: calledName(session, session.patient),
    voiceOnly: session.voice_only,
  });

  async function answer(granted: boolean): Promise<void> {
    tried.value = true;
    if (await call.consent(granted, CONSENT_VERSION)) onAnswered();
  }

  const button = (granted: boolean, words: string) => (
    <button
      type="button"
      class="btn btn-quiet btn-lg grow"
      aria-disabled={call.busy.value ? "true" : undefined}
      onClick={() => void answer(granted)}
    >
      <Icon name={granted ? "circle-dot" : "ban"} />
      {words}
    </button>
  );
  return (
    <>
      <h2 id={titleId}>{title}</h2>
      <ul class="mt-2 grid gap-2">
        {sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
      <DialogFailure call={call} tried={tried.value} />
      <div class="mt-5 flex flex-wrap gap-3">
        {button(true, "Allow recording")}
        {button(false, "Don't record")}
      </div>
    </>
  );
}
