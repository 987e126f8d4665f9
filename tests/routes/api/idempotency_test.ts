import { deepEqual, equal, match, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Caller } from "@/lib/accounts/account.ts";
import { requestHash, rowKey } from "@/lib/idempotency/key.ts";
import type { IdempotencyRow } from "@/lib/idempotency/receipt.ts";
import { KEEP_MS, RUN_MS } from "@/lib/idempotency/rules.ts";
import { beginOnce } from "@/lib/idempotency/service.ts";
import {
  cancelSession,
  createSession,
  endSession,
  leaveSession,
  startSession,
} from "@/lib/sessions/service.ts";
import { createVisit, listVisits } from "@/lib/visits/service.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const COMMANDS = {
  start: startSession,
  end: endSession,
  cancel: cancelSession,
  leave: leaveSession,
};

const VISITS = "/api/v1/visits/";
const SESSIONS = "/api/v1/telemedicine/";

/** An answer, as far as two can be the same. */
interface Told {
  status: number;
  location: string | null;
  replayed: boolean;
  // deno-lint-ignore no-explicit-any -- whatever the API said
  body: any;
}

async function send(
  world: World,
  person: Person | null,
  key: string,
  method: string,
  path: string,
  json?: unknown,
): Promise<Told> {
  const response = await world.ask(person, method, path, {
    ...(json === undefined ? {} : { json }),
    headers: { "idempotency-key": key },
  });
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get("location"),
    replayed: response.headers.get("idempotent-replayed") === "true",
    body: text === "" ? null : JSON.parse(text),
  };
}

const newVisit = (world: World, reason = "Headache") => ({
  patient_email: world.patient.actor.email,
  reason,
});

const newSession = (world: World) => ({
  visit_id: world.visit.id,
  scheduled_start: "2026-11-21T13:00:00Z",
  notes: "Ask about the inhaler.",
});

const openVisit = (world: World, key: string, reason?: string) =>
  send(world, world.doctor, key, "POST", VISITS, newVisit(world, reason));

/** How many visits the doctor has, besides the one every world begins with. */
async function visitsOf(world: World, doctor = world.doctor): Promise<number> {
  const { visits } = await listVisits(world.services, doctor, {});
  return visits.filter(({ id }) => id !== world.visit.id).length;
}

async function sessionsOf(world: World): Promise<number> {
  const response = await world.ask(world.doctor, "GET", SESSIONS);
  return (await response.json()).results.length;
}

async function rows(world: World): Promise<IdempotencyRow[]> {
  const found: IdempotencyRow[] = [];
  const all = world.services.kv.list<IdempotencyRow>({ prefix: ["idem"] });
  for await (const { value } of all) found.push(value);
  return found;
}

Deno.test("the same request again has the same answer, and nothing happens twice", async () => {
  await using world = await createWorld();
  const first = await openVisit(world, "key-1");
  const again = await openVisit(world, "key-1");
  const quoted = await openVisit(world, '"key-1"');
  equal(first.status, 201);
  equal(first.location, `${VISITS}${first.body.id}/`);
  equal(first.replayed, false);
  deepEqual(again, { ...first, replayed: true });
  deepEqual(quoted, again);
  equal(await visitsOf(world), 1);
});

Deno.test("without a key, and with another, it is another request", async () => {
  await using world = await createWorld();
  const json = newVisit(world);
  await (await world.ask(world.doctor, "POST", VISITS, { json })).body
    ?.cancel();
  await (await world.ask(world.doctor, "POST", VISITS, { json })).body
    ?.cancel();
  await openVisit(world, "key-1");
  await openVisit(world, "key-2");
  equal(await visitsOf(world), 4);
  equal((await rows(world)).length, 2);
});

