import type { SessionDraft } from "@/lib/ui/CreateSessionForm.tsx";
import { Field } from "@/lib/ui/Field.tsx";

/** The field **Scheduled Start Time**, in the reader's zone. */
export function StartField(
  { draft, timeZone }: {
    draft: Pick<SessionDraft, "scheduledStart" | "errors">;
    timeZone: string;
  },
) {
  return (
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
  );
}

/** The field **Notes**. */
export function NotesField(
  { draft, rows }: {
    draft: Pick<SessionDraft, "notes" | "errors">;
    rows: number;
  },
) {
  return (
    <Field
      name="notes"
      label="Notes"
      hint="Only you see these."
      error={draft.errors.notes}
    >
      {(control) => (
        <textarea {...control} class="textarea" rows={rows}>
          {draft.notes}
        </textarea>
      )}
    </Field>
  );
}
