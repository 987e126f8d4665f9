import { deepEqual, equal } from "node:assert/strict";
import { USUAL_LANGUAGES, USUAL_SPECIALTIES } from "@/lib/calls/skills.ts";
import {
  doctorWords,
  languageName,
  named,
  specialtyName,
} from "@/lib/ui/skill_words.ts";
import { tickedIn } from "@/lib/ui/ticked.ts";

Deno.test("languages and specialties have names", () => {
  equal(languageName("es"), "Spanish");
  equal(languageName("pt-BR"), "Brazilian Portuguese");
  equal(specialtyName("general-practice"), "General practice");
  equal(specialtyName("ear-nose-and-throat"), "Ear nose and throat");
  for (const tag of USUAL_LANGUAGES) equal(languageName(tag) === tag, false);
  equal(
    new Set(USUAL_LANGUAGES.map(languageName)).size,
    USUAL_LANGUAGES.length,
  );
  for (const one of USUAL_SPECIALTIES) {
    equal(/^[A-Z][a-z ]+$/.test(specialtyName(one)), true, one);
  }
});

Deno.test("names stand by the alphabet", () => {
  deepEqual(named(["es", "ar", "de"], languageName), [
    { value: "ar", name: "Arabic" },
    { value: "de", name: "German" },
    { value: "es", name: "Spanish" },
  ]);
});

Deno.test("whom a request asks for is said in words", () => {
  const words = (specialty: string | null, language: string | null) =>
    doctorWords({ specialty, language });
  equal(words(null, null), "doctor");
  equal(words("dermatology", null), "doctor for dermatology");
  equal(words(null, "es"), "doctor who speaks Spanish");
  equal(
    words("general-practice", "es"),
    "doctor for general practice who speaks Spanish",
  );
});

Deno.test("ticked boxes are told by their kind", () => {
  const fields = {
    "language.es": "on",
    "language.pt-BR": "on",
    "specialty.dermatology": "on",
    "languages": "on",
  };
  deepEqual(tickedIn(fields, "language"), ["es", "pt-BR"]);
  deepEqual(tickedIn(fields, "specialty"), ["dermatology"]);
  deepEqual(tickedIn({}, "language"), []);
});