Deno.test("a key that comes with another body, path or method is refused", async () => {
  await using world = await createWorld();
  const { body } = await openVisit(world, "key-1");
  for (
    const told of [
      await openVisit(world, "key-1", "Cough"),
      await send(
        world,
        world.doctor,
        "key-1",
        "POST",
        SESSIONS,
        newVisit(world),
      ),
      await send(
        world,
        world.doctor,
        "key-1",
        "PATCH",
        `${VISITS}${body.id}/`,
        {
          status: "CLOSED",
        },
      ),
    ]
  ) {
    deepEqual([told.status, told.body.code], [422, "idempotency_key_reused"]);
  }
  equal(await visitsOf(world), 1);
});

for (const key of ["two words", "x".repeat(256), '"open', "a, b", "é"]) {
  Deno.test(`a malformed key is refused: ${key.slice(0, 12)}`, async () => {
    await using world = await createWorld();
    const { status, body } = await openVisit(world, key);
    deepEqual([status, body.code], [400, "validation"]);
    equal(body.fields[0].field, "Idempotency-Key");
    deepEqual(await rows(world), []);
  });
}

Deno.test("fifty at once make one visit and one session, and all hear of the same", async () => {
  await using world = await createWorld();
  for (
    const ask of [
      () => openVisit(world, "key-1"),
      () => planSession(world, "key-2"),
    ]
  ) {
    const told = await Promise.all(Array.from({ length: 50 }, ask));
    equal(told.filter(({ replayed }) => !replayed).length, 1);
    for (const { status, location, body } of told) {
      deepEqual({ status, location, body }, {
        status: 201,
        location: told[0]!.location,
        body: told[0]!.body,
      });
    }
  }
  equal(await visitsOf(world), 1);
  equal(await sessionsOf(world), 1);
});

Deno.test("fifty starts at once with five keys start once, and all are told so", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const told = await Promise.all(
    Array.from(
      { length: 50 },
      (_, n) =>
        send(
          world,
          world.doctor,
          `key-${n % 5}`,
          "POST",
          `${SESSIONS}${id}/start/`,
        ),
    ),
  );
  for (const { status, body } of told) {
    deepEqual([status, body.status], [200, "IN_PROGRESS"]);
    equal(body.started_at, told[0]!.body.started_at);
  }
});

Deno.test("the keys of two people have nothing to do with each other", async () => {
  await using world = await createWorld();
  const mine = await openVisit(world, "key-1");
  const theirs = await send(
    world,
    world.otherDoctor,
    "key-1",
    "POST",
    VISITS,
    newVisit(world),
  );
  deepEqual([theirs.status, theirs.replayed], [201, false]);
  ok(theirs.body.id !== mine.body.id);
  equal(theirs.body.doctor.id, world.otherDoctor.actor.accountId);
});

Deno.test("a key that has expired is as good as new, though it is still stored", async () => {
  await using world = await createWorld();
  const { kv, now } = world.services;
  const first = await openVisit(world, "key-1");
  const [row] = await rows(world);
  equal(Date.parse(row!.expiresAt), now().getTime() + KEEP_MS);
  const key = rowKey(world.doctor.actor.accountId, "key-1");
  await kv.set(key, { ...row, expiresAt: now().toISOString() });
  const next = await openVisit(world, "key-1", "Something else");
  deepEqual([next.status, next.replayed], [201, false]);
  ok(next.body.id !== first.body.id);
});

Deno.test("refusals are kept too: what was refused stays refused under this key", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const end = () =>
    send(world, world.doctor, "key-1", "POST", `${SESSIONS}${id}/end/`);
  const refused = await end();
  deepEqual([refused.status, refused.body.code], [409, "not_started"]);
  await (await world.ask(world.doctor, "POST", `${SESSIONS}${id}/start/`)).body
    ?.cancel();
  deepEqual(await end(), { ...refused, replayed: true });
});

Deno.test("what did not work for the moment is not kept: the same key tries again", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { id } = await world.plan();
  const start = () =>
    send(world, world.doctor, "key-1", "POST", `${SESSIONS}${id}/start/`);
  world.faults.set({ rest: [{ kind: "error", status: 500 }] });
  equal((await start()).status, 503);
  world.faults.clear();
  const started = await start();
  deepEqual([started.status, started.replayed], [200, false]);
  deepEqual(await start(), { ...started, replayed: true });
});

