import assert from "node:assert/strict";
import { countDenial, type DenialCount } from "@/lib/audit/denials.ts";
import { NOON } from "../../support/noon.ts";

Deno.test("countDenial() writes the first few and counts the rest", () => {
  let count: DenialCount | null = null;
  let written = 0;
  for (let i = 0; i < 100; i++) {
    const { next, write } = countDenial(count, NOON);
    if (write) written++;
    count = next;
  }
  assert.equal(written, 5);
  const later = new Date(NOON.getTime() + 60_000);
  const { write, suppressed } = countDenial(count, later);
  assert(write);
  assert.equal(suppressed, 95);
});
