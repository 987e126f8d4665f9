import fc from "fast-check";
import type { RestFault } from "@/lib/twilio_emulator/faults/model.ts";
import type { Who } from "./clinic.ts";

/** What somebody asks the app to do with a session. */
export const COMMANDS = [
  "start",
  "end",
  "cancel",
  "leave",
  "token",
  "allow recording",
  "refuse recording",
  "offer video",
  "agree to video",
  "stay on voice",
  "write notes",
  "reschedule",
  "delete recording",
] as const;
/** What somebody asks the app to do with a session. */
export type CommandName = typeof COMMANDS[number];

/** How a commit goes wrong: it does not land, it lands and nobody hears of it, or SQLite is locked. */
export type CommitFault = "not landed" | "not heard of" | "locked";

/** How a call of the video service goes wrong besides what the emulator can do by itself. */
export type CallFault = "never arrives" | "arrives later";

/** What happens next; `on`: in which of the two processes. Numbers choose among what there is. */
export type Act =
  | {
    act: "create";
    visit: 0 | 1;
    inMinutes: number;
    recording: boolean;
    voice: boolean;
    on: 0 | 1;
  }
  | { act: "command"; name: CommandName; who: Who; which: number; on: 0 | 1 }
  | {
    act: "close visit";
    visit: 0 | 1;
    who: Who;
    /** Also if a session runs: that ends. */
    force: boolean;
    on: 0 | 1;
  }
  | { act: "enter"; which: number; isStranger: boolean }
  | { act: "go out"; which: number; how: "hang up" | "vanish" }
  | {
    act: "callback";
    which: number;
    how: "arrives" | "arrives twice" | "is lost" | "is replayed";
    on: 0 | 1;
  }
  | { act: "video fault"; fault: RestFault | null }
  | { act: "call fault"; fault: CallFault }
  | { act: "commit fault"; fault: CommitFault; after: number; on: 0 | 1 }
  | { act: "time passes"; seconds: number }
  | { act: "clock is set back"; seconds: number }
  | { act: "reconcile"; which: number; on: 0 | 1 }
  | { act: "crash"; on: 0 | 1 };

/** An act, and how many effects of what is under way come before the next one. */
export type Step = Act & { turns: number };

const on = fc.constantFrom(0 as const, 1 as const);
const which = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 1 }) },
  { weight: 2, arbitrary: fc.nat({ max: 9 }) },
);

/** Mostly little, so that much is under way at once. */
const turns = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 2 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5, max: 20 }) },
);
/** Anybody may try; the doctor's commands more often, since they are what moves a session. */
const whoDoesWhat = fc.oneof(
  said(8, ["doctor"], ["start"]),
  said(5, ["doctor"], ["end"]),
  said(5, ["doctor", "patient"], ["token"]),
  said(4, ["doctor", "patient"], ["allow recording", "refuse recording"]),
  said(4, ["doctor", "patient"], ["offer video", "agree to video"]),
  said(2, ["doctor", "patient"], ["leave", "stay on voice"]),
  said(3, ["doctor"], [
    "cancel",
    "write notes",
    "reschedule",
    "delete recording",
  ]),
  said(1, ["patient", "otherDoctor", "otherPatient"], [...COMMANDS]),
);

function said(
  weight: number,
  who: Who[],
  name: CommandName[],
): fc.WeightedArbitrary<{ who: Who; name: CommandName }> {
  const arbitrary = fc.record({
    who: fc.constantFrom(...who),
    name: fc.constantFrom(...name),
  });
  return { weight, arbitrary };
}

const times = fc.integer({ min: 1, max: 6 });
const videoFault: fc.Arbitrary<RestFault | null> = fc.oneof(
  fc.constant(null),
  fc.record({
    kind: fc.constant("error" as const),
    status: fc.constantFrom(500, 503, 401),
    times,
  }),
  fc.record({
    kind: fc.constant("error" as const),
    status: fc.constant(429),
    code: fc.constant(20429),
    retryAfterSeconds: fc.constant(3),
    times,
  }),
  fc.record({ kind: fc.constant("truncate" as const), times }),
);

