import assert from "node:assert/strict";
import type { AuditEntry } from "@/lib/audit/entry.ts";
import { beginOnce } from "@/lib/idempotency/service.ts";
import { requestHash } from "@/lib/idempotency/key.ts";
import { RUN_MS } from "@/lib/idempotency/rules.ts";
import { SENDING_LIMIT, sendMessage } from "@/lib/messages/service.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";
import { signOut } from "@/lib/sign_in/service.ts";
import { closeVisit } from "@/lib/visits/service.ts";
import { listen } from "../../../../support/events.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

const pathOf = (world: World, rest = "") =>
  `/api/v1/visits/${world.visit.id}/messages/${rest}`;

async function send(
  world: World,
  person: Person,
  text: unknown,
  headers: Record<string, string> = {},
) {
  const response = await world.ask(person, "POST", pathOf(world), {
    json: { text },
    headers,
  });
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    // deno-lint-ignore no-explicit-any -- a message, or a problem
    body: await response.json() as any,
  };
}

async function read(
  world: World,
  person: Person,
  query = "",
): Promise<ThreadView> {
  const response = await world.ask(person, "GET", pathOf(world, query));
  assert.equal(response.status, 200);
  return await response.json();
}

async function mark(world: World, person: Person, upTo: string) {
  const response = await world.ask(person, "POST", pathOf(world, "read/"), {
    json: { up_to: upTo },
  });
  return { status: response.status, body: await response.json() };
}

const textsOf = ({ results }: ThreadView) => results.map(({ text }) => text);

Deno.test("S2.1 doctor and patient of a visit write to each other, before any call", async () => {
  await using world = await createWorld();
  const { doctor, patient } = world;
  const first = await send(world, patient, "  It hurts.\r\nHere.  ");
  assert.equal(first.status, 201);
  assert.deepEqual(first.body, {
    id: first.body.id,
    visit_id: world.visit.id,
    from: { id: patient.actor.accountId, name: "Pat Night" },
    seat: "patient",
    text: "It hurts.\nHere.",
    sent_at: world.services.now().toISOString(),
  });
  await send(world, doctor, "Since when?");
  for (const person of [doctor, patient]) {
    const thread = await read(world, person);
    assert.deepEqual(textsOf(thread), ["It hurts.\nHere.", "Since when?"]);
    assert.equal(thread.next, null);
    assert.equal(thread.unread, 1);
    assert.deepEqual(thread.actions, ["write"]);
  }
  await assertInvariants(world.services.kv);
});

Deno.test("S2.1 the newest page comes first, and the way back loses nothing", async () => {
  await using world = await createWorld();
  const written: string[] = [];
  for (let i = 0; i < 7; i++) {
    written.push((await send(world, world.patient, `No ${i}`)).body.text);
  }
  const pages: string[][] = [];
  let query = "?limit=3";
  for (;;) {
    const page = await read(world, world.doctor, query);
    pages.unshift(textsOf(page));
    if (page.next === null) break;
    query = `?limit=3&cursor=${page.next}`;
  }
  assert.deepEqual(pages.map((page) => page.length), [1, 3, 3]);
  assert.deepEqual(pages.flat(), written);
  for (const query of ["?cursor=nonsense", "?limit=0", "?limit=101", "?x=1"]) {
    const response = await world.ask(
      world.doctor,
      "GET",
      pathOf(world, query),
    );
    assert.equal((await response.json()).code, "validation", query);
  }
});

Deno.test("what cannot be a message is refused, field by field", async () => {
  await using world = await createWorld();
  for (const text of ["", " \n ", "\u200b", "x".repeat(2001), 7, "a\ud800"]) {
    const { status, body } = await send(world, world.patient, text);
    assert.deepEqual([status, body.code], [400, "validation"]);
    assert.equal(body.fields[0].field, "text");
  }
  const { status, body } = await send(world, world.patient, "👍".repeat(1000));
  assert.deepEqual([status, body.text.length], [201, 2000]);
});

