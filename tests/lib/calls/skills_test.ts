import { deepEqual, equal } from "node:assert/strict";
import { answerable } from "@/lib/calls/answerable.ts";
import { AvailabilityBody, RequestCallBody } from "@/lib/calls/requests.ts";
import {
  canonicalLanguage,
  SKILLS_MAX,
  USUAL_LANGUAGES,
  USUAL_SPECIALTIES,
} from "@/lib/calls/skills.ts";
import { onDuty } from "../../support/fixtures.ts";

Deno.test("a language is written in one way, whoever writes it", () => {
  deepEqual(["es", "ES", "pt-br", "zh-hant-tw"].map(canonicalLanguage), [
    "es",
    "es",
    "pt-BR",
    "zh-Hant-TW",
  ]);
  const asked = RequestCallBody.parse({ mode: "voice", language: "pt-br" });
  const said = AvailabilityBody.parse({
    available: true,
    languages: ["PT-br"],
  });
  deepEqual([asked.language], said.languages);
});

Deno.test("what is no language tag is refused, also where it looks like one", () => {
  // Two regions: no name could be shown for it.
  for (const language of ["", "e", "Spanish", "es_MX", "en-ab-cd"]) {
    const { success } = RequestCallBody.safeParse({ mode: "voice", language });
    equal(success, false, language);
  }
});

Deno.test("everything that can be ticked can be saved at once", () => {
  const all = AvailabilityBody.parse({
    available: true,
    languages: [...USUAL_LANGUAGES],
    specialties: [...USUAL_SPECIALTIES],
  });
  deepEqual(all.languages, USUAL_LANGUAGES);
  deepEqual(all.specialties, USUAL_SPECIALTIES);
  equal(USUAL_LANGUAGES.length < SKILLS_MAX, true);
});

Deno.test("what can be asked for is what some doctor has, and whether one is there for it", () => {
  const here = onDuty({
    specialties: ["dermatology"],
    languages: ["en", "es"],
  });
  const away = onDuty({ id: "doctor-9", isHere: false, languages: ["fr"] });
  const known = [here, away, { specialties: [], languages: ["en-GB", "de"] }];
  deepEqual(answerable(known, [here, away]), {
    languages: [
      { value: "en", isServed: true },
      { value: "es", isServed: true },
      { value: "fr", isServed: false },
      // Who speaks English suits whoever asks for that of a country.
      { value: "en-GB", isServed: true },
      { value: "de", isServed: false },
    ],
    specialties: [{ value: "dermatology", isServed: true }],
  });
  deepEqual(answerable([], []), { languages: [], specialties: [] });
});