function act<K extends Act["act"]>(
  kind: K,
  weight: number,
  about: {
    [P in keyof Omit<Extract<Act, { act: K }>, "act">]: fc.Arbitrary<
      Extract<Act, { act: K }>[P]
    >;
  },
): fc.WeightedArbitrary<Act> {
  const arbitrary = fc.record({ act: fc.constant(kind), ...about });
  return { weight, arbitrary: arbitrary as unknown as fc.Arbitrary<Act> };
}

const acts = fc.oneof(
  act("create", 2, {
    visit: on,
    inMinutes: fc.integer({ min: -4, max: 90 }),
    recording: fc.boolean(),
    voice: fc.boolean(),
    on,
  }),
  {
    weight: 24,
    arbitrary: fc.record({
      act: fc.constant("command" as const),
      whoDoesWhat,
      which,
      on,
    }).map(({ whoDoesWhat, ...act }) => ({ ...act, ...whoDoesWhat })),
  },
  act("close visit", 2, {
    visit: on,
    who: fc.constantFrom("doctor" as const, "doctor" as const, "patient"),
    force: fc.boolean(),
    on,
  }),
  act("enter", 6, {
    which,
    isStranger: fc.oneof(
      { weight: 5, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  }),
  act("go out", 2, {
    which,
    how: fc.constantFrom("hang up" as const, "vanish" as const),
  }),
  act("callback", 9, {
    which,
    how: fc.constantFrom(
      "arrives" as const,
      "arrives" as const,
      "arrives twice" as const,
      "is lost" as const,
      "is replayed" as const,
    ),
    on,
  }),
  act("video fault", 2, { fault: videoFault }),
  act("call fault", 2, {
    fault: fc.constantFrom("never arrives" as const, "arrives later" as const),
  }),
  act("commit fault", 3, {
    fault: fc.constantFrom(
      "not landed" as const,
      "not heard of" as const,
      "locked" as const,
    ),
    after: fc.nat({ max: 4 }),
    on,
  }),
  act("time passes", 7, {
    seconds: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
      { weight: 2, arbitrary: fc.integer({ min: 60, max: 900 }) },
      { weight: 1, arbitrary: fc.integer({ min: 3600, max: 86_400 }) },
    ),
  }),
  act("clock is set back", 1, { seconds: fc.integer({ min: 1, max: 120 }) }),
  act("reconcile", 9, { which: fc.nat({ max: 2 }), on }),
  act("crash", 2, { on }),
);

/** A worker that is stopped in the middle of its work, and another that takes over. */
const takeover = fc.record({
  which: fc.nat({ max: 1 }),
  on,
  done: fc.nat({ max: 8 }),
}).map(({ which, on, done }): Step[] => [
  { act: "time passes", seconds: 10, turns: 0 },
  { act: "reconcile", which, on, turns: done },
  { act: "time passes", seconds: 16, turns: 0 },
  { act: "reconcile", which, on: on === 0 ? 1 : 0, turns: 4 },
]);

/** Two who agree on video: a move is under way when the next thing happens. */
const agreement = fc.record({
  which: fc.nat({ max: 1 }),
  on,
  done: fc.nat({ max: 8 }),
}).map(({ which, on, done }): Step[] => [
  { act: "command", name: "start", who: "doctor", which, on, turns: 15 },
  { act: "command", name: "offer video", who: "doctor", which, on, turns: 8 },
  {
    act: "command",
    name: "agree to video",
    who: "patient",
    which,
    on: on === 0 ? 1 : 0,
    turns: done,
  },
]);

/** Some thirty things that happen, and the order in which what is under way goes on. */
export const interleavings = fc.noBias(fc.record({
  steps: fc.array(
    fc.oneof(
      {
        weight: 20,
        arbitrary: fc.tuple(acts, turns)
          .map(([act, turns]): Step[] => [{ ...act, turns }]),
      },
      { weight: 1, arbitrary: takeover },
      { weight: 1, arbitrary: agreement },
    ),
    { minLength: 20, maxLength: 40 },
  ).map((steps) => steps.flat()),
  seed: fc.nat(),
}));
