import { Check, Field } from "@/lib/ui/Field.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

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
        <Field
          name="scheduled_start"
          label="Scheduled Start Time"
          hint={
            <>
              Your time zone:{" "}
              <bdi>{timeZone}</bdi>. The patient sees the time in their own.
            </>
          }
          error={draft.errors.scheduledStart}
        >
          {(control) => (
            <input
              {...control}
              class="input"
              type="datetime-local"
              value={draft.scheduledStart}
              autofocus={draft.errors.scheduledStart !== undefined}
              required
            />
          )}
        </Field>
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
        <Field
          name="notes"
          label="Notes"
          hint="Only you see these."
          error={draft.errors.notes}
        >
          {(control) => (
            <textarea {...control} class="textarea" rows={3}>
              {draft.notes}
            </textarea>
          )}
        </Field>
        <button type="submit" class="btn btn-primary btn-block">
          Create Session
        </button>
      </form>
    </section>
  );
}
