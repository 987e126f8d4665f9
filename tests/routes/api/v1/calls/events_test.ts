import assert from "node:assert/strict";
import { UNANSWERED_MAX } from "@/lib/calls/availability.ts";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import { noteDoctorHere } from "@/lib/calls/presence_service.ts";
import {
  acceptCall,
  cancelCall,
  getQueue,
  requestCall,
} from "@/lib/calls/service.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import type { CallView, QueueView } from "@/lib/calls/view.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { cancelSession, requestAccess } from "@/lib/sessions/service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { signOut } from "@/lib/sign_in/service.ts";
import { listen } from "../../../../support/events.ts";
import { closeEventStreams } from "@/lib/http/events.ts";
import { NOON } from "../../../../support/noon.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { aWish } from "../../../../support/fixtures.ts";
import {
  addPerson,
  createWorld,
  type World,
} from "../../../../support/world.ts";

const WISH = aWish();
const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const NEVER = new AbortController().signal;

async function next<T>(
  events: AsyncGenerator<{ event: string; data: unknown }>,
  event: string,
): Promise<T> {
  const { value } = await events.next();
  assert.equal(value?.event, event);
  return value!.data as T;
}

const queueOf = (world: World, doctor = world.doctor) =>
  listen(world, doctor, "calls/events/");

Deno.test("a request reaches every doctor's queue within a second, and leaves it when it is taken", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const queues = [queueOf(world), queueOf(world, world.otherDoctor)];
  for (const queue of queues) {
    assert.deepEqual((await next<QueueView>(queue, "queue")).calls, []);
  }
  const startedAt = performance.now();
  const { call: { id } } = await requestCall(services, patient, WISH);
  for (const queue of queues) {
    const { calls } = await next<QueueView>(queue, "queue");
    assert.deepEqual(calls.map((call) => call.id), [id]);
  }
  assert(performance.now() - startedAt < 1_000);
  await acceptCall(services, doctor, id);
  for (const queue of queues) {
    let seen = await next<QueueView>(queue, "queue");
    while (seen.calls.length > 0) seen = await next<QueueView>(queue, "queue");
    await queue.return(undefined);
  }
});

Deno.test("the queue tells who takes calls, what rings here, and the server's time", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  const queue = queueOf(world);
  const empty = await next<QueueView>(queue, "queue");
  assert.deepEqual(empty, {
    calls: [],
    availability: {
      available: false,
      stopped: null,
      specialties: [],
      languages: [],
      session_id: null,
    },
    colleagues: [],
    planned: [],
    gone: [],
    now: "2026-11-21T12:00:00.000Z",
  });
  await setAvailability(services, otherDoctor, { available: true });
  let seen = await next<QueueView>(queue, "queue");
  while (seen.colleagues.length === 0) {
    seen = await next<QueueView>(queue, "queue");
  }
  assert.deepEqual(seen.colleagues, [otherDoctor.actor.name]);
  await setAvailability(services, otherDoctor, { available: false });
  await setAvailability(services, doctor, { available: true });
  await requestCall(services, patient, WISH);
  await sweepCalls(services, SYSTEM_VOICE, NEVER);
  while (seen.calls[0]?.offer == null) {
    seen = await next<QueueView>(queue, "queue");
  }
  assert.equal(seen.calls[0].offer.until, "2026-11-21T12:00:30.000Z");
  await queue.return(undefined);
});

Deno.test("a queue tells what has left it: taken by a colleague (not by whom), or over; of one's own call nothing", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient, otherPatient } = world;
  const queues = [queueOf(world), queueOf(world, otherDoctor)] as const;
  const until = async (
    queue: ReturnType<typeof queueOf>,
    holds: (queue: QueueView) => boolean,
  ) => {
    for (;;) {
      const seen = await next<QueueView>(queue, "queue");
      if (holds(seen)) return seen;
    }
  };
  const { call: first } = await requestCall(services, patient, WISH);
  const { call: second } = await requestCall(services, otherPatient, WISH);
  for (const queue of queues) await until(queue, (q) => q.calls.length === 2);
  await acceptCall(services, doctor, first.id);
  const [own, other] = await Promise.all(
    queues.map((queue) => until(queue, (q) => q.calls.length === 1)),
  );
  assert.deepEqual(own?.gone, []);
  assert.deepEqual(other?.gone, [{ id: first.id, taken: true }]);
  assert(!JSON.stringify(other).includes(doctor.actor.accountId));
  await cancelCall(services, otherPatient, second.id);
  for (const queue of queues) {
    const { gone } = await until(queue, (q) => q.calls.length === 0);
    assert.deepEqual(gone, [{ id: second.id, taken: false }]);
    await queue.return(undefined);
  }
});

Deno.test("what is planned next stands beside the queue, soonest first, and tells at once who is in the waiting room", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const later = await world.plan({ scheduledStart: at(7200) });
  const session = await world.plan({ scheduledStart: at(600) });
  const queue = queueOf(world);
  const { planned } = await next<QueueView>(queue, "queue");
  assert.deepEqual(
    planned.map(({ session_id, waiting_since }) => [session_id, waiting_since]),
    [[session.id, null], [later.id, null]],
  );
  await requestAccess(services, patient, session.id);
  let seen = await next<QueueView>(queue, "queue");
  assert.equal(seen.planned[0]?.waiting_since, at(0).toISOString());
  await cancelSession(services, doctor, session.id);
  do seen = await next<QueueView>(queue, "queue"); while (
    seen.planned.length > 1
  );
  assert.deepEqual(seen.planned.map((one) => one.session_id), [later.id]);
  await queue.return(undefined);
});