Deno.test("unread counts, marks and what the other has seen agree", async () => {
  await using world = await createWorld();
  const { doctor, patient } = world;
  const ids: string[] = [];
  for (const text of ["one", "two", "three"]) {
    ids.push((await send(world, doctor, text)).body.id);
  }
  assert.equal((await read(world, patient)).unread, 3);
  assert.equal((await read(world, doctor)).unread, 0);
  assert.deepEqual(await mark(world, patient, ids[1]!), {
    status: 200,
    body: { read_up_to: ids[1], unread: 1 },
  });
  // A mark never goes back.
  assert.deepEqual((await mark(world, patient, ids[0]!)).body, {
    read_up_to: ids[1],
    unread: 1,
  });
  assert.equal((await read(world, doctor)).seen_up_to, ids[1]);
  assert.equal((await read(world, patient)).seen_up_to, null);
  await mark(world, patient, ids[2]!);
  assert.equal((await read(world, patient)).unread, 0);
  for (const upTo of [world.visit.id, "nonsense"]) {
    const { status, body } = await mark(world, patient, upTo);
    assert.deepEqual([status, body.code, body.fields[0].field], [
      400,
      "validation",
      "up_to",
    ]);
  }
  await assertInvariants(world.services.kv);
});

Deno.test("a closed visit is read and not written to", async () => {
  await using world = await createWorld();
  const { id } = (await send(world, world.doctor, "Last words")).body;
  await closeVisit(world.services, world.doctor, world.visit.id);
  for (const person of [world.doctor, world.patient]) {
    const { status, body } = await send(world, person, "One more");
    assert.deepEqual([status, body.code], [409, "visit_closed"]);
    const thread = await read(world, person);
    assert.deepEqual(textsOf(thread), ["Last words"]);
    assert.deepEqual(thread.actions, []);
  }
  assert.equal((await mark(world, world.patient, id)).body.unread, 0);
});

Deno.test("somebody who writes like a program has to wait, and only they", async () => {
  await using world = await createWorld();
  const { doctor, patient } = world;
  for (let i = 0; i < SENDING_LIMIT.times; i++) {
    assert.equal((await send(world, patient, `No ${i}`)).status, 201);
  }
  world.pass(20);
  const { status, body, retryAfter } = await send(world, patient, "More");
  assert.deepEqual([status, body.code, retryAfter], [
    429,
    "rate_limited",
    "40",
  ]);
  assert.equal((await send(world, doctor, "Slowly")).status, 201);
  world.pass(40);
  assert.equal((await send(world, patient, "More")).status, 201);
  await assertInvariants(world.services.kv);
});

Deno.test("the same message sent twice, or twice at once, is one", async () => {
  await using world = await createWorld();
  const key = { "idempotency-key": "once" };
  const both = await Promise.all([
    send(world, world.patient, "Hello", key),
    send(world, world.patient, "Hello", key),
  ]);
  const again = await send(world, world.patient, "Hello", key);
  const ids = [...both, again].map(({ body }) => body.id);
  assert.equal(new Set(ids).size, 1);
  assert.deepEqual(textsOf(await read(world, world.doctor)), ["Hello"]);
  const other = await send(world, world.patient, "Something else", key);
  assert.deepEqual([other.status, other.body.code], [
    422,
    "idempotency_key_reused",
  ]);
});

Deno.test("a message whose answer was lost with the process is not written again", async () => {
  await using world = await createWorld();
  const { services, patient, visit } = world;
  const path = pathOf(world);
  const request = {
    method: "POST",
    path,
    body: new TextEncoder().encode(JSON.stringify({ text: "Hello" })),
  };
  const { receipt } = await beginOnce(services, {
    accountId: patient.actor.accountId,
    key: "once",
    request,
  });
  assert.equal(receipt!.row.requestHash, requestHash("once", request));
  const caller = { ...patient, client: { ...patient.client, receipt } };
  // It commits, and dies before it answers.
  const { id } = await sendMessage(
    services,
    caller as Person,
    visit.id,
    "Hello",
  );
  world.pass(RUN_MS / 1000 + 1);
  const { status, body } = await send(world, patient, "Hello", {
    "idempotency-key": "once",
  });
  assert.deepEqual([status, body.id], [201, id]);
  assert.equal((await read(world, world.doctor)).results.length, 1);
});

