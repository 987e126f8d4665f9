/**
 * What the app relies on, proven of every storage it can be pointed at: a
 * clinic moves from one to another by a setting. See README, "Moving the
 * storage".
 *
 * @module
 */
import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";
import { readPage } from "@/lib/kv/page.ts";
import { ticks } from "@/lib/kv/ticks.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { type Storage, STORAGES } from "../../support/storages.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

/** What holds of every storage, by name. */
const CONTRACT: Record<string, (storage: Storage) => Promise<void>> = {
  async "a commit that lost its race answers ok: false and leaves nothing behind"(
    storage,
  ) {
    const kv = await storage.open();
    await kv.set(["kept"], "as it was");
    const seen = await kv.get(["record"]);
    await kv.set(["record"], "somebody else's");
    const commit = (check: Deno.AtomicCheck) =>
      kv.atomic().check(check).set(["record"], "mine").set(["beside"], true)
        .delete(["kept"]).commit();
    assert.deepEqual(await commit(seen), { ok: false });
    const [record, beside, kept] = await kv.getMany([
      ["record"],
      ["beside"],
      ["kept"],
    ]);
    assert.deepEqual([record.value, beside.value, kept.value], [
      "somebody else's",
      null,
      "as it was",
    ]);
    assert.equal((await commit(record)).ok, true);
    assert.equal((await kv.get(["kept"])).value, null);
  },

  async "a commit with one impossible change throws and leaves nothing behind"(
    storage,
  ) {
    const kv = await storage.open();
    await kv.set(["kept"], true);
    await assert.rejects(
      kv.atomic().set(["record"], true).delete(["kept"])
        .set(["large"], "x".repeat(70_000)).commit(),
    );
    const found = await kv.getMany([["record"], ["kept"]]);
    assert.deepEqual(found.map(({ value }) => value), [null, true]);
  },

  async "a commit may depend on ten keys, there or not, and change many"(
    storage,
  ) {
    const kv = await storage.open();
    const operation = kv.atomic();
    for (let i = 0; i < 5; i++) {
      await kv.set(["there", i], i);
      operation.check(await kv.get(["there", i]));
      operation.check({ key: ["not there", i], versionstamp: null });
    }
    for (let i = 0; i < 100; i++) operation.set(["changed", i], { i });
    assert.equal((await operation.commit()).ok, true);
    assert.deepEqual((await kv.get(["changed", 99])).value, { i: 99 });
  },

  async "values come back as they were written"(storage) {
    const kv = await storage.open();
    const value = {
      text: "Grüße, 患者 👩🏽‍⚕️ \u0000 \u2028",
      nothing: null,
      deep: { list: [1, -0.5, { empty: {} }, []], yes: true },
      bytes: Uint8Array.of(0, 128, 255),
      at: new Date("2026-11-21T12:00:00.123Z"),
    };
    await kv.set(["value"], value);
    assert.deepEqual((await kv.get(["value"])).value, value);
  },

  async "values of up to 64 KiB are kept, larger ones refused"(storage) {
    const kv = await storage.open();
    const large = "x".repeat(65_000);
    await kv.set(["large"], large);
    assert.equal((await kv.get(["large"])).value, large);
    await assert.rejects(kv.set(["large"], "x".repeat(66_000)), TypeError);
    assert.equal((await kv.get(["large"])).value, large);
  },

  async "ten keys are read at once, in the order they are asked for"(storage) {
    const kv = await storage.open();
    const keys = Array.from({ length: 10 }, (_, i) => ["k", 9 - i]);
    for (const key of keys.slice(0, 9)) await kv.set(key, key[1]);
    const entries = await kv.getMany<number[]>(keys);
    assert.deepEqual(entries.map(({ key }) => key), keys);
    assert.deepEqual(entries.map(({ value }) => value), [
      ...[9, 8, 7, 6, 5, 4, 3, 2, 1],
      null,
    ]);
    assert.equal(entries[9]!.versionstamp, null);
  },

  async "lists are in the order of their keys: numbers by size, text by character"(
    storage,
  ) {
    const kv = await storage.open();
    const keys = [
      ["list", "a", 2],
      ["list", "a", 10],
      ["list", "a", 100],
      ["list", "ab", 1],
      ["list", "b", 1],
    ];
    for (const key of keys.toReversed()) await kv.set(key, true);
    await kv.set(["list"], "not in it");
    await kv.set(["listed", 1], "not in it");
    const found: Deno.KvKey[] = [];
    const entries = kv.list({ prefix: ["list"] }, { batchSize: 2 });
    for await (const { key } of entries) found.push(key);
    assert.deepEqual(found, keys);
  },

  async "readPage() walks a list newest first, page by page, filtered, and refuses a foreign cursor"(
    storage,
  ) {
    const kv = await storage.open();
    for (let id = 0; id < 25; id++) {
      await kv.atomic().set(["list", id], id).set(["record", id], `#${id}`)
        .commit();
    }
    const page = (cursor: string | undefined) =>
      readPage<number, string>(kv, ["list"], { limit: 5, cursor }, {
        keep: (id) => id % 2 === 0,
        recordKey: (id) => ["record", id],
      });
    const found: string[][] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await page(cursor);
      found.push(items);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(found, [
      ["#24", "#22", "#20", "#18", "#16"],
      ["#14", "#12", "#10", "#8", "#6"],
      ["#4", "#2", "#0"],
    ]);
    await assert.rejects(
      page("not ours!"),
      ({ code }: AppError) => code === "validation",
    );
  },

  async "what one client has written another one reads at once"(storage) {
    const [writer, reader] = [await storage.open(), await storage.open()];
    for (let n = 0; n < 50; n++) {
      const { versionstamp } = await writer.set(["n"], n);
      const entry = await reader.get(["n"]);
      assert.deepEqual([entry.value, entry.versionstamp], [n, versionstamp]);
      const listed = await Array.fromAsync(reader.list({ prefix: [] }));
      assert.deepEqual(listed.map(({ value }) => value), [n]);
    }
  },

  async "versionstamps grow from commit to commit"(storage) {
    const kv = await storage.open();
    let last = "";
    for (let n = 0; n < 20; n++) {
      const { versionstamp } = await kv.set([n % 3], n);
      assert(versionstamp > last);
      last = versionstamp;
    }
  },

  async "of fifty writers of one record nobody's write is lost"(storage) {
    const kv = await storage.open();
    await assertCounts(50, () => kv);
  },

  async "two clients that write the same records lose nothing either"(
    storage,
  ) {
    const clients = [await storage.open(), await storage.open()];
    await assertCounts(30, (n) => clients[n % 2]!);
  },

  async "ticks() tells of a change by another client soon"(storage) {
    const [kv, other] = [await storage.open(), await storage.open()];
    const aborting = new AbortController();
    const seen: unknown[] = [];
    const startedAt = performance.now();
    for await (
      const _ of ticks(kv, [["other"], ["watched"]], aborting.signal)
    ) {
      seen.push((await kv.get(["watched"])).value);
      if (seen.length === 1) await other.set(["watched"], "changed");
      if (seen.at(-1) === "changed") aborting.abort();
    }
    assert.equal(seen[0], null);
    assert(performance.now() - startedAt < 4000, "only the regular look told");
  },

  async "an expiry keeps a value at least so long, and a later write without one lifts it"(
    storage,
  ) {
    const kv = await storage.open();
    await kv.set(["row"], 1, { expireIn: 60_000 });
    assert.equal((await kv.get(["row"])).value, 1);
    await kv.set(["row"], 2, { expireIn: 1 });
    await kv.set(["row"], 3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await kv.get(["row"])).value, 3);
  },

  async "a session is planned, started, joined and ended, and everything agrees"(
    storage,
  ) {
    await using world = await createWorld(storage.environment);
    const { doctor, patient } = world;
    const visit = `visit_id=${world.visit.id}`;
    const session = await plan(world);
    assert.deepEqual(await statuses(world, visit), ["SCHEDULED"]);
    assert.equal((await token(world, patient, session)).waiting, true);
    await command(world, doctor, session, "start", 200);
    await command(world, doctor, session, "start", 200);
    assert.equal((await token(world, patient, session)).waiting, false);
    assert.equal((await token(world, doctor, session)).waiting, false);
    const other = await plan(world);
    await command(world, doctor, other, "start", 409);
    await command(world, doctor, other, "cancel", 200);
    await command(world, patient, session, "leave", 200);
    world.pass(600);
    await command(world, doctor, session, "end", 200);
    await command(world, doctor, session, "end", 200);
    assert.deepEqual(
      (await statuses(world, visit)).sort(),
      ["CANCELLED", "COMPLETED"],
    );
    assert.deepEqual(await statuses(world, "status=COMPLETED"), ["COMPLETED"]);
    await assertInvariants(world.services.kv);
  },

  async "of racing starts in one visit exactly one wins"(storage) {
    await using world = await createWorld(storage.environment);
    const sessions = [];
    for (let n = 0; n < 6; n++) sessions.push(await plan(world));
    const answers = await Promise.all(
      sessions.map(({ id }) =>
        world.ask(
          world.doctor,
          "POST",
          `/api/v1/telemedicine/${id}/start/`,
        )
      ),
    );
    for (const answer of answers) await answer.body?.cancel();
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    await assertInvariants(world.services.kv);
  },

  async "a sign-in is over when its time is, whether its row is still there or not"(
    storage,
  ) {
    await using world = await createWorld(storage.environment);
    const me = async () => {
      const answer = await world.ask(world.doctor, "GET", "/api/v1/auth/me/");
      await answer.body?.cancel();
      return answer.status;
    };
    assert.equal(await me(), 200);
    world.pass(31 * 60);
    assert.equal(await me(), 401);
  },
};

