import type { Skills } from "@/lib/calls/doctors.ts";
import { USUAL_LANGUAGES, USUAL_SPECIALTIES } from "@/lib/calls/skills.ts";
import { languageName, named, specialtyName } from "@/lib/ui/skill_words.ts";

/** What `SkillsForm` takes. */
export interface SkillsFormProps {
  /** What the doctor has said so far. */
  skills: Skills;
}

/** What a doctor can be asked for in particular. It needs no script. */
export function SkillsForm({ skills }: SkillsFormProps) {
  return (
    <form class="grid gap-8" method="post">
      <Boxes
        legend="Languages you hold calls in"
        kind="language"
        usual={USUAL_LANGUAGES}
        ticked={skills.languages}
        nameOf={languageName}
      />
      <Boxes
        legend="Kinds of doctor you are"
        kind="specialty"
        usual={USUAL_SPECIALTIES}
        ticked={skills.specialties}
        nameOf={specialtyName}
      />
      <p>
        <button type="submit" class="btn btn-primary w-full sm:w-auto">
          Save
        </button>
      </p>
    </form>
  );
}

/** One box for what is usual, and for what is ticked already. */
function Boxes({ legend, kind, usual, ticked, nameOf }: {
  legend: string;
  kind: string;
  usual: readonly string[];
  ticked: readonly string[];
  nameOf: (value: string) => string;
}) {
  const all = named([...new Set([...usual, ...ticked])], nameOf);
  return (
    <fieldset class="min-w-0">
      <legend class="text-lg font-semibold mb-2">{legend}</legend>
      <ul class="columns-[10.5rem] sm:columns-2 lg:columns-3 gap-x-4">
        {all.map(({ value, name }) => (
          <li key={value} class="break-inside-avoid">
            <label class="check items-center">
              <input
                class="checkbox"
                type="checkbox"
                name={`${kind}.${value}`}
                checked={ticked.includes(value)}
              />
              {name}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