Deno.test("many at once: all are there, in one order, counted right", async () => {
  await using world = await createWorld();
  await Promise.all(
    Array.from(
      { length: 12 },
      (_, i) => send(world, i % 2 ? world.doctor : world.patient, `No ${i}`),
    ),
  );
  const { results } = await read(world, world.doctor);
  assert.equal(results.length, 12);
  assert.deepEqual(
    results.map(({ id }) => id).toSorted(),
    results.map(
      ({ id }) => id,
    ),
  );
  await assertInvariants(world.services.kv);
});

Deno.test("the audit log says who wrote and read, and never what", async () => {
  await using world = await createWorld();
  const { id } = (await send(world, world.doctor, "CANARY-TEXT")).body;
  await mark(world, world.patient, id);
  await mark(world, world.patient, id);
  const entries: AuditEntry[] = [];
  const all = world.services.kv.list<AuditEntry>({ prefix: ["audit"] });
  for await (const { key, value } of all) {
    assert(!JSON.stringify(value).includes("CANARY-TEXT"));
    if (key[1] === "e" && key[2] === `m:${world.visit.id}`) entries.push(value);
  }
  assert.deepEqual(
    entries.map(({ action, actor, reason, target }) => [
      action,
      actor.role,
      reason,
      target.id,
    ]),
    [
      ["message.send", "doctor", id, world.visit.id],
      ["message.read", "patient", id, world.visit.id],
    ],
  );
});

Deno.test("S2.1 a message reaches the other within a second, and what is told is only what is new", async () => {
  await using world = await createWorld();
  const { doctor, patient, services } = world;
  await send(world, doctor, "one");
  const path = `visits/${world.visit.id}/messages/events/`;
  const events = listen(world, patient, path);
  const next = async () => {
    const { value } = await events.next();
    assert.equal(value?.event, "messages");
    return value!.data as ThreadView;
  };
  const first = await next();
  assert.deepEqual([textsOf(first), first.next], [["one"], null]);
  const sentAt = performance.now();
  await send(world, doctor, "two");
  const second = await next();
  assert(performance.now() - sentAt < 1000);
  assert.deepEqual(textsOf(second), ["two"]);
  assert(!("next" in second));
  assert.equal(second.unread, 2);
  await closeVisit(services, doctor, world.visit.id);
  await mark(world, patient, second.results[0]!.id);
  const third = await next();
  assert.deepEqual([third.results, third.unread, third.actions], [[], 0, []]);
  await events.return(undefined);
});

Deno.test("a stream of messages ends when its listener is signed out", async () => {
  await using world = await createWorld();
  const path = `visits/${world.visit.id}/messages/events/`;
  const events = listen(world, world.patient, path);
  await events.next();
  await signOut(world.services, world.patient);
  await send(world, world.doctor, "Still there?");
  assert.equal((await events.next()).value?.event, "signed_out");
  assert((await events.next()).done);
});

Deno.test("messages of one visit are not those of another of the same two", async () => {
  await using world = await createWorld();
  const { doctor, patient } = world;
  const { id } = (await send(world, patient, "About the cough"))
    .body as MessageView;
  const response = await world.ask(doctor, "POST", "/api/v1/visits/", {
    json: { patient_email: patient.actor.email, reason: "Rash" },
  });
  const other = await response.json();
  const empty = await world.ask(
    doctor,
    "GET",
    `/api/v1/visits/${other.id}/messages/`,
  );
  assert.deepEqual((await empty.json()).results, []);
  const mark = await world.ask(
    doctor,
    "POST",
    `/api/v1/visits/${other.id}/messages/read/`,
    { json: { up_to: id } },
  );
  assert.equal(mark.status, 400);
  await mark.body?.cancel();
});