Deno.test("an access token is never kept: the same key gets a new one", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await send(world, world.doctor, "key-1", "POST", `${SESSIONS}${id}/start/`);
  const ask = () =>
    send(world, world.doctor, "key-2", "POST", `${SESSIONS}token/`, {
      session_id: id,
    });
  const first = await ask();
  world.pass(60);
  const second = await ask();
  deepEqual([first.status, second.status], [200, 200]);
  equal(second.replayed, false);
  ok(second.body.expires_at > first.body.expires_at);
  for (const { answer } of await rows(world)) {
    const kept = new TextDecoder().decode(answer?.body);
    ok(!kept.includes(first.body.token) && !kept.includes("eyJ"));
  }
});

Deno.test("signing in takes no key, and an answer that sets a cookie is not kept", async () => {
  await using world = await createWorld();
  const guess = { email: "nobody@test.bedside", password: "wrong" };
  const { status, body } = await send(
    world,
    null,
    "two words",
    "POST",
    "/api/v1/auth/login/",
    guess,
  );
  deepEqual([status, body.code], [401, "invalid_credentials"]);
  const out = await send(
    world,
    world.patient,
    "key-1",
    "POST",
    "/api/v1/auth/logout/",
  );
  equal(out.status, 204);
  deepEqual(await rows(world), []);
});

/** A run that has begun as this person's and then dies. */
async function beginAndDie(
  { services }: World,
  person: Person,
  key: string,
  path: string,
  json: unknown,
): Promise<Caller> {
  const body = new TextEncoder().encode(JSON.stringify(json));
  const { receipt } = await beginOnce(services, {
    accountId: person.actor.accountId,
    key,
    request: { method: "POST", path, body },
  });
  ok(receipt);
  return { ...person, client: { ...person.client, receipt } };
}

Deno.test("a request that died after its commit is answered by whoever takes over; nothing happens twice", async () => {
  await using world = await createWorld();
  const json = newVisit(world);
  const dead = await beginAndDie(world, world.doctor, "key-1", VISITS, json);
  const visit = await createVisit(world.services, dead, {
    patientEmail: json.patient_email,
    reason: json.reason,
  });
  world.pass(RUN_MS / 1000);
  const told = await openVisit(world, "key-1");
  deepEqual([told.status, told.body.id], [201, visit.id]);
  equal(told.replayed, false);
  equal((await openVisit(world, "key-1")).replayed, true);
  equal(await visitsOf(world), 1);
});

Deno.test("a request that died before its commit is simply run", async () => {
  await using world = await createWorld();
  await beginAndDie(world, world.doctor, "key-1", VISITS, newVisit(world));
  world.pass(RUN_MS / 1000);
  const told = await openVisit(world, "key-1");
  deepEqual([told.status, told.replayed], [201, false]);
  equal(await visitsOf(world), 1);
});

Deno.test("a request that was only slow cannot commit any more once it was taken over", async () => {
  await using world = await createWorld();
  const json = newVisit(world);
  const slow = await beginAndDie(world, world.doctor, "key-1", VISITS, json);
  world.pass(RUN_MS / 1000);
  const told = await openVisit(world, "key-1");
  const late = await createVisit(world.services, slow, {
    patientEmail: json.patient_email,
    reason: json.reason,
  }).catch((error) => error.code);
  equal(late, "conflict");
  equal(await visitsOf(world), 1);
  deepEqual(await openVisit(world, "key-1"), { ...told, replayed: true });
});

/** What the body of `newSession` asks of the use case. */
const sessionPlan = (world: World) => {
  const { visit_id, scheduled_start, notes } = newSession(world);
  return {
    visitId: visit_id,
    scheduledStart: new Date(scheduled_start),
    recordingEnabled: false,
    voiceOnly: false,
    notes,
  };
};

const planSession = (world: World, key: string) =>
  send(world, world.doctor, key, "POST", SESSIONS, newSession(world));

