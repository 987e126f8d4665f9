import assert from "node:assert/strict";
import fc from "fast-check";
import { readPage } from "@/lib/kv/page.ts";

interface Listed {
  id: number;
  even: boolean;
}

async function withRecords(
  count: number,
  work: (kv: Deno.Kv) => Promise<void>,
): Promise<void> {
  const kv = await Deno.openKv(":memory:");
  for (let id = 0; id < count; id++) {
    const listed: Listed = { id, even: id % 2 === 0 };
    await kv.atomic().set(["list", id], listed).set(["record", id], id)
      .commit();
  }
  await work(kv);
  kv.close();
}

Deno.test("readPage() walks a filtered list without losing or repeating anything", async () => {
  await withRecords(60, async (kv) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.boolean(),
        async (limit, onlyEven) => {
          const seen: number[] = [];
          let cursor: string | undefined;
          do {
            const page = await readPage<Listed, number>(
              kv,
              ["list"],
              { limit, cursor },
              {
                keep: ({ even }) => !onlyEven || even,
                recordKey: ({ id }) => ["record", id],
              },
            );
            assert(page.items.length <= limit);
            // A next page is promised only if there is one.
            if (page.next !== null) assert.equal(page.items.length, limit);
            seen.push(...page.items);
            cursor = page.next ?? undefined;
          } while (cursor !== undefined);
          const all = Array.from({ length: 60 }, (_, i) => 59 - i);
          assert.deepEqual(seen, all.filter((id) => !onlyEven || id % 2 === 0));
        },
      ),
      { numRuns: 40 },
    );
  });
});
