import { deepEqual, equal } from "node:assert/strict";
import { RequestCallBody } from "@/lib/calls/requests.ts";
import {
  EMPTY_CALL_DRAFT,
  refusedCallDraft,
  saysMore,
  sentCallDraft,
  wishOf,
} from "@/lib/ui/call_draft.ts";

Deno.test("a form that says nothing asks for any doctor, without hurry", () => {
  deepEqual(sentCallDraft({}), EMPTY_CALL_DRAFT);
  deepEqual(RequestCallBody.parse(wishOf(EMPTY_CALL_DRAFT, "voice")), {
    mode: "voice",
    reason: "",
    urgency: "routine",
    specialty: null,
    language: null,
  });
  equal(saysMore(EMPTY_CALL_DRAFT), false);
});

Deno.test("a form that says everything asks for it", () => {
  const draft = sentCallDraft({
    reason: "Rash",
    language: "es",
    specialty: "dermatology",
    urgent: "on",
  });
  deepEqual(RequestCallBody.parse(wishOf(draft, "video")), {
    mode: "video",
    reason: "Rash",
    urgency: "urgent",
    specialty: "dermatology",
    language: "es",
  });
  equal(saysMore(draft), true);
});

Deno.test("what is wrong stands at its field, and what was typed stays", () => {
  const draft = sentCallDraft({ reason: "Rash", language: "?" });
  const refused = refusedCallDraft(draft, [
    { field: "reason", message: "has more than 300 characters" },
    { field: "language", message: "is not a language tag" },
    { field: "mode", message: "Invalid option" },
    { field: "else", message: "is unknown" },
  ]);
  deepEqual(refused, {
    ...draft,
    errors: {
      reason: "This text has more than 300 characters.",
      language: "This is not a language tag.",
      mode: "Choose a video call or a voice call.",
    },
  });
  equal(
    saysMore(refusedCallDraft(EMPTY_CALL_DRAFT, [
      { field: "specialty", message: "is no name" },
    ])),
    true,
  );
});
