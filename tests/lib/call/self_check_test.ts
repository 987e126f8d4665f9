import { deepEqual, equal, match } from "node:assert/strict";
import fc from "fast-check";
import { callFacts } from "@/lib/call/call_facts.ts";
import type { Flow } from "@/lib/call/flow.ts";
import {
  type CallFacts,
  type Finding,
  inShort,
  selfCheck,
} from "@/lib/call/self_check.ts";
import type { LineView } from "@/lib/call/watch_line.ts";
import { aCall, aParticipant, settled } from "./fake_line.ts";

const SENT = {
  isEnabled: true,
  hasEnded: false,
  isInterrupted: false,
  bytes: 9,
  flow: "flows" as Flow,
};
const RECEIVED = {
  isEnabled: true,
  isSubscribed: true,
  isHeldBack: false,
  bytes: 9,
  flow: "flows" as Flow,
};
const OWN = { isOn: true, problem: null, track: SENT };
const OTHER = { isReconnecting: false, camera: RECEIVED, microphone: RECEIVED };

/** A call in which all is well; the test says what is not. */
function facts(changes: Partial<CallFacts> = {}): CallFacts {
  return {
    phase: "connected",
    quality: null,
    voiceOnly: false,
    choseVoice: false,
    name: "Asha",
    absence: "not here yet",
    isInspected: true,
    own: { camera: OWN, microphone: OWN },
    hearing: "yes",
    other: OTHER,
    isPlayed: true,
    ...changes,
  };
}

const own = (
  kind: "camera" | "microphone",
  changes: Partial<CallFacts["own"]["camera"]>,
) => facts({ own: { ...facts().own, [kind]: { ...OWN, ...changes } } });

const other = (
  kind: "camera" | "microphone",
  changes: Partial<typeof RECEIVED> | null,
) =>
  facts({
    other: {
      ...OTHER,
      [kind]: changes === null ? null : { ...RECEIVED, ...changes },
    },
  });

const sentences = (of: CallFacts) =>
  selfCheck(of).map(({ sentence }) => sentence);

Deno.test("S1.34 when all is well, both can see and hear each other", () => {
  deepEqual(sentences(facts()), [
    "You are connected.",
    "Asha is in the call.",
    "Asha can hear you.",
    "Asha can see you.",
    "You can hear Asha.",
    "You can see Asha.",
  ]);
  equal(selfCheck(facts()).every(({ state }) => state === "good"), true);
});

Deno.test("S3.42 each thing that is wrong has its sentence", () => {
  const problem = { title: "No camera found", steps: ["Plug it in."] };
  const cases: [CallFacts, string][] = [
    [
      facts({ phase: "reconnecting" }),
      "Your connection was interrupted. Reconnecting…",
    ],
    [facts({ phase: "disconnected" }), "You are disconnected."],
    [facts({ phase: "connecting" }), "Connecting…"],
    [facts({ quality: 5 }), "You are connected. The connection is good."],
    [facts({ quality: 1 }), "You are connected, but the connection is poor."],
    [facts({ other: null }), "Asha: not here yet."],
    [
      facts({ other: { ...OTHER, isReconnecting: true } }),
      "Asha is reconnecting.",
    ],
    [
      own("camera", { isOn: false }),
      "Asha cannot see you: your camera is off.",
    ],
    [
      own("microphone", { isOn: false }),
      "Asha cannot hear you: your microphone is muted.",
    ],
    [own("camera", { problem }), "Asha cannot see you. No camera found."],
    [
      own("camera", { track: null }),
      "Asha cannot see you: your picture is not sent.",
    ],
    [
      own("camera", { track: { ...SENT, isEnabled: false } }),
      "Asha cannot see you yet: your camera is starting.",
    ],
    [
      own("camera", { track: { ...SENT, hasEnded: true } }),
      "Asha cannot see you: your camera has stopped.",
    ],
    [
      own("microphone", { track: { ...SENT, isInterrupted: true } }),
      "Asha cannot hear you: your microphone gives nothing at the moment.",
    ],
    [
      own("microphone", { track: { ...SENT, flow: "stands" } }),
      "Asha cannot hear you: nothing of your sound gets through.",
    ],
    [
      own("camera", { track: { ...SENT, flow: "checking" } }),
      "Checking whether Asha can see you…",
    ],
    [
      facts({ hearing: "no" }),
      "Asha cannot hear you: your microphone is on, but no sound comes from it.",
    ],
    [
      facts({ hearing: "not yet" }),
      "Say something, to check that Asha can hear you.",
    ],
    [
      facts({ choseVoice: true }),
      "Asha cannot see you: you chose voice only.",
    ],
    [other("camera", null), "You cannot see Asha: Asha's camera is off."],
    [
      other("microphone", { isEnabled: false }),
      "You cannot hear Asha: Asha is muted.",
    ],
    [
      other("camera", { isSubscribed: false }),
      "You cannot see Asha yet: the picture is on its way.",
    ],
    [
      other("camera", { isHeldBack: true }),
      "You cannot see Asha: the connection is too weak for the picture.",
    ],
    [
      other("microphone", { flow: "stands" }),
      "You cannot hear Asha: Asha's microphone is on, but nothing arrives.",
    ],
    [
      facts({ isPlayed: false }),
      "You cannot hear Asha: your browser waits for a click before it plays sound.",
    ],
    [facts({ isInspected: false }), "Checking whether you can hear Asha…"],
  ];
  for (const [given, sentence] of cases) {
    equal(sentences(given).includes(sentence), true, sentence);
  }
});

