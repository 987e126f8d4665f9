import { equal } from "node:assert/strict";
import fc from "fast-check";
import {
  type CallEvent,
  type CallPhase,
  isOnStage,
  isTakingPart,
  nextPhase,
} from "@/lib/call/phase.ts";

const EVENTS: CallEvent[] = [
  "join",
  "wait",
  "call",
  "connect",
  "reconnect",
  "restore",
  "drop",
  "replace",
  "fail",
  "leave",
  "finish",
];

function after(events: CallEvent[]): CallPhase {
  return events.reduce<CallPhase>(nextPhase, "ready");
}

const paths: [events: CallEvent[], phase: CallPhase][] = [
  [["join", "connect"], "connected"],
  [["join", "wait"], "waiting"],
  [["join", "wait", "call", "join", "connect"], "connected"],
  [["join", "connect", "reconnect", "restore"], "connected"],
  [["join", "connect", "reconnect", "drop", "join", "connect"], "connected"],
  [["join", "connect", "replace", "join"], "connecting"],
  [["join", "fail", "join"], "connecting"],
  [["join", "connect", "leave"], "left"],
  [["connect"], "ready"],
  [["join", "leave", "connect"], "left"],
  [["join", "connect", "leave", "drop"], "left"],
];

for (const [events, phase] of paths) {
  Deno.test(`${events.join(", ")} ends ${phase}`, () =>
    equal(after(events), phase));
}

Deno.test("a session that is over stays over, whatever comes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...EVENTS)),
      fc.array(fc.constantFrom(...EVENTS)),
      (before, more) => {
        equal(after([...before, "finish", ...more]), "over");
      },
    ),
  );
});

Deno.test("only those who joined and did not go can be connected", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...EVENTS)), (events) => {
    const phase = after(events);
    if (isTakingPart(phase)) equal(events.includes("join"), true);
    if (phase === "connected") equal(isOnStage(phase), true);
  }));
});
