import type { FieldError } from "@/lib/errors.ts";

/** What the form that asks for a call holds: as it was sent, so that nothing has to be typed twice. */
export interface CallDraft {
  reason: string;
  /** A language tag; empty for any. */
  language: string;
  /** Empty for any. */
  specialty: string;
  urgent: boolean;
  /** What is wrong, by field. */
  errors: {
    reason?: string;
    language?: string;
    specialty?: string;
    mode?: string;
  };
}

/** The form before anything is said. */
export const EMPTY_CALL_DRAFT: CallDraft = {
  reason: "",
  language: "",
  specialty: "",
  urgent: false,
  errors: {},
};

/** The form as it was sent. A box that is not ticked is not sent at all. */
export function sentCallDraft(
  fields: Readonly<Record<string, string>>,
): CallDraft {
  return {
    reason: fields.reason ?? "",
    language: fields.language ?? "",
    specialty: fields.specialty ?? "",
    urgent: fields.urgent !== undefined,
    errors: {},
  };
}

/** What the form asks for, as the API names it; not checked yet. */
export function wishOf(
  { reason, language, specialty, urgent }: CallDraft,
  mode: string | undefined,
): Record<string, unknown> {
  return {
    mode,
    reason,
    urgency: urgent ? "urgent" : "routine",
    language: language === "" ? null : language,
    specialty: specialty === "" ? null : specialty,
  };
}

/** The form with what is wrong with it, as the API names the fields. */
export function refusedCallDraft(
  draft: CallDraft,
  refused: readonly FieldError[],
): CallDraft {
  const errors: CallDraft["errors"] = {};
  for (const { field, message } of refused) {
    if (field === "reason") errors.reason = `This text ${message}.`;
    if (field === "language") errors.language = `This ${message}.`;
    if (field === "specialty") errors.specialty = `This ${message}.`;
    if (field === "mode") errors.mode = "Choose a video call or a voice call.";
  }
  return { ...draft, errors };
}

/** Whether anything is said beyond the reason. */
export function saysMore(
  { language, specialty, urgent, errors }: CallDraft,
): boolean {
  return urgent || language !== "" || specialty !== "" ||
    errors.language !== undefined || errors.specialty !== undefined;
}
