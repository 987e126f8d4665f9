import type { CallView } from "@/lib/calls/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import {
  doctorWords,
  languageName,
  specialtyName,
} from "@/lib/ui/skill_words.ts";

/** What the patient has asked for besides a doctor. */
export function Wishes({ call }: { call: CallView }) {
  const { urgency, specialty, language } = call;
  const isUrgent = urgency === "urgent";
  if (!isUrgent && specialty === null && language === null) return null;
  return (
    <ul
      class="mt-3 flex flex-wrap gap-x-5 gap-y-1.5"
      aria-label="You asked for"
    >
      {isUrgent && (
        <li class="inline-flex items-center gap-2 text-wait-ink font-semibold">
          <Icon name="triangle-alert" class="size-4.5" />
          Urgent
        </li>
      )}
      {specialty !== null && (
        <li class="inline-flex items-center gap-2">
          <Icon name="stethoscope" class="size-4.5" />
          {specialtyName(specialty)}
        </li>
      )}
      {language !== null && (
        <li class="inline-flex items-center gap-2">
          <Icon name="languages" class="size-4.5" />
          {languageName(language)}
        </li>
      )}
    </ul>
  );
}

/** The way out where those who are asked for are few and take long: any other, at the same place. A form, so that it works by itself. */
export function Widen({ call }: { call: CallView }) {
  const { id, specialty, language } = call;
  // Whoever is served in a moment needs no way out.
  const isSoon = call.wait !== null && call.wait.to_minutes <= 1;
  if (isSoon || !call.actions.includes("widen")) return null;
  return (
    <form
      class="mt-4 flex flex-wrap gap-3"
      method="post"
      action={`/calls/${id}/widen`}
    >
      {specialty !== null && language !== null && (
        <button
          type="submit"
          class="btn btn-quiet w-full sm:w-auto"
          name="keep_language"
          value="yes"
        >
          {`Ask any ${doctorWords({ specialty: null, language })}`}
        </button>
      )}
      <button type="submit" class="btn btn-quiet w-full sm:w-auto">
        Ask any doctor
      </button>
    </form>
  );
}