Deno.test("S1.34 a camera that is off, or failed, comes back with one press", () => {
  const mended = (of: CallFacts) =>
    selfCheck(of).map(({ mend }) => mend).filter((mend) => mend !== null);
  const problem = { title: "Your camera was disconnected", steps: [] };
  deepEqual(mended(facts()), []);
  deepEqual(mended(own("camera", { isOn: false })), ["camera"]);
  deepEqual(mended(own("camera", { isOn: false, problem })), ["camera"]);
  deepEqual(mended(own("microphone", { isOn: false })), ["microphone"]);
});

const flow = fc.constantFrom<Flow>("flows", "stands", "checking", "uncounted");
const bytes = fc.option(fc.nat());
const ownSide = fc.record({
  isOn: fc.boolean(),
  problem: fc.option(
    fc.record({
      title: fc.constant("In use"),
      steps: fc.constant<string[]>(["Close it."]),
    }),
  ),
  track: fc.option(fc.record({
    isEnabled: fc.boolean(),
    hasEnded: fc.boolean(),
    isInterrupted: fc.boolean(),
    bytes,
    flow,
  })),
});
const otherSide = fc.option(fc.record({
  isEnabled: fc.boolean(),
  isSubscribed: fc.boolean(),
  isHeldBack: fc.boolean(),
  bytes,
  flow,
}));
const anyFacts: fc.Arbitrary<CallFacts> = fc.record({
  phase: fc.constantFrom<CallFacts["phase"]>(
    "connecting",
    "connected",
    "reconnecting",
    "disconnected",
  ),
  quality: fc.option(fc.nat(5)),
  voiceOnly: fc.boolean(),
  choseVoice: fc.boolean(),
  name: fc.constant("Asha"),
  absence: fc.constant("not here yet"),
  isInspected: fc.boolean(),
  own: fc.record({ camera: ownSide, microphone: ownSide }),
  hearing: fc.constantFrom<CallFacts["hearing"]>("yes", "not yet", "no"),
  other: fc.option(fc.record({
    isReconnecting: fc.boolean(),
    camera: otherSide,
    microphone: otherSide,
  })),
  isPlayed: fc.boolean(),
});

const holds = (rule: (facts: CallFacts, found: Finding[]) => boolean) =>
  fc.assert(fc.property(anyFacts, (facts) => rule(facts, selfCheck(facts))), {
    numRuns: 1_000,
  });

