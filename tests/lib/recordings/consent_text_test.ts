import assert from "node:assert/strict";
import { consentText } from "@/lib/recordings/consent_text.ts";
import {
  CONSENT_VERSION,
  CONSENT_VERSIONS,
} from "@/lib/recordings/consent_version.ts";
import { SEATS } from "@/lib/sessions/session.ts";

Deno.test("S3.6 the consent text says who, what for, who sees it, that no changes nothing, and that one may change one's mind", () => {
  assert(CONSENT_VERSIONS.includes(CONSENT_VERSION));
  for (const seat of SEATS) {
    for (const voiceOnly of [true, false]) {
      const { title, sentences } = consentText({
        seat,
        doctor: "Dr Meera Rao",
        patient: "Asha",
        voiceOnly,
      });
      const text = sentences.join(" ");
      assert.match(title, /recorded\?$/);
      const wanted = [
        seat === "doctor" ? /You asked for a recording/ : /Dr Meera Rao asks/,
        /record, so that/,
        /Only you and .* can play it/,
        /deletes? it/,
        /no.*takes place all the same, unrecorded/,
        /at any time/,
        voiceOnly ? /the sound of both/ : /the picture and sound of both/,
      ];
      for (const words of wanted) assert.match(text, words);
    }
  }
});
