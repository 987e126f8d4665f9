/**
 * Specialties that doctors can tick, as requests name them, after the practice
 * settings that FHIR suggests (SNOMED CT,
 * http://hl7.org/fhir/ValueSet/c80-practice-codes). Others can be set by the API.
 */
export const USUAL_SPECIALTIES = [
  "general-practice",
  "cardiology",
  "dermatology",
  "ear-nose-and-throat",
  "endocrinology",
  "gastroenterology",
  "geriatric-medicine",
  "gynecology",
  "internal-medicine",
  "neurology",
  "ophthalmology",
  "orthopedics",
  "pediatrics",
  "psychiatry",
  "pulmonary-medicine",
  "rheumatology",
  "urology",
] as const;

/** Languages that doctors can tick, as tags (BCP 47): those that most people speak. Others can be set by the API. */
export const USUAL_LANGUAGES = [
  "ar",
  "bn",
  "de",
  "en",
  "es",
  "fa",
  "fr",
  "hi",
  "id",
  "it",
  "ja",
  "ko",
  "nl",
  "pa",
  "pl",
  "pt",
  "ru",
  "sw",
  "ta",
  "tr",
  "uk",
  "ur",
  "vi",
  "zh",
] as const;

/** How many languages, and how many specialties, one doctor can have. */
export const SKILLS_MAX = 50;

/**
 * A language tag as it is usually written, e.g. "pt-BR"; null if the text is
 * none. Whole names, e.g. "spanish", have the form of one and mean nothing.
 */
export function canonicalLanguage(text: string): string | null {
  if (!/^[a-z]{2,3}(-|$)/i.test(text)) return null;
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    return null;
  }
}
