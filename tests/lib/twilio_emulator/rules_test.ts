/** Rule sets: which are valid, and what they select, against a naive model with sets. */
import assert from "node:assert/strict";
import {
  canSelect,
  parseRules,
  type Rule,
  type RuleSubject,
  selects,
} from "@/lib/twilio_emulator/rooms/rules.ts";
import fc from "fast-check";

const alice = { sid: "PA1", identity: "alice" };
const bob = { sid: "PA2", identity: "bob" };

/** Two people with tracks of each kind, some of the same name. */
const TRACKS: readonly RuleSubject[] = [
  { sid: "MT1", name: "microphone", kind: "audio", publisher: alice },
  { sid: "MT2", name: "camera", kind: "video", publisher: alice },
  { sid: "MT3", name: "screen", kind: "video", publisher: alice },
  { sid: "MT4", name: "microphone", kind: "audio", publisher: bob },
  { sid: "MT5", name: "camera", kind: "video", publisher: bob },
  { sid: "MT6", name: "chat", kind: "data", publisher: bob },
];

const filters = fc.record({
  kind: fc.constantFrom("audio", "video", "data"),
  publisher: fc.constantFrom("alice", "bob", "PA1", "PA2", "carol", "Alice"),
  track: fc.constantFrom("microphone", "camera", "screen", "MT2", "MT6", "x"),
}, { requiredKeys: [] }).filter((filters) => Object.keys(filters).length > 0);

const anyRule = fc.tuple(
  fc.constantFrom("include", "exclude"),
  fc.oneof(fc.constant({ all: true as const }), filters),
).map(([type, rest]) => ({ type, ...rest }) as Rule);

const anyRules = fc.array(anyRule, { minLength: 1, maxLength: 20 });

/** As Twilio's page tells it: a set to which each rule adds, or from which it takes. */
function naively(rules: readonly Rule[], initially: boolean): Set<RuleSubject> {
  let selected = new Set(initially ? TRACKS : []);
  for (const rule of rules) {
    let matching = new Set(TRACKS);
    const keep = (test: (track: RuleSubject) => boolean) => {
      matching = new Set([...matching].filter(test));
    };
    if (rule.kind) keep(({ kind }) => kind === rule.kind);
    if (rule.track) {
      keep(({ sid, name }) => [sid, name].includes(rule.track!));
    }
    if (rule.publisher) {
      keep(({ publisher }) =>
        [publisher.sid, publisher.identity].includes(rule.publisher!)
      );
    }
    selected = rule.type === "include"
      ? selected.union(matching)
      : selected.difference(matching);
  }
  return selected;
}

Deno.test("rules: they select what the naive model selects", () => {
  fc.assert(
    fc.property(anyRules, fc.boolean(), (rules, initially) => {
      const selected = TRACKS.filter((track) =>
        selects(rules, track, initially)
      );
      assert.deepEqual(new Set(selected), naively(rules, initially));
      // What selects something is said to be able to.
      if (selected.length > 0) assert.ok(canSelect(rules, initially));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("rules: what is valid survives the way over JSON", () => {
  fc.assert(fc.property(anyRules, (rules) => {
    assert.deepEqual(parseRules(JSON.stringify(rules), 53215), rules);
  }));
});

Deno.test("rules: a set that excludes all can select nothing", () => {
  assert.equal(canSelect([{ type: "exclude", all: true }], true), false);
  assert.equal(canSelect([{ type: "exclude", kind: "video" }], false), false);
  assert.equal(canSelect([{ type: "exclude", kind: "video" }], true), true);
  assert.equal(
    canSelect([{ type: "include", kind: "audio" }, {
      type: "exclude",
      all: true,
    }]),
    false,
  );
});

const INVALID: readonly [what: string, json: string][] = [
  ["no list", '{"type":"include","all":true}'],
  ["no JSON", "include all"],
  ["nothing", ""],
  ["no rule", "[]"],
  ["21 rules", JSON.stringify(Array(21).fill({ type: "include", all: true }))],
  ["no type", '[{"all":true}]'],
  ["another type", '[{"type":"allow","all":true}]'],
  ["no filter", '[{"type":"include"}]'],
  ["not all", '[{"type":"include","all":false}]'],
  ["all and more", '[{"type":"include","all":true,"kind":"audio"}]'],
  ["all as text and more", '[{"type":"include","all":"true","track":"x"}]'],
  ["another kind", '[{"type":"include","kind":"text"}]'],
  ["an unknown filter", '[{"type":"include","all":true,"room":"x"}]'],
  ["a priority", '[{"type":"include","all":true,"priority":"high"}]'],
  ["an empty name", '[{"type":"include","track":""}]'],
];

for (const [what, json] of INVALID) {
  Deno.test(`rules: ${what} is invalid`, () => {
    for (const code of [53120, 53215] as const) {
      assert.throws(() => parseRules(json, code), { code, status: 400 });
    }
  });
}

Deno.test("rules: data tracks are never recorded, but subscribed to", () => {
  const json = '[{"type":"include","kind":"data"}]';
  assert.throws(() => parseRules(json, 53120), { code: 53120 });
  assert.equal(parseRules(json, 53215).length, 1);
});

Deno.test("rules: the text `true` counts when it stands alone", () => {
  assert.deepEqual(
    parseRules('[{"type":"include","all":"true","kind":null}]', 53120),
    [{ type: "include", all: true }],
  );
});
