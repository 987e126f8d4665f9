import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";

Deno.test("untilCommitted() starts over when somebody else was faster or SQLite is locked", async () => {
  let attempts = 0;
  const value = await untilCommitted(() => {
    attempts++;
    if (attempts === 1) return Promise.resolve(LOST);
    if (attempts === 2) {
      return Promise.reject(new TypeError("database is locked"));
    }
    return Promise.resolve({ ok: true as const, value: "done" });
  });
  assert.deepEqual([value, attempts], ["done", 3]);
});

Deno.test("untilCommitted() does not hide any other error", async () => {
  await assert.rejects(
    untilCommitted(() => Promise.reject(new TypeError("value too large"))),
    /value too large/,
  );
});

Deno.test("untilCommitted() gives up in the end and says when to come back", async () => {
  await assert.rejects(
    untilCommitted(() => Promise.resolve(LOST)),
    (error: AppError) => {
      assert.equal(error.code, "storage_busy");
      assert.equal(error.retryAfterSeconds, 1);
      return true;
    },
  );
});

Deno.test("a failing counter would leave a local commit half done: why commits only set and delete", async () => {
  // Measured on Deno 2.9's SQLite backend; if this ever fails, the rule in
  // lib/sessions/store.ts could be relaxed.
  const kv = await Deno.openKv(":memory:");
  await kv.set(["number"], "not a number");
  await assert.rejects(
    kv.atomic().set(["state"], 1).sum(["number"], 1n).commit(),
  );
  assert.equal((await kv.get(["state"])).value, 1);
  kv.close();
});
