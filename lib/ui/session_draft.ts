import type { FieldError } from "@/lib/errors.ts";
import type { SessionDraft } from "@/lib/ui/CreateSessionForm.tsx";
import { localInputValue } from "@/lib/ui/local_input.ts";

const QUARTER_MS = 15 * 60_000;

/** An empty form: the next quarter of an hour, and nothing asked for. */
export function emptyDraft(now: Date, timeZone: string): SessionDraft {
  const soon = new Date(Math.ceil(now.getTime() / QUARTER_MS) * QUARTER_MS);
  return {
    scheduledStart: localInputValue(soon, timeZone),
    recordingEnabled: false,
    voiceOnly: false,
    notes: "",
    errors: {},
  };
}

/** The form as it was sent. Boxes that are not ticked are not sent at all. */
export function sentDraft(
  fields: Readonly<Record<string, string>>,
): SessionDraft {
  return {
    scheduledStart: fields.scheduled_start ?? "",
    recordingEnabled: fields.recording_enabled !== undefined,
    voiceOnly: fields.voice_only !== undefined,
    notes: fields.notes ?? "",
    errors: {},
  };
}

/** The form with what is wrong with it, as the API names the fields. */
export function refusedDraft(
  draft: SessionDraft,
  refused: readonly FieldError[],
): SessionDraft {
  const errors: SessionDraft["errors"] = {};
  for (const { field, message } of refused) {
    if (field === "scheduled_start") {
      errors.scheduledStart = `This time ${message}.`;
    }
    if (field === "notes") errors.notes = `This text ${message}.`;
  }
  return { ...draft, errors };
}
