import { deepEqual } from "node:assert/strict";
import { soundOf } from "@/lib/ui/calls/sound.ts";

Deno.test("the sound is on only when it is wanted and the browser plays it", () => {
  const table = [true, false, null].map((wanted) =>
    [true, false, null].map((canPlay) => soundOf(wanted, canPlay))
  );
  deepEqual(table, [
    ["on", "blocked", "off"],
    ["off", "off", "off"],
    // Before the choice is read nothing may ring.
    ["off", "off", "off"],
  ]);
});
