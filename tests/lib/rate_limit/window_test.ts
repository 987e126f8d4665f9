import assert from "node:assert/strict";
import fc from "fast-check";
import { type Window, withOne } from "@/lib/rate_limit/window.ts";
import { NOON } from "../../support/noon.ts";

const LIMIT = { times: 3, windowMs: 60_000 };
const after = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

Deno.test("withOne() lets so many through, then says how long to wait, then begins anew", () => {
  let window: Window | null = null;
  for (const second of [0, 10, 20]) {
    const counted = withOne(window, LIMIT, after(second));
    assert("next" in counted);
    window = counted.next;
  }
  assert.deepEqual(withOne(window, LIMIT, after(20)), { waitSeconds: 40 });
  assert.deepEqual(withOne(window, LIMIT, after(59.5)), { waitSeconds: 1 });
  assert.deepEqual(withOne(window, LIMIT, after(60)), {
    next: { since: after(60).toISOString(), count: 1 },
  });
});

Deno.test("withOne() keeps nobody out for longer than the window, even if the clock was set back", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -500, max: 500 })), (steps) => {
      let window: Window | null = null;
      let second = 0;
      for (const step of steps) {
        second += step;
        const counted = withOne(window, LIMIT, after(second));
        if ("next" in counted) {
          window = counted.next;
          assert(window.count >= 1 && window.count <= LIMIT.times);
        } else {
          assert(counted.waitSeconds >= 1 && counted.waitSeconds <= 60);
        }
      }
    }),
  );
});
