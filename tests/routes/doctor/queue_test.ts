import { deepEqual, equal, match, ok } from "node:assert/strict";
import { UNANSWERED_MAX } from "@/lib/calls/availability.ts";
import { getCall, requestCall } from "@/lib/calls/service.ts";
import { findAvailability } from "@/lib/calls/availability_store.ts";
import { findCall } from "@/lib/calls/store.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { buttonsOf, linksOf, wordsOf } from "../../support/html.ts";
import { aWish } from "../../support/fixtures.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const QUEUE = "/doctor/queue";
const WISH = aWish({
  reason: "Refill for tablets",
  urgency: "urgent",
  language: "es",
});

async function open(world: World, person: Person, path = QUEUE) {
  const response = await world.ask(person, "GET", path);
  return { status: response.status, html: await response.text() };
}

async function send(
  world: World,
  path: string,
  form: Record<string, string> = {},
  person = world.doctor,
) {
  const response = await world.ask(person, "POST", path, { form });
  await response.body?.cancel();
  return [response.status, response.headers.get("location")];
}

Deno.test("the queue tells who waits, why, how and how long, and what rings here", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  match(wordsOf((await open(world, doctor)).html), /Nobody is waiting/);
  deepEqual(await send(world, QUEUE, { available: "yes" }), [303, QUEUE]);
  const { kv } = services;
  await requestCall(services, patient, { ...WISH, language: null });
  await sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
  world.pass(12);
  const { html } = await open(world, doctor);
  match(
    wordsOf(html),
    /1 patient is waiting You are available, and nobody else is\./,
  );
  match(
    wordsOf(html),
    /Waiting 00:12 urgent Pat Night Refill for tablets Voice Offered to you for 18 more seconds Accept Pass/,
  );
  match(html, /<title>\(1\) Queue · Bedside<\/title>/);
  deepEqual(await send(world, QUEUE, { available: "no" }), [303, QUEUE]);
  const { available } = (await findAvailability(kv, doctor.actor.accountId))!;
  equal(available, false);
});

Deno.test("a patient who is away is shown as that, and can still be accepted", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  await requestCall(services, patient, { ...WISH, language: null });
  // Somebody looks after the queue all the time.
  for (let seconds = 0; seconds <= 100; seconds += 10) {
    world.pass(10);
    await sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
  }
  match(
    wordsOf((await open(world, doctor)).html),
    /Refill for tablets Voice Away from the page right now\. .* Accept/,
  );
});

Deno.test("every page of a doctor has the way to the queue, with how many wait for a doctor like this one", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, otherPatient } = world;
  const link = async () => {
    const { html } = await open(world, doctor, "/visits");
    return linksOf(html).find(([, href]) => href === QUEUE)?.[0];
  };
  match(await link() ?? "", /^Queue/);
  await requestCall(services, patient, { ...WISH, language: null });
  // Somebody who asks for a language is not for a doctor who says none.
  await requestCall(services, otherPatient, WISH);
  equal(await link(), "Queue 1 waiting");
});

Deno.test("Accept leads into the call, Pass back to the queue, and who was too slow is told", async () => {
  await using world = await createWorld();
  const { services, otherDoctor, patient } = world;
  const { call: { id } } = await requestCall(services, patient, {
    ...WISH,
    language: null,
  });
  deepEqual(await send(world, `/calls/${id}/decline`), [303, QUEUE]);
  const [status, to] = await send(world, `/calls/${id}/accept`);
  const { sessionId } = await findCall(services.kv, id);
  deepEqual([status, to], [303, `/telemedicine/${sessionId}`]);
  const late = await send(world, `/calls/${id}/accept`, {}, otherDoctor);
  deepEqual(late, [303, `${QUEUE}?problem=call_taken`]);
  const { html } = await open(world, otherDoctor, late[1] as string);
  match(wordsOf(html), /Another doctor was faster\./);
});

Deno.test("a doctor in a session is led back to it, and cannot accept", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, otherPatient } = world;
  const wish = { ...WISH, language: null };
  const { call: first } = await requestCall(services, patient, wish);
  await send(world, `/calls/${first.id}/accept`);
  const { call: second } = await requestCall(services, otherPatient, wish);
  const { html } = await open(world, doctor);
  match(wordsOf(html), /You are in a session/);
  ok(!buttonsOf(html).includes("Accept"));
  deepEqual(await send(world, `/calls/${second.id}/accept`), [
    303,
    `${QUEUE}?problem=doctor_busy`,
  ]);
});

Deno.test("a doctor at whom calls rang unanswered reads so, beside the way to take calls again", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  await send(world, QUEUE, { available: "yes" });
  const wish = { ...WISH, language: null };
  const { call: { id } } = await requestCall(services, patient, wish);
  const sweep = () =>
    sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
  for (let n = 0; n < UNANSWERED_MAX; n++) {
    await sweep();
    for (const seconds of [30, 30, 30]) {
      world.pass(seconds);
      await open(world, doctor);
      await getCall(services, patient, id);
      await sweep();
    }
  }
  const { html } = await open(world, doctor);
  match(
    wordsOf(html),
    /You are not available.* Calls went unanswered here, so none ring here any more\. Take calls again/,
  );
  await send(world, QUEUE, { available: "yes" });
  ok(!/went unanswered/.test((await open(world, doctor)).html));
});

Deno.test("what is planned next stands beside the queue", async () => {
  await using world = await createWorld();
  await world.plan();
  const { html } = await open(world, world.doctor);
  match(wordsOf(html), /Next Today 12:00 Pat Night Not here yet/);
});

Deno.test("the queue is for doctors", async () => {
  await using world = await createWorld();
  for (const person of [world.patient, world.admin]) {
    equal((await open(world, person)).status, 403);
    equal((await send(world, QUEUE, { available: "yes" }, person))[0], 403);
  }
});
