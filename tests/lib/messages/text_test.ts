import assert from "node:assert/strict";
import fc from "fast-check";
import { SendMessageBody } from "@/lib/messages/requests.ts";
import { isVisible, TEXT_MAX, tidyText } from "@/lib/messages/text.ts";

Deno.test("line breaks of forms become one character, controls go, blanks around go", () => {
  assert.equal(tidyText(" a\r\nb\rc\n "), "a\nb\nc");
  assert.equal(tidyText("\x00a\x07\tb\x0b\x1b[31m\x7f\x85"), "a\tb[31m");
});

Deno.test("tidying twice is tidying once", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(tidyText(tidyText(text)), tidyText(text));
  }));
});

Deno.test("what cannot be seen is no message", () => {
  for (const text of ["", " \n", "\u200b\u200d", "\u202e"]) {
    assert(!isVisible(text), JSON.stringify(text));
  }
  for (const text of ["a", "7", "?", "👍", "är", "患者", "❤️"]) {
    assert(isVisible(text), text);
  }
});

Deno.test("a body holds 1 to 2000 characters of well-formed text, and nothing else", () => {
  const says = (body: unknown) => {
    const parsed = SendMessageBody.safeParse(body);
    return parsed.success ? parsed.data.text : parsed.error.issues[0]!.message;
  };
  assert.equal(says({ text: " Hello " }), "Hello");
  assert.equal(says({ text: "x".repeat(TEXT_MAX) }).length, TEXT_MAX);
  assert.match(says({ text: "x".repeat(TEXT_MAX + 1) }), /longer than 2000/);
  assert.match(says({ text: " \r\n " }), /is empty/);
  assert.match(says({ text: "a\ud800" }), /well-formed/);
  assert.match(says({}), /is missing/);
  assert.match(says({ text: 7 }), /is missing/);
  assert.match(says({ text: "a", from: "somebody else" }), /[Uu]nrecognized/);
});
