import type { CallView } from "@/lib/calls/view.ts";

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

/** What a language is called, by its tag: "es" is Spanish. */
export function languageName(tag: string): string {
  return LANGUAGES.of(tag) ?? tag;
}

/** What a specialty is called: "general-practice" is General practice. */
export function specialtyName(specialty: string): string {
  const words = specialtyWords(specialty);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The same within a sentence. */
function specialtyWords(specialty: string): string {
  return specialty.replaceAll("-", " ");
}

/** Values with their names, as people look for them: by the alphabet. */
export function named(
  values: readonly string[],
  nameOf: (value: string) => string,
): { value: string; name: string }[] {
  return values.map((value) => ({ value, name: nameOf(value) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

/** Whom a request asks for: "doctor for dermatology who speaks Spanish"; "doctor" for any. */
export function doctorWords(
  { specialty, language }: Pick<CallView, "specialty" | "language">,
): string {
  const field = specialty === null ? "" : ` for ${specialtyWords(specialty)}`;
  const speech = language === null
    ? ""
    : ` who speaks ${languageName(language)}`;
  return `doctor${field}${speech}`;
}
