import { Check } from "@/lib/ui/Field.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { NotesField, StartField } from "@/lib/ui/session_fields.tsx";

/** What the form holds: as it was sent, so that nothing has to be typed twice. */
export interface SessionDraft {
  /** A local date and time, as a `datetime-local` field writes it. */
  scheduledStart: string;
  recordingEnabled: boolean;
  voiceOnly: boolean;
  notes: string;
  /** What is wrong, by field. */
  errors: { scheduledStart?: string; notes?: string };
}

/** What `CreateSessionForm` takes. */
export interface CreateSessionFormProps {
  draft: SessionDraft;
  /** The patient's first name. */
  patient: string;
  timeZone: string;
  /** The page itself, without the form. */
  closeHref: string;
  /** New for every form: sent twice, it creates one session. */
  idempotencyKey: string;
}

/** The form that plans a session. It needs no script. */
export function CreateSessionForm(props: CreateSessionFormProps) {
  const { draft, patient, timeZone, closeHref, idempotencyKey } = props;
  return (
    <section class="sheet p-5 sm:p-6 lg:order-last" aria-labelledby="create">
      <div class="flex items-center justify-between gap-3">
        <h2 id="create">New session</h2>
        <a
          class="btn btn-ghost btn-square"
          href={closeHref}
          aria-label="Close the form"
        >
          <Icon name="x" />
        </a>
      </div>
      <form class="mt-4 grid gap-4" method="post" action={closeHref}>
        <input type="hidden" name="idempotency_key" value={idempotencyKey} />
        <StartField draft={draft} timeZone={timeZone} />
        <fieldset class="grid gap-1">
          <legend class="sr-only">Options</legend>
          <Check
            name="recording_enabled"
            label="Enable Recording"
            hint={`Off unless you choose it. ${patient} sees that recording is asked for.`}
            checked={draft.recordingEnabled}
          />
          <Check
            name="voice_only"
            label="Voice only"
            hint="No camera for either of you."
            checked={draft.voiceOnly}
          />
        </fieldset>
        <NotesField draft={draft} rows={3} />
        <button type="submit" class="btn btn-primary btn-block">
          Create Session
        </button>
      </form>
    </section>
  );
}