for (const [name, start] of Object.entries(STORAGES)) {
  for (const [rule, holds] of Object.entries(CONTRACT)) {
    Deno.test(`the storage contract on ${name}: ${rule}`, async () => {
      await using storage = await start();
      await holds(storage);
    });
  }
}

/** Everybody adds one, all at once, until it has landed; those who were told so have been counted. */
async function assertCounts(
  writers: number,
  clientOf: (n: number) => Deno.Kv,
): Promise<void> {
  const results = await Promise.allSettled(
    Array.from({ length: writers }, (_, n) => addOne(clientOf(n))),
  );
  const refused = results.filter((result) => result.status === "rejected");
  for (const { reason } of refused) {
    assert(reason instanceof AppError, String(reason));
    assert.equal(reason.code, "storage_busy");
  }
  const count = (await clientOf(0).get<number>(["count"])).value;
  assert.equal(count, writers - refused.length);
  const landed = await Array.fromAsync(clientOf(0).list({ prefix: ["by"] }));
  assert.equal(landed.length, count);
  assert(count > writers / 2, `${refused.length} of ${writers} gave up`);
}

function addOne(kv: Deno.Kv): Promise<void> {
  return untilCommitted(async () => {
    const entry = await kv.get<number>(["count"]);
    const count = (entry.value ?? 0) + 1;
    const { ok } = await kv.atomic().check(entry).set(entry.key, count)
      .set(["by", count], true).commit();
    return ok ? { ok, value: undefined } : LOST;
  });
}

function plan(world: World): Promise<Session> {
  return world.plan({ notes: "Grüße 👩🏽‍⚕️" });
}

async function command(
  world: World,
  person: Person,
  { id }: Session,
  name: string,
  expected: number,
): Promise<void> {
  const path = `/api/v1/telemedicine/${id}/${name}/`;
  const answer = await world.ask(person, "POST", path);
  assert.equal(answer.status, expected, `${name}: ${await answer.text()}`);
}

async function token(
  world: World,
  person: Person,
  { id }: Session,
): Promise<{ waiting: boolean }> {
  const path = "/api/v1/telemedicine/token/";
  const json = { session_id: id };
  const answer = await world.ask(person, "POST", path, { json });
  if (answer.status === 200) return await answer.json();
  throw new Error(await answer.text());
}

async function statuses(world: World, query: string): Promise<string[]> {
  const path = `/api/v1/telemedicine/?${query}`;
  const { results } = await (await world.ask(world.patient, "GET", path))
    .json();
  return results.map(({ status }: { status: string }) => status);
}
