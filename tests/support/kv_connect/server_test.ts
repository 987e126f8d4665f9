import assert from "node:assert/strict";
import { openKvConnect } from "./open.ts";
import { startKvConnect } from "./process.ts";
import { type KvConnectServer, serveKvConnect } from "./server.ts";

const open = ({ url }: KvConnectServer) => openKvConnect(url);

async function keysOf(
  entries: Deno.KvListIterator<unknown>,
): Promise<Deno.KvKey[]> {
  const keys: Deno.KvKey[] = [];
  for await (const { key } of entries) keys.push(key);
  return keys;
}

for (const version of [1, 2, 3]) {
  Deno.test(`Deno's client speaks version ${version} of KV Connect with the double`, async () => {
    await using server = serveKvConnect({ versions: [version] });
    using kv = await open(server);
    const first = await kv.set(["a", 1], { n: 1 });
    const second = await kv.set(["a", 2], [null, "ü", 3n]);
    assert(second.versionstamp > first.versionstamp);
    const found = await kv.getMany([["a", 1], ["a", 2], ["a", 3]]);
    assert.deepEqual(found.map(({ value }) => value), [
      { n: 1 },
      [null, "ü", 3n],
      null,
    ]);
    const stale = await kv.atomic()
      .check({ key: ["a", 1], versionstamp: second.versionstamp })
      .delete(["a", 1]).delete(["a", 2]).commit();
    assert.equal(stale.ok, false);
    const fresh = await kv.atomic()
      .check({ key: ["a", 1], versionstamp: first.versionstamp })
      .check({ key: ["a", 3], versionstamp: null })
      .delete(["a", 1]).commit();
    assert.equal(fresh.ok, true);
    assert.deepEqual(await keysOf(kv.list({ prefix: ["a"] })), [["a", 2]]);
  });
}

Deno.test("the double lists in both directions, in batches, by cursor and up to a limit", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  const keys = Array.from({ length: 25 }, (_, i) => ["k", i]);
  for (const key of keys) await kv.set(key, true);
  const all = { prefix: ["k"] };
  assert.deepEqual(await keysOf(kv.list(all, { batchSize: 4 })), keys);
  const back = kv.list(all, { reverse: true, limit: 10 });
  assert.deepEqual(await keysOf(back), keys.slice(-10).reverse());
  const { cursor } = back;
  assert.deepEqual(
    await keysOf(kv.list(all, { reverse: true, cursor })),
    keys.slice(0, -10).reverse(),
  );
});

Deno.test("the double counts with 64-bit numbers only, and a refused count leaves nothing behind", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  await kv.atomic().sum(["n"], 5n).commit();
  await kv.atomic().sum(["n"], 2n ** 64n - 1n).commit();
  await kv.atomic().max(["most"], 2n).max(["least"], 9n).commit();
  await kv.atomic().max(["most"], 7n).min(["least"], 4n).commit();
  const counts = await kv.getMany<Deno.KvU64[]>([["n"], ["most"], ["least"]]);
  assert.deepEqual(counts.map(({ value }) => value?.value), [4n, 7n, 4n]);
  await kv.set(["text"], "1");
  await assert.rejects(
    kv.atomic().set(["before"], 1).sum(["text"], 1n).commit(),
    /64-bit numbers only/,
  );
  assert.equal((await kv.get(["before"])).value, null);
});

Deno.test("the double appends a commit's versionstamp to a key", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  const first = await kv.set(["log", kv.commitVersionstamp()], "first");
  const second = await kv.set(["log", kv.commitVersionstamp()], "second");
  assert.deepEqual(await keysOf(kv.list({ prefix: ["log"] })), [
    ["log", first.versionstamp],
    ["log", second.versionstamp],
  ]);
});

