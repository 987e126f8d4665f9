import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import { takeLease } from "@/lib/kv/lease.ts";
import {
  reconcile,
  RECONCILERS,
  releaseLeases,
} from "@/lib/reconcilers/service.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld } from "../../support/world.ts";

Deno.test("a reconciler runs under a lease of its own, in one process at a time", async () => {
  await using world = await createWorld();
  const { services } = world;
  let running = 0;
  let runs = 0;
  const reconciler = {
    name: "test",
    everyMs: 1,
    async run() {
      runs++;
      assert.equal(++running, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running--;
    },
  };
  await Promise.all(
    ["a", "b", "c"].map((owner) => reconcile(services, reconciler, owner)),
  );
  assert.equal(runs, 1);
  // Other work goes on besides.
  const other = { ...reconciler, name: "other" };
  assert(await reconcile(services, other, "c"));
  assert.equal(runs, 2);
});

Deno.test("a reconciler that fails says so, and runs again the next time", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const { services } = world;
  let error: Error | null = new TypeError("of nobody's making");
  const reconciler = {
    name: "test",
    everyMs: 1,
    run: () => error === null ? Promise.resolve() : Promise.reject(error),
  };
  assert.equal(await reconcile(services, reconciler, "a"), false);
  // A clinic that has set up no video service has nothing to agree with.
  error = new AppError("video_not_configured", "No video service");
  assert.equal(await reconcile(services, reconciler, "a"), true);
  error = null;
  assert.equal(await reconcile(services, reconciler, "a"), true);
});

Deno.test("leases that are released are the next process's at once; those of others stay theirs", async () => {
  await using world = await createWorld();
  const { services } = world;
  const { kv, now } = services;
  const [first, ...others] = RECONCILERS.map(({ name }) => name);
  for (const name of others) await takeLease(kv, name, "a", now);
  await takeLease(kv, first!, "b", now);
  await releaseLeases(services, "a");
  assert.equal(await takeLease(kv, first!, "c", now), null);
  for (const name of others) assert(await takeLease(kv, name, "c", now));
});