Deno.test("the waiting patient hears of place, doctors and the acceptance", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, otherPatient } = world;
  const { call: first } = await requestCall(services, otherPatient, WISH);
  world.pass(1);
  const { call: { id } } = await requestCall(services, patient, WISH);
  const events = listen(world, patient, `calls/${id}/events/`);
  const until = async (holds: (call: CallView) => boolean) => {
    for (;;) {
      const seen = await next<CallView>(events, "call");
      if (holds(seen)) return seen;
    }
  };
  assert.equal((await until(() => true)).position, 2);
  await cancelCall(services, otherPatient, first.id);
  await until(({ position }) => position === 1);
  await setAvailability(services, doctor, { available: true });
  await until(({ doctors_available }) => doctors_available === 1);
  // An open line is nobody's presence: the page may have fallen asleep.
  world.pass(100);
  await setAvailability(services, doctor, { available: false });
  await until(({ away }) => away);
  await world.ask(patient, "GET", `/api/v1/calls/${id}/`);
  await until(({ away }) => !away);
  await acceptCall(services, doctor, id);
  const { session_id, status } = await until(({ status }) =>
    status === "ACCEPTED"
  );
  assert.equal(status, "ACCEPTED");
  assert(session_id !== null);
  await events.return(undefined);
});

Deno.test("who waits, or takes calls, is not signed out for doing nothing else; a queue left open by somebody who does not is", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  await setAvailability(services, doctor, { available: true });
  const { call: { id } } = await requestCall(services, patient, WISH);
  const heard = [
    queueOf(world),
    listen(world, patient, `calls/${id}/events/`),
    queueOf(world, otherDoctor),
  ].map(collect);
  await settle();
  const third = await addPerson(services, "Dr Thea Third", "doctor");
  for (const available of [true, false, true]) {
    world.pass(20 * 60);
    // Pages say that somebody is there; and everybody is told.
    await world.ask(doctor, "GET", "/api/v1/calls/availability/");
    await world.ask(patient, "GET", `/api/v1/calls/${id}/`);
    await setAvailability(services, third, { available });
    await settle();
  }
  const [takes, waits, idle] = heard.map(({ events }) => events.at(-1));
  assert.deepEqual([takes, waits, idle], ["queue", "call", "signed_out"]);
  for (const { stop } of heard) await stop();
});

Deno.test("a queue at which calls ring unanswered says so, and keeps nobody signed in any more", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, otherPatient } = world;
  const third = await addPerson(services, "Thea Third", "patient");
  await setAvailability(services, doctor, { available: true });
  for (const person of [patient, otherPatient, third]) {
    await requestCall(services, person, WISH);
  }
  const page = collect(queueOf(world));
  await sweepCalls(services, SYSTEM_VOICE, NEVER);
  for (let n = 0; n < UNANSWERED_MAX; n++) {
    world.pass(30);
    await world.ask(doctor, "GET", "/api/v1/calls/availability/");
    await sweepCalls(services, SYSTEM_VOICE, NEVER);
  }
  await settle();
  const { availability } = page.told.at(-1) as QueueView;
  assert.deepEqual(
    [availability.available, availability.stopped],
    [false, "unanswered"],
  );
  for (const available of [true, false]) {
    world.pass(20 * 60);
    // Everybody is told; looking does not count any more.
    await setAvailability(services, world.otherDoctor, { available });
    await settle();
  }
  assert.equal(page.events.at(-1), "signed_out");
  await page.stop();
});

/** Writes down what a stream tells, until it is stopped. */
function collect(stream: ReturnType<typeof listen>) {
  const events: string[] = [];
  const told: unknown[] = [];
  const done = (async () => {
    for await (const { event, data } of stream) {
      events.push(event);
      told.push(data);
    }
  })();
  return {
    events,
    told,
    async stop() {
      closeEventStreams();
      await done;
    },
  };
}

/** Long enough for every stream to look and to tell. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}

Deno.test("streams of calls end when their listener is signed out", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { call: { id } } = await requestCall(services, patient, WISH);
  const streams = [
    queueOf(world),
    listen(world, patient, `calls/${id}/events/`),
  ];
  for (const stream of streams) await stream.next();
  await signOut(services, doctor);
  await signOut(services, patient);
  await requestCall(services, world.otherPatient, WISH);
  for (const stream of streams) {
    assert.equal((await stream.next()).value?.event, "signed_out");
    assert((await stream.next()).done);
  }
});

Deno.test("S2.25 the queue survives a restart, and the time in which the app was not there is nobody's silence", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/clinic.sqlite3`;
  try {
    const { services, doctor, ids } = await leaveQueue(path);
    using kv = await openStorage(path);
    const now = () => new Date(NOON.getTime() + 600_000);
    const later = { ...services, kv, now };
    await sweepCalls(later, SYSTEM_VOICE, NEVER);
    const { queue } = await getQueue(later, doctor);
    assert.deepEqual(queue.calls.map(({ id }) => id), ids);
    // What rang before rang at nobody; the doctor's page is open again.
    await noteDoctorHere(later, doctor);
    await sweepCalls(later, SYSTEM_VOICE, NEVER);
    const [first, second] = (await getQueue(later, doctor)).queue.calls;
    assert.deepEqual(
      [first?.refusals.length, first?.offer?.doctorId, second?.offer],
      [0, doctor.actor.accountId, null],
    );
    await assertInvariants(kv);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A clinic that ends while two patients wait and it rings. */
async function leaveQueue(path: string) {
  await using world = await createWorld({ KV_PATH: path });
  const { services, doctor, patient, otherPatient } = world;
  await setAvailability(services, doctor, { available: true });
  const ids: string[] = [];
  for (const person of [patient, otherPatient]) {
    ids.push((await requestCall(services, person, WISH)).call.id);
    world.pass(1);
  }
  await sweepCalls(services, SYSTEM_VOICE, NEVER);
  return { services, doctor, ids };
}
