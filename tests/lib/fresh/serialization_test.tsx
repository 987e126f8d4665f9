import assert from "node:assert/strict";
import { computed, signal } from "@preact/signals";
import * as fc from "fast-check";
import { stringify } from "@/lib/fresh/islands/stringify.ts";
import { revive } from "@/lib/fresh/client/revive.ts";
import { taggedReviver } from "@/lib/fresh/client/tagged.ts";

/** What the browser gets for a value. */
function send<T>(value: T): T {
  return revive(
    JSON.parse(stringify(value)),
    taggedReviver({
      signal: () => signal<unknown>(undefined),
      computed,
      slot: (id) => ({ slot: id }),
    }),
  ) as T;
}

Deno.test("plain data arrives as it was", () => {
  const options = { withBigInt: true, withDate: true, withMap: true };
  fc.assert(
    fc.property(
      // JSON has no sparse arrays and no __proto__; the latter is refused, see below.
      fc.anything({ ...options, withSet: true, withNullPrototype: false }),
      (value) => {
        fc.pre(!JSON.stringify(keysOf(value)).includes("__proto__"));
        assert.deepEqual(send(value), value);
      },
    ),
  );
});

/** All keys of objects anywhere in a value. */
function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (value instanceof Map) {
    return [...value].flatMap((
      [key, item],
    ) => [...keysOf(key), ...keysOf(item)]);
  }
  if (value instanceof Set) return [...value].flatMap(keysOf);
  return Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]);
}

Deno.test("values JSON has no word for", () => {
  for (
    const value of [
      undefined,
      NaN,
      -0,
      -Infinity,
      10n ** 20n,
      new Date(5),
      new Date(NaN),
      new URL("https://example.com/?q=1"),
      /a<\/script>b/gi,
      new Uint8Array([0, 255]),
      new Map<unknown, unknown>([[{ a: 1 }, new Set([1])]]),
    ]
  ) assert.deepEqual(send([value]), [value]);
});

Deno.test("Temporal values", () => {
  const date = Temporal.PlainDate.from("2026-11-21");
  assert.ok(send(date).equals(date));
});

Deno.test("what occurs twice, or contains itself, is one object", () => {
  const shared = { n: 1 };
  const circle: { self?: unknown; both: unknown[] } = {
    both: [shared, shared],
  };
  circle.self = circle;
  const received = send(circle);
  assert.equal(received.self, received);
  assert.equal(received.both[0], received.both[1]);
});

Deno.test("signals stay signals, computed ones included", () => {
  const count = signal(1);
  const double = computed(() => count.value * 2);
  const received = send({ count, again: count, double });
  assert.equal(received.count, received.again);
  received.count.value++;
  assert.equal(received.count.value, 2);
  assert.equal(received.double.value, 2);
  assert.ok(!Object.hasOwn(received.double, "value"));
});

Deno.test("nothing can end the script it stands in", () => {
  assert.ok(!stringify(["</script><script>", { "<!--": 1 }]).includes("<"));
});

Deno.test("what could not arrive is refused, with its place", () => {
  class Visit {}
  const refused: [unknown, RegExp][] = [
    [{ a: [() => {}] }, /a function \(at a\[0\]\)/],
    [{ s: Symbol("x") }, /a symbol \(at s\)/],
    [{ v: new Visit() }, /an instance of Visit \(at v\)/],
    [{ p: Promise.resolve() }, /an instance of Promise/],
    [{ e: new Error("x") }, /an instance of Error/],
    [{ deep: { jsx: <p>x</p> } }, /JSX inside an object \(at deep\.jsx\)/],
    [JSON.parse('{"__proto__": 1}'), /__proto__/],
  ];
  for (const [value, message] of refused) {
    assert.throws(() => stringify(value), { name: "TypeError", message });
  }
});
