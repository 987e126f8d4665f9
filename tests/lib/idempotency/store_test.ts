import fc from "fast-check";
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Client } from "@/lib/accounts/account.ts";
import { rowKey } from "@/lib/idempotency/key.ts";
import type { IdempotencyRow, Receipt } from "@/lib/idempotency/receipt.ts";
import { RUN_MS } from "@/lib/idempotency/rules.ts";
import {
  commitWithReceipt,
  giveBack,
  keepAnswer,
  takeRow,
} from "@/lib/idempotency/store.ts";
import { NOON } from "../../support/noon.ts";

const INTENT = { key: rowKey("account", "key"), requestHash: "hash" };
const ANSWER = { status: 201, headers: {}, body: new Uint8Array([1, 2, 3]) };

const clientWith = (receipt: Receipt): Client => ({
  requestId: "test",
  ip: "",
  userAgent: "",
  receipt,
});

/** Makes one thing, the way a use case does. */
async function make(kv: Deno.Kv, receipt: Receipt, id: string) {
  const operation = kv.atomic().set(["made", id], true);
  return (await commitWithReceipt(operation, clientWith(receipt), id)).ok;
}

async function made(kv: Deno.Kv): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of kv.list({ prefix: ["made"] })) {
    ids.push(key[1] as string);
  }
  return ids;
}

async function take(kv: Deno.Kv, now = NOON): Promise<Receipt> {
  const taken = await takeRow(kv, INTENT, now);
  ok(taken.verdict === "free");
  return taken.receipt;
}

Deno.test("one of many takes the key", async () => {
  using kv = await Deno.openKv(":memory:");
  const all = await Promise.all(
    Array.from({ length: 50 }, () => takeRow(kv, INTENT, NOON)),
  );
  const verdicts = all.map(({ verdict }) => verdict).sort();
  deepEqual(verdicts, ["free", ...Array(49).fill("running")]);
});

Deno.test("several commits of one request carry the receipt one after the other; the first gives the note", async () => {
  using kv = await Deno.openKv(":memory:");
  const receipt = await take(kv);
  ok(await make(kv, receipt, "a"));
  ok(await make(kv, receipt, "b"));
  const row = (await kv.get<IdempotencyRow>(INTENT.key)).value;
  equal(row?.effect, "a");
  equal(receipt.effect, null, "what this run does is no earlier effect");
});

Deno.test("whoever was taken over can commit nothing, and keep no answer", async () => {
  using kv = await Deno.openKv(":memory:");
  const stalled = await take(kv);
  const second = await take(kv, new Date(NOON.getTime() + RUN_MS));
  equal(await make(kv, stalled, "stalled"), false);
  await keepAnswer(kv, stalled, { ...ANSWER, status: 409 });
  await giveBack(kv, stalled);
  ok(await make(kv, second, "second"));
  await keepAnswer(kv, second, ANSWER);
  deepEqual(await made(kv), ["second"]);
  deepEqual(await takeRow(kv, INTENT, NOON), {
    verdict: "answered",
    answer: ANSWER,
  });
});

Deno.test("a key that is given back is free, and tells what was done with it", async () => {
  using kv = await Deno.openKv(":memory:");
  await giveBack(kv, await take(kv));
  equal((await kv.get(INTENT.key)).value, null);
  const receipt = await take(kv);
  await make(kv, receipt, "a");
  await giveBack(kv, receipt);
  equal((await take(kv)).effect, "a");
});

Deno.test("without a receipt it is a plain commit", async () => {
  using kv = await Deno.openKv(":memory:");
  ok(
    (await commitWithReceipt(kv.atomic().set(["made", "a"], 1), null, "a")).ok,
  );
  deepEqual(await made(kv), ["a"]);
});

type Step = { run: number; does: "begin" | "make" | "answer" | "fail" | "die" };

const anyStep: fc.Arbitrary<Step | { pass: number }> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      run: fc.nat({ max: 2 }),
      does: fc.constantFrom("begin", "make", "answer", "fail", "die"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ pass: fc.nat({ max: 2 * RUN_MS }) }) },
);

Deno.test("however runs overlap, fail and die, a request does its thing once and has one answer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      using kv = await Deno.openKv(":memory:");
      const runs: (Receipt | null)[] = [null, null, null];
      const seen = new Map<Receipt, string>();
      const answers = new Set<string>();
      let now = NOON;
      let count = 0;
      for (const step of steps) {
        if ("pass" in step) {
          now = new Date(now.getTime() + step.pass);
          continue;
        }
        const receipt = runs[step.run]!;
        if (step.does === "begin") {
          if (receipt !== null) continue;
          const taken = await takeRow(kv, INTENT, now);
          if (taken.verdict === "answered") {
            answers.add(new TextDecoder().decode(taken.answer.body));
          }
          if (taken.verdict === "free") {
            runs[step.run] = taken.receipt;
            const { effect } = taken.receipt;
            if (effect !== null) seen.set(taken.receipt, effect);
          }
          continue;
        }
        if (receipt === null) continue;
        if (step.does === "make") {
          // A use case asks for the earlier effect before it makes anything.
          if (seen.has(receipt)) continue;
          const id = `thing ${count++}`;
          if (await make(kv, receipt, id)) seen.set(receipt, id);
          continue;
        }
        const id = seen.get(receipt);
        if (step.does === "answer" && id !== undefined) {
          const body = new TextEncoder().encode(id);
          await keepAnswer(kv, receipt, { ...ANSWER, body });
        } else if (step.does === "fail") await giveBack(kv, receipt);
        runs[step.run] = null;
      }
      const things = await made(kv);
      ok(things.length <= 1, things.join());
      ok([...seen.values()].every((id) => id === things[0]));
      deepEqual([...answers], answers.size === 0 ? [] : things);
    }),
    { numRuns: 300 },
  );
});
