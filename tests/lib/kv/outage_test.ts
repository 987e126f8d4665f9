/**
 * The storage fails while the app runs: what people are told, and that
 * everything goes on afterwards.
 *
 * @module
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { insertAccount } from "@/lib/accounts/store.ts";
import { AppError } from "@/lib/errors.ts";
import { withDeadline } from "@/lib/kv/deadline.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { createVisit } from "@/lib/visits/service.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { openKvConnect } from "../../support/kv_connect/open.ts";
import { serveKvConnect } from "../../support/kv_connect/server.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const isUnavailable = ({ code }: AppError) => code === "storage_unavailable";

async function inFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Status, code of the problem, and whether it says when to come back. */
async function answerOf(world: World, method: string, path: string) {
  const answer = await world.ask(world.doctor, method, path);
  const { code } = await answer.json();
  return [answer.status, code, answer.headers.has("retry-after")];
}

function ready(world: World) {
  return answerStatus(world, "/readyz");
}

async function answerStatus(
  world: World,
  path: string,
  person: Person | null = world.doctor,
): Promise<number> {
  const answer = await world.ask(person, "GET", path);
  await answer.body?.cancel();
  return answer.status;
}

Deno.test("while the KV server is down everything is answered 503, and goes on when it is back", async () => {
  await inFolder(async (folder) => {
    using _ = quiet();
    const file = `${folder}/kv.sqlite3`;
    let server = serveKvConnect({ file });
    const port = Number(new URL(server.url).port);
    try {
      await using world = await createWorld({
        KV_PATH: server.url,
        DENO_KV_ACCESS_TOKEN: server.accessToken,
      });
      withDeadline(world.services.kv, { answerMs: 300 });
      const session = await world.plan();
      const start = `/api/v1/telemedicine/${session.id}/start/`;
      await server[Symbol.asyncDispose]();

      const unavailable = [503, "storage_unavailable", true];
      assert.deepEqual(await answerOf(world, "POST", start), unavailable);
      assert.equal(await ready(world), 503);
      assert.equal(await answerStatus(world, "/visits"), 503);
      assert.equal(await answerStatus(world, "/healthz", null), 200);
      // Once it is known to be down, nobody waits.
      const askedAt = performance.now();
      for (let n = 0; n < 20; n++) await ready(world);
      assert(performance.now() - askedAt < 300);

      server = serveKvConnect({ file, port });
      const deadline = Date.now() + 5000;
      while (await ready(world) !== 200) {
        assert(Date.now() < deadline, "not ready again");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const answer = await world.ask(world.doctor, "POST", start);
      assert.equal(answer.status, 200, await answer.text());
      await assertInvariants(world.services.kv);
    } finally {
      await server[Symbol.asyncDispose]();
    }
  });
});

Deno.test("a KV server that refuses requests makes answers 503, not 500", async () => {
  using _ = quiet();
  await using server = serveKvConnect();
  await using world = await createWorld({
    KV_PATH: server.url,
    DENO_KV_ACCESS_TOKEN: server.accessToken,
  });
  server.faults.status = 429;
  assert.deepEqual(
    await answerOf(world, "GET", "/api/v1/telemedicine/"),
    [503, "storage_unavailable", true],
  );
  assert.equal(await ready(world), 503);
  server.faults.status = null;
  assert.equal(await ready(world), 200);
});

Deno.test("a live stream outlives a KV server that restarts", async () => {
  await inFolder(async (folder) => {
    using _ = quiet();
    const file = `${folder}/kv.sqlite3`;
    let server = serveKvConnect({ file });
    const port = Number(new URL(server.url).port);
    try {
      await using world = await createWorld({
        KV_PATH: server.url,
        DENO_KV_ACCESS_TOKEN: server.accessToken,
      });
      const session = await world.plan();
      const path = `/api/v1/telemedicine/${session.id}/`;
      const stream = await world.ask(world.patient, "GET", `${path}events/`);
      const reader = stream.body!.pipeThrough(new TextDecoderStream())
        .getReader();
      const until = async (word: string) => {
        for (let told = ""; !told.includes(word);) {
          const { value, done } = await reader.read();
          assert(!done, `the stream ended before "${word}"`);
          told += value;
        }
      };
      await until('"SCHEDULED"');
      await server[Symbol.asyncDispose]();
      server = serveKvConnect({ file, port });
      const answer = await world.ask(world.doctor, "POST", `${path}start/`);
      assert.equal(answer.status, 200, await answer.text());
      await until('"IN_PROGRESS"');
      await reader.cancel();
    } finally {
      await server[Symbol.asyncDispose]();
    }
  });
});

Deno.test("a lost answer of the KV server is not taken for somebody else's change", async () => {
  await using server = serveKvConnect();
  await using world = await createWorld({
    KV_PATH: server.url,
    DENO_KV_ACCESS_TOKEN: server.accessToken,
  });
  const { services, doctor, patient } = world;
  const losing = <T>(work: () => Promise<T>) => {
    server.faults.lostAnswers = 1;
    return work();
  };
  const account = {
    id: "01JD7Q0000000000000000000A",
    name: "Dr New",
    email: "new@test.bedside",
    role: "doctor" as const,
    passwordHash: "",
    disabledAt: null,
    createdAt: services.now().toISOString(),
  };
  assert.equal(await losing(() => insertAccount(services.kv, account)), true);
  const visit = await losing(() =>
    createVisit(services, doctor, {
      patientEmail: patient.actor.email,
      reason: "Fever",
    })
  );
  assert.equal(visit.status, "OPEN");
  const session = await losing(() => world.plan());
  const other = await losing(() => world.plan());
  for (
    const [{ id }, command] of [
      [session, "start"],
      [session, "leave"],
      [session, "end"],
      [other, "cancel"],
    ] as const
  ) {
    const path = `/api/v1/telemedicine/${id}/${command}/`;
    const answer = await losing(() => world.ask(doctor, "POST", path));
    assert.equal(answer.status, 200, `${command}: ${await answer.text()}`);
  }
  await assertInvariants(services.kv);
});

Deno.test("withDeadline() ends what is not answered, and passes on what is", async () => {
  await using server = serveKvConnect();
  using kv = withDeadline(await openKvConnect(server.url), { answerMs: 200 });
  await kv.set(["a", 1], 1);
  await kv.atomic().set(["a", 2], 2).commit();
  assert.deepEqual(
    (await Array.fromAsync(kv.list({ prefix: ["a"] }))).length,
    2,
  );
  const [one, none] = await kv.getMany([["a", 1], ["b"]]);
  assert.deepEqual([one.value, none.value], [1, null]);

  server.faults.status = 500;
  const started = [
    () => kv.get(["a", 1]),
    () => kv.getMany([["a", 1]]),
    () => kv.set(["late"], 1),
    () => kv.delete(["a", 2]),
    () => Array.fromAsync(kv.list({ prefix: ["a"] })),
    () => kv.atomic().check(one).set(["a", 1], 3).commit(),
  ].map((operate) => assert.rejects(operate(), isUnavailable));
  await Promise.all(started);
  await assert.rejects(kv.set(["never"], 1), isUnavailable);

  server.faults.status = null;
  const deadline = Date.now() + 3000;
  while ((await kv.get(["late"]).catch(() => null))?.value !== 1) {
    assert(Date.now() < deadline, "not back");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // The client comes back to each within 0.3 s.
  await new Promise((resolve) => setTimeout(resolve, 500));
  // What was refused at once never lands; what was under way may.
  assert.equal((await kv.get(["never"])).value, null);
});

Deno.test("while another program holds the storage's lock, reading works and writing is answered 503", async () => {
  await inFolder(async (folder) => {
    using _ = quiet();
    const KV_PATH = `${folder}/kv.sqlite3`;
    await using world = await createWorld({ KV_PATH });
    const session = await world.plan();
    const path = `/api/v1/telemedicine/${session.id}/`;
    const locking = new DatabaseSync(KV_PATH);
    locking.exec("begin immediate");
    assert.equal(await answerStatus(world, path), 200);
    assert.deepEqual(
      await answerOf(world, "POST", `${path}start/`),
      [503, "storage_busy", true],
    );
    locking.exec("rollback");
    locking.close();
    const answer = await world.ask(world.doctor, "POST", `${path}start/`);
    assert.equal(answer.status, 200, await answer.text());
  });
});

Deno.test("when the disk is full, reading works and writing is answered 503", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  const path = `/api/v1/telemedicine/${session.id}/`;
  const { kv } = world.services;
  const atomic = kv.atomic.bind(kv);
  kv.atomic = () => {
    const operation = atomic();
    // As SQLite has it said.
    operation.commit = () =>
      Promise.reject(new TypeError("database or disk is full"));
    return operation;
  };
  assert.equal(await answerStatus(world, path), 200);
  assert.deepEqual(
    await answerOf(world, "POST", `${path}start/`),
    [503, "storage_unavailable", true],
  );
  kv.atomic = atomic;
  await assertInvariants(kv);
});

Deno.test("openStorage() says in one line which setting is wrong, and why", async () => {
  await using server = serveKvConnect();
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const nobody = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const why = (path: string, token: string) =>
    openStorage(path, token).then(
      () => assert.fail("it opened"),
      ({ name, message }: Error) => {
        assert.equal(name, "ConfigError");
        assert(!message.includes("\n"));
        assert(
          message.startsWith(`Cannot open the storage at KV_PATH ${path}`),
        );
        return message;
      },
    );
  assert.match(await why(nobody, "a token"), /Connection refused/);
  assert.match(await why(server.url, "wrong"), /401 .*Invalid access token/);
  server.faults.status = 503;
  assert.match(await why(server.url, server.accessToken), /503/);
});
