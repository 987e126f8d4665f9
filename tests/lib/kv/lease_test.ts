import assert from "node:assert/strict";
import { mock } from "node:test";
import { type Lease, takeLease, whileHeld } from "@/lib/kv/lease.ts";
import { handledKv } from "../../support/handled_kv.ts";
import { NOON } from "../../support/noon.ts";

/** A storage of the test's own, and a clock that it moves. */
async function open(path = ":memory:") {
  const kv = await Deno.openKv(path);
  let clock = NOON.getTime();
  return {
    kv,
    now: () => new Date(clock),
    pass: (seconds: number) => void (clock += seconds * 1000),
    fence: async () =>
      (await kv.get<{ fence: number }>(["lease", "work"])).value?.fence,
    [Symbol.dispose]: () => kv.close(),
  };
}

/** Commits something under the lease, and answers whether that went. */
async function commit(kv: Deno.Kv, { guard }: Lease): Promise<boolean> {
  return (await kv.atomic().check(guard()).set(["effect"], 1).commit()).ok;
}

Deno.test("a lease has one holder, until it expires", async () => {
  using place = await open();
  const { kv, now, pass } = place;
  assert(await takeLease(kv, "work", "a", now));
  assert.equal(await takeLease(kv, "work", "b", now), null);
  assert(await takeLease(kv, "other work", "b", now));
  pass(14);
  assert.equal(await takeLease(kv, "work", "b", now), null);
  pass(1);
  assert(await takeLease(kv, "work", "b", now));
  assert.equal(await takeLease(kv, "work", "a", now), null);
});

Deno.test("of many who reach for a free lease at once, one gets it", async () => {
  using place = await open();
  for (let round = 0; round < 20; round++) {
    place.pass(60);
    const taken = await Promise.all(
      Array.from(
        { length: 10 },
        (_, i) => takeLease(place.kv, "work", `${round}-${i}`, place.now),
      ),
    );
    assert.equal(taken.filter((lease) => lease !== null).length, 1);
  }
});

Deno.test("a lease's fence grows with every new holder, and only then", async () => {
  using place = await open();
  const { kv, now, pass, fence } = place;
  await takeLease(kv, "work", "a", now);
  assert.equal(await fence(), 1);
  pass(10);
  await takeLease(kv, "work", "a", now);
  assert.equal(await fence(), 1);
  pass(60);
  await takeLease(kv, "work", "b", now);
  assert.equal(await fence(), 2);
  pass(60);
  await takeLease(kv, "work", "a", now);
  assert.equal(await fence(), 3);
});

Deno.test("a holder that was stopped for a minute cannot commit when it wakes, nor go on holding", async () => {
  using place = await open();
  const { kv, now, pass } = place;
  const stopped = (await takeLease(kv, "work", "a", now))!;
  assert(await commit(kv, stopped));
  pass(60);
  const next = (await takeLease(kv, "work", "b", now))!;
  assert.equal(await commit(kv, stopped), false);
  assert(await commit(kv, next));
  await assert.rejects(stopped.keep(), { code: "conflict" });
  assert.equal(await commit(kv, stopped), false);
  // It does not take away what is somebody else's, either.
  await stopped.release();
  assert(await commit(kv, next));
  assert.equal(await takeLease(kv, "work", "c", now), null);
});

Deno.test("who reaches for a lease that is over cannot commit under it before they have it", async () => {
  using place = await open();
  const { now, pass } = place;
  let whileTaking = () => Promise.resolve();
  const kv = handledKv(place.kv, {
    read: (_, run) => run(),
    commit: async (_, run) => {
      await whileTaking();
      return await run();
    },
  });
  const stopped = (await takeLease(kv, "work", "a", now))!;
  pass(60);
  const next = (await takeLease(kv, "work", "b", now))!;
  // Over, and nobody has taken it: it is still the last one's.
  pass(60);
  whileTaking = async () => {
    assert.equal(await commit(place.kv, stopped), false);
    assert(await commit(place.kv, next));
  };
  await stopped.keep();
  assert(await commit(place.kv, stopped));
  assert.equal(await commit(place.kv, next), false);
});

Deno.test("a clock that is wrong costs the lease, but two never commit under it", async () => {
  using place = await open();
  const { kv, now } = place;
  const anHourAhead = () => new Date(now().getTime() + 3_600_000);
  const first = (await takeLease(kv, "work", "a", now))!;
  const second = (await takeLease(kv, "work", "b", anHourAhead))!;
  assert.equal(await commit(kv, first), false);
  assert(await commit(kv, second));
});

Deno.test("who goes on holding a lease keeps it for as long as that takes, and its commits land", async () => {
  using place = await open();
  const { kv, now, pass } = place;
  const lease = (await takeLease(kv, "work", "a", now))!;
  for (let i = 0; i < 10; i++) {
    pass(9);
    await lease.keep();
    assert(await commit(kv, lease));
    assert.equal(await takeLease(kv, "work", "b", now), null);
  }
});

Deno.test("a holder that goes on holding it twice at once has not lost it", async () => {
  using place = await open();
  const { kv, now, pass } = place;
  const lease = (await takeLease(kv, "work", "a", now))!;
  for (let i = 0; i < 20; i++) {
    pass(9);
    await Promise.all([lease.keep(), lease.keep(), lease.keep()]);
    assert(await commit(kv, lease));
  }
});

Deno.test("work that takes long goes on holding its lease, also when that does not work once", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    let kept = 0;
    const lease: Lease = {
      guard: () => ({ key: ["lease", "work"], versionstamp: null }),
      keep: () => ++kept === 2 ? Promise.reject("busy") : Promise.resolve(),
      release: () => Promise.resolve(),
    };
    await whileHeld(lease, async () => {
      for (let i = 0; i < 4; i++) {
        mock.timers.tick(5_000);
        await new Promise((resolve) => setTimeout(resolve));
      }
    });
    assert.equal(kept, 4);
    // And not when it is done, or has failed.
    await assert.rejects(
      whileHeld(lease, () => Promise.reject(new Error("failed"))),
      /failed/,
    );
    mock.timers.tick(20_000);
    assert.equal(kept, 4);
  } finally {
    mock.timers.reset();
  }
});

Deno.test("a lease that is released is free at once", async () => {
  using place = await open();
  const { kv, now } = place;
  const lease = (await takeLease(kv, "work", "a", now))!;
  await lease.release();
  assert.equal(await commit(kv, lease), false);
  assert(await takeLease(kv, "work", "b", now));
});

Deno.test("two processes on one file share the work: a lease is only one's", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    using one = await open(`${folder}/kv.sqlite3`);
    using other = await open(`${folder}/kv.sqlite3`);
    for (let round = 0; round < 10; round++) {
      one.pass(60);
      other.pass(60);
      const taken = await Promise.all([
        takeLease(one.kv, "work", "a", one.now),
        takeLease(other.kv, "work", "b", other.now),
      ].map((taking) =>
        // The storage is the other's for this moment: the next second will do.
        taking.catch((error) => {
          assert.match(String(error), /database is locked/);
          return null;
        })
      ));
      const held = taken.filter((lease) => lease !== null);
      assert(held.length <= 1);
      for (const lease of held) {
        const { kv } = taken[0] === lease ? other : one;
        assert(await commit(kv, lease));
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
