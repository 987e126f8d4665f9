import type { Answerable, SkillOption } from "@/lib/calls/answerable.ts";
import { HEAD_START_MS } from "@/lib/calls/matcher.ts";
import { type CallDraft, saysMore } from "@/lib/ui/call_draft.ts";
import { Check, Field } from "@/lib/ui/Field.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";
import { Note } from "@/lib/ui/Note.tsx";
import { languageName, named, specialtyName } from "@/lib/ui/skill_words.ts";
import { REASON_MAX } from "@/lib/visits/requests.ts";

/** What `AskForm` takes. */
export interface AskFormProps {
  draft: CallDraft;
  /** What can be asked for besides. */
  answerable: Answerable;
}

/**
 * Asks for any doctor, by video or by voice. It needs no script, and no key:
 * sent twice it asks once, because a patient has one request at a time; sent
 * again after that one was taken back, it asks anew.
 */
export function AskForm({ draft, answerable }: AskFormProps) {
  const { errors } = draft;
  return (
    <form class="grid gap-3" method="post" action="/calls">
      {errors.mode !== undefined && (
        <Note tone="fail" icon="circle-alert" role="alert">
          {errors.mode}
        </Note>
      )}
      <Field
        name="reason"
        label={
          <>
            What is it about?{" "}
            <span class="font-normal text-muted">If you like to say</span>
          </>
        }
        error={errors.reason}
      >
        {(control) => (
          <input
            {...control}
            class="input w-full"
            maxLength={REASON_MAX}
            autocomplete="off"
            value={draft.reason}
            autofocus={errors.reason !== undefined}
          />
        )}
      </Field>
      <More draft={draft} answerable={answerable} />
      <Choice
        mode="video"
        icon="video"
        name="Video call a doc"
        more="For something you can show"
      />
      <Choice
        mode="voice"
        icon="phone"
        name="Voice call a doc"
        more="No camera, works on a weak line"
      />
    </form>
  );
}

/** What most people have no need to say: closed until it is asked for. */
function More({ draft, answerable }: AskFormProps) {
  const { errors } = draft;
  const { languages, specialties } = answerable;
  const parts = [
    ...(languages.length > 0 ? ["language"] : []),
    ...(specialties.length > 0 ? ["kind of doctor"] : []),
    "urgency",
  ].join(", ");
  return (
    <details open={saysMore(draft)}>
      <summary class="min-h-11 py-2.5 font-semibold cursor-pointer">
        More about the call: <span class="font-normal text-muted">{parts}</span>
      </summary>
      <div class="grid gap-4 pt-1 pb-3">
        <SkillSelect
          name="language"
          label="Language"
          any="Any language"
          value={draft.language}
          options={languages}
          nameOf={languageName}
          error={errors.language}
        />
        <SkillSelect
          name="specialty"
          label="Kind of doctor"
          any="Any doctor"
          value={draft.specialty}
          options={specialties}
          nameOf={specialtyName}
          error={errors.specialty}
        />
        <Check
          name="urgent"
          label="It cannot wait"
          hint={`It is getting worse quickly. You go before those who came up to ${
            HEAD_START_MS / 60_000
          } minutes earlier. In an emergency, call your local emergency number instead.`}
          checked={draft.urgent}
        />
      </div>
    </details>
  );
}

/** A choice of what some doctor answers to; left out where there is none. */
function SkillSelect({ name, label, any, value, options, nameOf, error }: {
  name: string;
  label: string;
  /** What is chosen unless something else is. */
  any: string;
  value: string;
  options: readonly SkillOption[];
  nameOf: (value: string) => string;
  error: string | undefined;
}) {
  // What was sent stays, also where nobody answers to it any more.
  const isGone = value !== "" && error === undefined &&
    !options.some((one) => one.value === value);
  const all = isGone ? [...options, { value, isServed: false }] : options;
  if (all.length === 0) return null;
  const served = new Set(
    all.filter(({ isServed }) => isServed).map((one) => one.value),
  );
  return (
    <Field name={name} label={label} error={error}>
      {(control) => (
        <select {...control} class="select">
          <option value="">{any}</option>
          {named(all.map((one) => one.value), nameOf).map((one) => (
            <option
              key={one.value}
              value={one.value}
              selected={one.value === value}
            >
              {served.has(one.value)
                ? one.name
                : `${one.name} (nobody right now)`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Choice({ mode, icon, name, more }: {
  mode: string;
  icon: IconName;
  name: string;
  more: string;
}) {
  return (
    <div class="tile">
      <span class="tile-ico">
        <Icon name={icon} />
      </span>
      <div>
        <button
          type="submit"
          name="mode"
          value={mode}
          class="tile-act"
          aria-describedby={`${mode}-more`}
        >
          {name}
        </button>
        <span class="text-muted" id={`${mode}-more`}>{more}</span>
      </div>
    </div>
  );
}
