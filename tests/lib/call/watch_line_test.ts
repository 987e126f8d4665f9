import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { LineReport } from "@/lib/call/connection.ts";
import { type Count, flowOf, nextCount } from "@/lib/call/flow.ts";
import { type LineView, watchLine } from "@/lib/call/watch_line.ts";
import { settled } from "./fake_line.ts";

/** What counts say that are looked at once a second. */
function flowAfter(...counts: (number | null)[]): string {
  let count: Count | null = null;
  counts.forEach((bytes, second) => {
    count = nextCount(count, bytes, second * 1_000);
  });
  return flowOf(count!, (counts.length - 1) * 1_000);
}

Deno.test("S3.42 bytes that grow flow, bytes that stay for seconds stand", () => {
  equal(flowAfter(0), "checking");
  equal(flowAfter(5), "checking");
  equal(flowAfter(5, 9), "flows");
  equal(flowAfter(5, 9, 9, 9), "flows");
  equal(flowAfter(5, 9, 9, 9, 9, 9), "stands");
  equal(flowAfter(0, 0, 0, 0, 0), "stands");
  equal(flowAfter(0, 0, 0, 0, 0, 1), "flows");
  equal(flowAfter(null, null, null, null, null), "uncounted");
});

Deno.test("a count that begins anew is looked at anew", () => {
  equal(flowAfter(500, 900, 3), "checking");
  equal(flowAfter(500, 900, 3, 4), "flows");
});

Deno.test("who counts up every second always flows", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    (steps) => {
      let bytes = 0;
      return flowAfter(0, ...steps.map((step) => bytes += step)) === "flows";
    },
  ));
});

function aWatch(report: LineReport | null) {
  const views: (LineView | null)[] = [];
  const line = { report, seconds: 0, later: null as (() => void) | null };
  const stop = watchLine({
    inspect: () => Promise.resolve(line.report),
    onView: (view) => views.push(view),
    now: () => line.seconds * 1_000,
    after: (_ms, run) => {
      line.later = run;
      return () => line.later = null;
    },
  });
  return {
    views,
    line,
    stop,
    async tick(next: LineReport | null, seconds = 1) {
      line.report = next;
      line.seconds += seconds;
      line.later!();
      await settled();
      return views.at(-1)!;
    },
  };
}

const report = (
  bytes: number,
  { isEnabled = true, alone = false } = {},
): LineReport => ({
  sent: {
    camera: { isEnabled, hasEnded: false, isInterrupted: false, bytes },
    microphone: null,
  },
  received: new Map(
    alone ? [] : [["01PATIENT", {
      camera: null,
      microphone: { isEnabled, isSubscribed: true, isHeldBack: false, bytes },
    }]],
  ),
});

const flows = (view: LineView | null) => [
  view?.sent.camera?.flow,
  view?.received.get("01PATIENT")?.microphone?.flow,
];

Deno.test("the line is looked at every second, until nobody wants to know", async () => {
  const { views, line, stop, tick } = aWatch(report(1));
  await settled();
  deepEqual(flows(views[0]!), ["checking", "checking"]);
  deepEqual(flows(await tick(report(2))), ["flows", "flows"]);
  deepEqual(flows(await tick(report(2), 5)), ["stands", "stands"]);
  equal(await tick(null), null);
  deepEqual(flows(await tick(report(3))), ["flows", "flows"]);
  stop();
  equal(line.later, null);
});

Deno.test("what is switched off, or goes to nobody, does not stand: it begins anew", async () => {
  const { tick } = aWatch(report(1));
  await settled();
  const off = { isEnabled: false };
  deepEqual(flows(await tick(report(1, off), 9)), ["checking", "checking"]);
  deepEqual(flows(await tick(report(1, off), 9)), ["checking", "checking"]);
  deepEqual(flows(await tick(report(1))), ["checking", "checking"]);
  deepEqual(flows(await tick(report(2))), ["flows", "flows"]);
  const alone = { alone: true };
  deepEqual(flows(await tick(report(2, alone), 9)), ["checking", undefined]);
  deepEqual(flows(await tick(report(2))), ["checking", "checking"]);
});

Deno.test("a look that comes back after the end is not told", async () => {
  const { views, stop } = aWatch(report(1));
  stop();
  await settled();
  deepEqual(views, []);
});
