import assert from "node:assert/strict";
import fc from "fast-check";
import { APART_MAX, keepStep } from "@/lib/recordings/in_step.ts";

const at = (time: number, ready = true, over = false) => ({
  time,
  ready,
  over,
});

Deno.test("players that are together go on; one that is apart jumps to the first", () => {
  assert.deepEqual(keepStep([at(5), at(5.1)]), {
    time: 5,
    hold: false,
    over: false,
    jumps: [null, null],
  });
  assert.deepEqual(keepStep([at(5), at(4)]).jumps, [null, 5]);
});

Deno.test("all wait for one that has not arrived, but not for one that is at its end", () => {
  assert.equal(keepStep([at(5), at(5, false)]).hold, true);
  assert.equal(keepStep([at(5), at(3, false, true)]).hold, false);
  assert.deepEqual(keepStep([at(3, true, true), at(5)]).time, 5);
});

Deno.test("it is over when all are, at the longest; without players at once", () => {
  assert.deepEqual(keepStep([at(3, true, true), at(5, true, true)]), {
    time: 5,
    hold: false,
    over: true,
    jumps: [null, null],
  });
  assert.equal(keepStep([]).over, true);
  assert.equal(keepStep([]).time, 0);
});

Deno.test("property: after the jumps nobody who plays is apart", () => {
  const player = fc.record({
    time: fc.double({ min: 0, max: 3600, noNaN: true }),
    ready: fc.boolean(),
    over: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(player, { maxLength: 4 }), (players) => {
    const { time, jumps, over } = keepStep(players);
    assert.equal(over, players.every((one) => one.over));
    players.forEach((one, place) => {
      const now = jumps[place] ?? one.time;
      if (!one.over) assert(Math.abs(now - time) <= APART_MAX);
      else assert.equal(jumps[place], null);
    });
  }));
});
