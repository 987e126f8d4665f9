import assert from "node:assert/strict";
import { ulid } from "ulid";
import { isRecordId } from "@/lib/kv/record_id.ts";
import { newId, newIdAfter } from "@/lib/new_id.ts";

Deno.test("newId() makes ULIDs that are new and sort by time", async () => {
  const ids = Array.from({ length: 10_000 }, newId);
  assert.equal(new Set(ids).size, ids.length);
  assert(ids.every(isRecordId));
  await new Promise((resolve) => setTimeout(resolve, 2));
  assert(newId() > ids[0]!);
  // Every character of the random part is used, everywhere.
  for (let at = 10; at < 26; at++) {
    assert.equal(new Set(ids.map((id) => id[at])).size, 32);
  }
});

Deno.test("newIdAfter() goes on from ids of a clock that is ahead", () => {
  const ahead = ulid(Date.now() + 60_000);
  const ids = [ahead];
  for (let i = 0; i < 100; i++) ids.push(newIdAfter(ids.at(-1)!));
  assert.deepEqual(ids.toSorted(), ids);
  assert(ids.every(isRecordId));
  assert(newIdAfter(null) < ahead);
});
