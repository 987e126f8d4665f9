import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { copyStorage } from "@/lib/kv/copy.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { serveKvConnect } from "../../support/kv_connect/server.ts";
import { createWorld } from "../../support/world.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

async function entriesOf(kv: Deno.Kv): Promise<[Deno.KvKey, unknown][]> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return entries.map(({ key, value }) => [key, value]);
}

async function entriesAt(
  path: string,
  token: string | null = null,
): Promise<[Deno.KvKey, unknown][]> {
  using kv = await openStorage(path, token);
  return await entriesOf(kv);
}

/** The keys that expire, as bytes. Deno's own files and the double's differ in the column's name and what stands for never. */
function expiringKeys(file: string, column: string): string[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare(
    `select k from kv where ${column} is not null and ${column} > 0 order by k`,
  ).all() as unknown as { k: Uint8Array }[];
  return rows.map(({ k }) => k.toHex());
}

/** A clinic in which everything that expires has been written at least once. */
async function fillClinic(KV_PATH: string): Promise<void> {
  await using world = await createWorld({ KV_PATH });
  const { doctor, patient, otherPatient } = world;
  const session = await world.plan({ notes: "Grüße 👩🏽‍⚕️", voiceOnly: true });
  const path = `/api/v1/telemedicine/${session.id}/`;
  const ask = async (...asked: Parameters<typeof world.ask>) => {
    const answer = await world.ask(...asked);
    await answer.body?.cancel();
  };
  const headers = { "idempotency-key": "the-key-of-this-start" };
  await ask(doctor, "POST", `${path}start/`, { headers });
  await ask(patient, "POST", `${path}leave/`);
  await ask(otherPatient, "GET", path);
  await ask(null, "POST", "/api/v1/auth/login/", {
    json: { email: "nobody@test.bedside", password: "a guess" },
  });
  for (let n = 0; n < 30; n++) await world.plan();
  await ask(doctor, "POST", `${path}end/`);
}

function copyTask(
  args: string[],
  token: string,
): Promise<{ code: number; said: string }> {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${ROOT}lib/server/copy_storage.ts`, ...args],
    env: { NO_COLOR: "1", DENO_KV_ACCESS_TOKEN: token },
  }).output().then(({ code, stdout, stderr }) => ({
    code,
    said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr),
  }));
}

Deno.test("a clinic moves from a file to a KV server and back, and everything is the same", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  const [from, served, back] = ["from", "served", "back"].map((name) =>
    `${folder}/${name}.sqlite3`
  ) as [string, string, string];
  try {
    await fillClinic(from);
    const before = await entriesAt(from);
    assert(before.length > 100);
    const expiring = expiringKeys(from, "expiration_ms");
    assert(expiring.length >= 4);
    {
      await using server = serveKvConnect({ file: served });
      const { url, accessToken } = server;
      const there = await copyTask([from, url], accessToken);
      assert.equal(there.code, 0, there.said);
      assert.match(there.said, /^Copied \d+ entries .* all the same$/m);
      assert.deepEqual(await entriesAt(url, accessToken), before);
      assert.deepEqual(expiringKeys(served, "expires_ms"), expiring);
      const again = await copyTask([from, url], accessToken);
      assert.equal(again.code, 1);
      assert.match(again.said, /is not empty/);
      const home = await copyTask([url, back], accessToken);
      assert.equal(home.code, 0, home.said);
    }
    assert.deepEqual(await entriesAt(back), before);
    assert.deepEqual(expiringKeys(back, "expiration_ms"), expiring);
    using kv = await openStorage(back);
    await assertInvariants(kv);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("storage:copy explains itself, and makes no storage where there was none", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    assert.match(
      (await copyTask([], "")).said,
      /^Usage: deno task storage:copy/,
    );
    const missing = await copyTask([`${folder}/a`, `${folder}/b`], "");
    assert.deepEqual([missing.code, missing.said], [
      1,
      `error: There is no storage at ${folder}/a\n`,
    ]);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a copy of a storage that is written to meanwhile is noticed", async () => {
  using source = await openStorage(":memory:");
  using target = await openStorage(":memory:");
  for (let n = 0; n < 30; n++) await source.set(["n", n], n);
  const during = (write: () => void) =>
    copyStorage(source, target, (entries) => entries === 20 && write());
  assert.deepEqual(
    await during(() => void source.set(["n", 3], "changed")),
    { ok: false, why: "changed", key: ["n", 3] },
  );
  assert.deepEqual(await copyStorage(source, target), {
    ok: false,
    why: "not_empty",
  });
});

Deno.test("who writes a row that expires also says so in lib/kv/short_lived.ts", async () => {
  const writers: string[] = [];
  for (const folder of await Array.fromAsync(Deno.readDir(`${ROOT}lib`))) {
    if (!folder.isDirectory) continue;
    for await (const { name } of Deno.readDir(`${ROOT}lib/${folder.name}`)) {
      if (!name.endsWith(".ts")) continue;
      const path = `lib/${folder.name}/${name}`;
      const text = await Deno.readTextFile(ROOT + path);
      if (/\bexpireIn\b.*:/.test(text)) writers.push(path);
    }
  }
  // A new one here: add the prefix of its keys there.
  assert.deepEqual(writers.sort(), [
    "lib/audit/service.ts",
    "lib/calls/seen_store.ts",
    "lib/idempotency/store.ts",
    "lib/kv/copy.ts",
    "lib/messages/store.ts",
    "lib/rate_limit/store.ts",
    "lib/sessions/store.ts",
    "lib/sessions/waiting_store.ts",
    "lib/setup/store.ts",
    "lib/sign_in/store.ts",
  ]);
});