Deno.test("the double has denokv's limits, which are narrower than the client's", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  const checks = (count: number) => {
    const operation = kv.atomic();
    for (let i = 0; i < count; i++) {
      operation.check({ key: ["none", i], versionstamp: null });
    }
    return operation.set(["checked"], count).commit();
  };
  assert.equal((await checks(10)).ok, true);
  await assert.rejects(checks(11), /Too many checks/);
  await kv.set(["large"], new Uint8Array(65_536));
  await assert.rejects(kv.set(["large"], new Uint8Array(65_537)), /too large/);
  await assert.rejects(kv.set(["k".repeat(2048)], 1), /too large/);
  await assert.rejects(kv.enqueue("a message"), /not supported/);
});

Deno.test("watching through the double shows the state, every later one, and deletions", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  using other = await open(server);
  const reader = kv.watch<[number, string]>([["n"], ["beside"]]).getReader();
  const next = async () =>
    (await reader.read()).value?.map((entry) => entry.value);
  assert.deepEqual(await next(), [null, null]);
  await other.set(["n"], 1);
  assert.deepEqual(await next(), [1, null]);
  await other.set(["elsewhere"], 1);
  await other.atomic().delete(["n"]).set(["beside"], "here").commit();
  assert.deepEqual(await next(), [null, "here"]);
  await reader.cancel();
});

Deno.test("the double refuses a wrong token when opened, and later requests without the right one", async () => {
  await using server = serveKvConnect({ accessToken: "right" });
  await assert.rejects(
    openKvConnect(server.url, "wrong"),
    /401 .*Invalid access token/,
  );
  const answer = await fetch(`${server.url}/data/snapshot_read`, {
    method: "POST",
    headers: { authorization: "Bearer wrong" },
  });
  assert.equal(answer.status, 401);
  await answer.body?.cancel();
});

Deno.test("the double answers a request that is none with a 4xx", async () => {
  await using server = serveKvConnect();
  const ask = async (path: string, body: BodyInit, headers = {}) => {
    const answer = await fetch(server.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${server.accessToken}`, ...headers },
      body,
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const data = {
    "x-denokv-version": "3",
    "x-denokv-database-id": "00000000-0000-0000-0000-000000000000",
  };
  const damaged = Uint8Array.of(10, 200, 1);
  assert.equal(await ask("/", "{"), 400);
  assert.equal(await ask("/", `{"supportedVersions":[9]}`), 400);
  assert.equal(await ask("/data/atomic_write", damaged, data), 400);
  assert.equal(await ask("/data/atomic_write", ""), 400);
  assert.equal(await ask("/data/nothing", "", data), 404);
});

Deno.test("the client repeats a 5xx of the double until it passes, and gives up at a 4xx", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  await kv.set(["a"], 1);
  server.faults.status = 429;
  await assert.rejects(kv.get(["a"]), /status=429/);
  server.faults.status = 500;
  const reading = kv.get(["a"]);
  setTimeout(() => server.faults.status = null, 100);
  assert.equal((await reading).value, 1);
});

Deno.test("a commit whose answer is lost has landed, and looks to its client like a lost race", async () => {
  await using server = serveKvConnect();
  using kv = await open(server);
  server.faults.lostAnswers = 1;
  const { ok } = await kv.atomic()
    .check({ key: ["a"], versionstamp: null }).set(["a"], 1).commit();
  assert.equal(ok, false);
  assert.equal((await kv.get(["a"])).value, 1);
});

Deno.test("the double's process keeps every acknowledged commit through a kill, and its clients go on", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  const file = `${folder}/kv.sqlite3`;
  let process = await startKvConnect({ file });
  const port = Number(new URL(process.url).port);
  try {
    using kv = await openKvConnect(process.url);
    const watching = kv.watch([["n"]]).getReader();
    await watching.read();
    for (let n = 0; n < 100; n++) await kv.set(["n"], n);
    await process.kill();
    const later = kv.get(["n"]);
    process = await startKvConnect({ file, port });
    assert.equal((await later).value, 99);
    await kv.set(["n"], "on");
    for (;;) {
      const { value } = await watching.read();
      if (value?.[0]?.value === "on") break;
    }
    await watching.cancel();
  } finally {
    await process.kill();
    await Deno.remove(folder, { recursive: true });
  }
});
