import assert from "node:assert/strict";
import { within } from "@/lib/within.ts";

const never = new Promise<string>(() => {});

Deno.test("within() gives an answer or a refusal in time, and leaves no timer behind", async () => {
  const late = () => assert.fail("is in time");
  assert.equal(await within(60_000, Promise.resolve("answer"), late), "answer");
  await assert.rejects(
    within(60_000, Promise.reject(new Error("no")), late),
    /no/,
  );
});

Deno.test("within() asks what to make of an answer that does not come", async () => {
  assert.equal(await within(1, never, () => "late"), "late");
  await assert.rejects(
    within(1, never, () => {
      throw new Error("too late");
    }),
    /too late/,
  );
});

Deno.test("within() does not mind a refusal that comes too late", async () => {
  const { promise, reject } = Promise.withResolvers<string>();
  assert.equal(await within(1, promise, () => "late"), "late");
  reject(new Error("of no interest any more"));
  await new Promise((resolve) => setTimeout(resolve));
});