Deno.test("a session whose creator died after the commit is the one that the next is told", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const json = newSession(world);
  const dead = await beginAndDie(world, doctor, "key-1", SESSIONS, json);
  const session = await createSession(services, dead, sessionPlan(world));
  world.pass(RUN_MS / 1000);
  const told = await planSession(world, "key-1");
  deepEqual([told.status, told.body.id], [201, session.id]);
  equal(await sessionsOf(world), 1);
});

Deno.test("a session whose creator was only slow is not made any more", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const json = newSession(world);
  const slow = await beginAndDie(world, doctor, "key-1", SESSIONS, json);
  world.pass(RUN_MS / 1000);
  const told = await planSession(world, "key-1");
  equal(told.status, 201);
  const late = await createSession(services, slow, sessionPlan(world))
    .catch((error) => error.code);
  equal(late, "storage_busy");
  equal(await sessionsOf(world), 1);
});

for (const command of ["start", "end", "cancel", "leave"] as const) {
  Deno.test(`whoever takes over a ${command} that died after its commits finds it done, once`, async () => {
    await using world = await createWorld();
    const { services, doctor } = world;
    const { id } = await world.plan();
    if (command === "end" || command === "leave") {
      await startSession(services, doctor, id);
    }
    const path = `${SESSIONS}${id}/${command}/`;
    const dead = await beginAndDie(world, doctor, "key-1", path, {});
    const done = await COMMANDS[command](services, dead, id);
    world.pass(RUN_MS / 1000);
    const told = await send(world, doctor, "key-1", "POST", path, {});
    deepEqual([told.status, told.body.status], [200, done.status]);
    equal(told.body.ended_at, done.endedAt);
    equal(told.body.started_at, done.startedAt);
    const again = await send(world, doctor, "key-1", "POST", path, {});
    deepEqual(again, { ...told, replayed: true });
    await assertInvariants(services.kv);
  });
}

Deno.test("while the first is under way the second waits a moment, and is then told to come again", async () => {
  await using world = await createWorld();
  await beginAndDie(world, world.doctor, "key-1", VISITS, newVisit(world));
  const response = await world.ask(world.doctor, "POST", VISITS, {
    json: newVisit(world),
    headers: { "idempotency-key": "key-1" },
  });
  equal(response.status, 409);
  equal(response.headers.get("retry-after"), "1");
  equal((await response.json()).code, "request_in_progress");
  equal(await visitsOf(world), 0);
});

Deno.test("the storage knows neither keys nor what could be guessed of a body", async () => {
  await using world = await createWorld();
  await openVisit(world, "key-1");
  const [stored] = await Array.fromAsync(
    world.services.kv.list({ prefix: ["idem"] }),
  );
  deepEqual(stored!.key, rowKey(world.doctor.actor.accountId, "key-1"));
  const body = new TextEncoder().encode(JSON.stringify(newVisit(world)));
  const { requestHash: hash } = stored!.value as IdempotencyRow;
  equal(hash, requestHash("key-1", { method: "POST", path: VISITS, body }));
});

const root = fileURLToPath(new URL("../../../", import.meta.url));

async function* apiRoutes(folder = "routes/api"): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    if (isDirectory) yield* apiRoutes(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

Deno.test("every route of the API that changes something reads the key", async () => {
  await using world = await createWorld();
  const covered: string[] = [];
  for await (const file of apiRoutes()) {
    const { handler = {} } = await import(`@/${file}`);
    const path = file.slice("routes".length)
      .replace(/(\/index)?\.tsx?$/, "")
      .replaceAll(/\[\w+\]/g, world.visit.id);
    for (const method of Object.keys(handler)) {
      if (method === "GET") continue;
      const told = await send(world, world.doctor, "two words", method, path);
      equal(told.status, 400, `${method} ${path}`);
      match(JSON.stringify(told.body.fields), /Idempotency-Key/);
      covered.push(`${method} ${path}`);
    }
  }
  ok(covered.length >= 9, covered.join("\n"));
});
