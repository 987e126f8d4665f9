import { deepEqual, equal } from "node:assert/strict";
import {
  announceArrival,
  claimArrival,
  isArrivalClaimed,
  takeArrival,
} from "@/lib/call/arrival.ts";

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

Deno.test("of several tabs one goes into a session by itself", async () => {
  localStorage.clear();
  try {
    equal(isArrivalClaimed("one"), false);
    deepEqual(
      await Promise.all([claimArrival("one"), claimArrival("one")]),
      [true, false],
    );
    equal(isArrivalClaimed("one"), true);
    // The next call is another one.
    equal(await claimArrival("two"), true);
  } finally {
    localStorage.clear();
  }
});
