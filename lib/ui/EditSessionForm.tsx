import type { SessionDraft } from "@/lib/ui/CreateSessionForm.tsx";
import { NotesField, StartField } from "@/lib/ui/session_fields.tsx";

/** What `EditSessionForm` takes. */
export interface EditSessionFormProps {
  draft: Pick<SessionDraft, "scheduledStart" | "notes" | "errors">;
  /** Whether the planned time can still be changed. */
  movable: boolean;
  timeZone: string;
  /** Where one comes from, and goes back to. */
  backHref: string;
}

/** The form that changes a session's time and notes. It needs no script. */
export function EditSessionForm(
  { draft, movable, timeZone, backHref }: EditSessionFormProps,
) {
  return (
    <form class="sheet grid gap-4 p-5 sm:p-6" method="post">
      {movable && <StartField draft={draft} timeZone={timeZone} />}
      <NotesField draft={draft} rows={8} />
      <div class="flex flex-wrap gap-3">
        <button type="submit" class="btn btn-primary">Save</button>
        <a class="btn btn-quiet" href={backHref}>Leave it as it is</a>
      </div>
    </form>
  );
}
