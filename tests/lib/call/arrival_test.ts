import { equal } from "node:assert/strict";
import { announceArrival, takeArrival } from "@/lib/call/arrival.ts";

Deno.test("who was announced for a session arrives there once, and nowhere else", () => {
  equal(takeArrival("one"), false);
  announceArrival("one");
  equal(takeArrival("one"), true);
  equal(takeArrival("one"), false);
  announceArrival("one");
  // Went somewhere else first: a later look at the session is just a look.
  equal(takeArrival("two"), false);
  equal(takeArrival("one"), false);
});
