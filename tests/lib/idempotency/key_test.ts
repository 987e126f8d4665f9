import fc from "fast-check";
import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { parseKey, requestHash, rowKey } from "@/lib/idempotency/key.ts";

/** 1 to 255 visible ASCII characters. */
const anyKey = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) =>
    String.fromCharCode(code)
  ),
  minLength: 1,
  maxLength: 255,
});

const anyRequest = fc.record({
  method: fc.constantFrom("POST", "PATCH"),
  path: fc.webPath().map((path) => `/api${path}`),
  body: fc.uint8Array(),
});

Deno.test("a key is what is between the quotes, or all of it", () => {
  fc.assert(fc.property(anyKey, (key) => {
    const quoted = `"${key.replaceAll(/["\\]/g, "\\$&")}"`;
    equal(parseKey(quoted), key);
    equal(parseKey(key), key.startsWith('"') ? parseKey(key) : key);
  }));
});

const malformed = [
  "",
  '""',
  "two words",
  "a, b",
  '"a" "b"',
  '"open',
  '"a"b"',
  '"a";p=1',
  "schlüssel",
  "tab\tin",
  "x".repeat(256),
];
for (const header of malformed) {
  Deno.test(`no key: ${header.slice(0, 20) || "nothing"}`, () => {
    equal(parseKey(header), null);
  });
}

Deno.test("whatever comes in, a key fits and is visible", () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => {
    const key = parseKey(header);
    if (key !== null) match(key, /^[!-~]{1,255}$/);
  }));
});

Deno.test("two requests have one hash only if they are the same, and only under the same key", () => {
  fc.assert(
    fc.property(anyKey, anyKey, anyRequest, anyRequest, (a, b, one, other) => {
      equal(requestHash(a, one), requestHash(a, { ...one }));
      const same = JSON.stringify(one) === JSON.stringify(other);
      equal(requestHash(a, one) === requestHash(a, other), same);
      equal(requestHash(a, one) === requestHash(b, one), a === b);
    }),
  );
});

Deno.test("keys of two people never meet, and are not stored as they are", () => {
  const [mine, yours] = [rowKey("me", "secret"), rowKey("you", "secret")];
  notEqual(mine.join(), yours.join());
  deepEqual(mine.slice(0, 2), ["idem", "me"]);
  match(mine[2]!, /^[0-9a-f]{64}$/);
});