Deno.test("S1.34 nobody is told they are seen or heard unless everything on the way says so", () => {
  holds((facts, found) => {
    const says = (sentence: string) =>
      found.some((one) => one.sentence === sentence);
    const goesOut = (kind: "camera" | "microphone") => {
      const { isOn, problem, track } = facts.own[kind];
      return isOn && problem === null && track !== null && track.isEnabled &&
        !track.hasEnded && !track.isInterrupted &&
        (track.flow === "flows" || track.flow === "uncounted") &&
        facts.isInspected && facts.other !== null &&
        !facts.other.isReconnecting &&
        (facts.phase === "connected" || facts.phase === "reconnecting");
    };
    return says("Asha can hear you.") ===
        (goesOut("microphone") && facts.hearing === "yes") &&
      says("Asha can see you.") ===
        (goesOut("camera") && !facts.choseVoice && !facts.voiceOnly);
  });
});

Deno.test("S3.42 nobody is told that they see or hear the other unless it arrives", () => {
  holds((facts, found) => {
    const comesIn = (kind: "camera" | "microphone") => {
      const track = facts.other?.[kind] ?? null;
      return track !== null && track.isEnabled && track.isSubscribed &&
        !track.isHeldBack &&
        (track.flow === "flows" || track.flow === "uncounted");
    };
    const says = (sentence: string) =>
      found.some((one) => one.sentence === sentence);
    return (!says("You can hear Asha.") ||
      comesIn("microphone") && facts.isPlayed) &&
      (!says("You can see Asha.") || comesIn("camera"));
  });
});

Deno.test("S3.42 what is wrong comes with what to do, and is said once", () => {
  holds((_, found) =>
    found.every(({ state, steps, mend }) =>
      (state === "bad") <= (steps.length > 0 || mend !== null) &&
      (state === "good") <= (steps.length === 0 && mend === null)
    ) && new Set(found.map(({ sentence }) => sentence)).size === found.length
  );
});

Deno.test("a voice session has nothing to see, and no camera to speak of", () => {
  holds((facts, found) =>
    !facts.voiceOnly ||
    found.every(({ sentence, steps }) =>
      !/\b(see|camera)\b/.test([sentence, ...steps].join(" "))
    )
  );
});

Deno.test("the facts come from the session, the devices and the line", async () => {
  const { call, media, line } = aCall();
  const me = { identity: "01DOCTOR", role: "doctor" } as const;
  const around = { userAgent: "", isSecure: true };
  const nothing = {
    line: null,
    hearing: "yes",
    isPlayed: true,
    around,
  } as const;
  await call.join();
  await settled();
  deepEqual(sentences(callFacts(call, me, nothing)), [
    "You are connected.",
    "Asha: not here yet.",
    "Your microphone is on: Asha can hear you as soon as both of you are here.",
    "Your camera is on: Asha can see you as soon as both of you are here.",
  ]);
  line.events!.onParticipants([aParticipant()]);
  const view: LineView = {
    sent: { camera: SENT, microphone: SENT },
    received: new Map([["01PATIENT", { camera: null, microphone: RECEIVED }]]),
  };
  await media.toggleCamera();
  const seen = callFacts(call, me, { ...nothing, line: view });
  deepEqual(sentences(seen).slice(2), [
    "Asha can hear you.",
    "Asha cannot see you: your camera is off.",
    "You can hear Asha.",
    "You cannot see Asha: Asha's camera is off.",
  ]);
  equal(
    inShort(seen),
    "sends microphone flows (heard: yes), camera off, receives microphone flows, camera none",
  );
});

Deno.test("S1.34 a device that fails in the call is explained in the words of the device check", async () => {
  const { call, media, devices, line } = aCall();
  const me = { identity: "01DOCTOR", role: "doctor" } as const;
  await call.join();
  await settled();
  line.events!.onParticipants([aParticipant()]);
  await media.toggleCamera();
  devices.refuse.set("camera", new DOMException("busy", "NotReadableError"));
  await media.toggleCamera();
  const found = selfCheck(callFacts(call, me, {
    line: null,
    hearing: "yes",
    isPlayed: true,
    around: { userAgent: "", isSecure: true },
  })).find(({ mend }) => mend === "camera")!;
  match(
    found.sentence,
    /^Asha cannot see you\. Another app is using your camera\.$/,
  );
  match(found.steps.join(" "), /Close other video apps/);
});
