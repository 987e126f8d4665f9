import { deepEqual, equal, match, ok } from "node:assert/strict";
import { findAvailability } from "@/lib/calls/availability_store.ts";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import { doctorSeenAt } from "@/lib/calls/seen_store.ts";
import { linksOf, wordsOf } from "../../support/html.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const HERE = "/doctor/queue/skills";

async function open(world: World, path = HERE, person = world.doctor) {
  const response = await world.ask(person, "GET", path);
  return { status: response.status, html: await response.text() };
}

async function save(
  world: World,
  form: Record<string, string>,
  person: Person = world.doctor,
) {
  const response = await world.ask(person, "POST", HERE, { form });
  await response.body?.cancel();
  return [response.status, response.headers.get("location")];
}

/** The names of the boxes that are ticked. */
function tickedOn(html: string): string[] {
  return [...html.matchAll(/<input\b[^>]*>/g)]
    .filter(([tag]) => / checked/.test(tag))
    .map(([tag]) => / name="([^"]*)"/.exec(tag)![1]!);
}

Deno.test("a doctor says for which languages and specialties it rings, and is not switched by it", async () => {
  await using world = await createWorld();
  const { services: { kv }, doctor } = world;
  const { accountId } = doctor.actor;
  const queue = await open(world, "/doctor/queue");
  ok(
    linksOf(queue.html).some(([name, href]) =>
      name === "Which calls ring here" && href === HERE
    ),
  );
  const before = await open(world);
  deepEqual(tickedOn(before.html), []);
  match(wordsOf(before.html), /Arabic Bangla .* Vietnamese/);
  match(wordsOf(before.html), /Cardiology Dermatology .* Urology/);
  ok(!before.html.includes("<script"));

  const form = { "language.es": "on", "specialty.dermatology": "on" };
  deepEqual(await save(world, form), [303, `${HERE}?saved=1`]);
  const saved = (await findAvailability(kv, accountId))!;
  deepEqual([saved.available, saved.languages, saved.specialties], [
    false,
    ["es"],
    ["dermatology"],
  ]);
  const after = await open(world, `${HERE}?saved=1`);
  deepEqual(tickedOn(after.html), ["language.es", "specialty.dermatology"]);
  match(wordsOf(after.html), /Saved\. Patients can ask for it now\./);
  // To look at the page is not to sit at the queue.
  equal(await doctorSeenAt(kv, accountId), null);
});

Deno.test("who takes calls goes on doing so; what only the API has set stays until it is unticked", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const { accountId } = doctor.actor;
  await setAvailability(services, doctor, {
    available: true,
    languages: ["en", "pt-BR"],
    specialties: ["sleep-medicine"],
  });
  const { since } = (await findAvailability(services.kv, accountId))!;
  const seenAt = await doctorSeenAt(services.kv, accountId);
  world.pass(60);
  const { html } = await open(world);
  deepEqual(tickedOn(html), [
    "language.pt-BR",
    "language.en",
    "specialty.sleep-medicine",
  ]);
  match(wordsOf(html), /Brazilian Portuguese/);
  await save(world, { "language.en": "on" });
  const after = (await findAvailability(services.kv, accountId))!;
  deepEqual(after, {
    ...after,
    available: true,
    since,
    languages: ["en"],
    specialties: [],
  });
  // Nothing rings on that page: nobody counts as there for it.
  equal(await doctorSeenAt(services.kv, accountId), seenAt);
});

Deno.test("what is no language is refused, and nothing of it is stored", async () => {
  await using world = await createWorld();
  equal((await save(world, { "language.!": "on" }))[0], 400);
  const { accountId } = world.doctor.actor;
  equal(await findAvailability(world.services.kv, accountId), null);
});

Deno.test("the page is for doctors", async () => {
  await using world = await createWorld();
  for (const person of [world.patient, world.admin]) {
    equal((await open(world, HERE, person)).status, 403);
    equal((await save(world, {}, person))[0], 403);
  }
});
