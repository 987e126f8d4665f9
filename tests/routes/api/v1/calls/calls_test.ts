import assert from "node:assert/strict";
import { listChain } from "@/lib/audit/store.ts";
import { afterRinging, UNANSWERED_MAX } from "@/lib/calls/availability.ts";
import {
  changeAvailability,
  findAvailability,
} from "@/lib/calls/availability_store.ts";
import { availabilityFacts } from "@/lib/calls/facts.ts";
import { RETURNS_MAX } from "@/lib/calls/returning.ts";
import { acceptCall, getQueue, requestCall } from "@/lib/calls/service.ts";
import type { CallView } from "@/lib/calls/view.ts";
import { findCall } from "@/lib/calls/store.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import type { AppError } from "@/lib/errors.ts";
import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import type { Services } from "@/lib/services.ts";
import {
  endSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { answerVideo, offerVideo } from "@/lib/sessions/switching_service.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { signOut } from "@/lib/sign_in/service.ts";
import { openUnconfigured } from "@/lib/video/unconfigured.ts";
import { findVisit } from "@/lib/visits/store.ts";
import { claimsOf } from "../../../../support/claims.ts";
import { handledKv } from "../../../../support/handled_kv.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { quiet } from "../../../../support/quiet.ts";
import {
  addPerson,
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

const NEVER = new AbortController().signal;

function sweep(services: Services): Promise<void> {
  return sweepCalls(services, SYSTEM_VOICE, NEVER);
}

/** What the app answers below `/api/v1/calls/`. */
async function call(
  world: World,
  person: Person | null,
  method: string,
  path = "",
  json?: unknown,
  headers = {},
) {
  const response = await world.ask(person, method, `/api/v1/calls/${path}`, {
    ...(json === undefined ? {} : { json }),
    headers,
  });
  return { status: response.status, body: await response.json() };
}

async function request(
  world: World,
  person = world.patient,
  wish: object = { mode: "video", reason: "Rash" },
  expected = 201,
): Promise<CallView> {
  const { status, body } = await call(world, person, "POST", "", wish);
  assert.equal(status, expected, JSON.stringify(body));
  return body;
}

async function see(
  world: World,
  person: Person,
  id: string,
): Promise<CallView> {
  const { status, body } = await call(world, person, "GET", `${id}/`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

async function available(world: World, doctor: Person, more = {}) {
  const wish = { available: true, ...more };
  const { status, body } = await call(
    world,
    doctor,
    "PUT",
    "availability/",
    wish,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** The doctor comes into the session and ends it. */
async function hold({ services, doctor }: World, id: string): Promise<void> {
  await requestAccess(services, doctor, id);
  await endSession(services, doctor, id);
}

async function actionsOf(world: World, id: string): Promise<string[]> {
  const history = await listChain(world.services.kv, `c:${id}`);
  return history.map(({ action }) => action);
}

Deno.test("S2.8 S2.24 S2.25 S2.26 a patient asks for a video call, a doctor accepts, and both are in a running session", async () => {
  await using world = await createWorld();
  const { doctor, patient, services } = world;
  await available(world, doctor);
  const asked = await request(world);
  assert.deepEqual(asked, {
    ...asked,
    status: "WAITING",
    mode: "video",
    reason: "Rash",
    urgency: "routine",
    specialty: null,
    language: null,
    patient: { id: patient.actor.accountId, name: "Pat Night" },
    position: 1,
    wait: { from_minutes: 0, to_minutes: 1 },
    doctors_available: 1,
    doctors_on_duty: 1,
    offer: null,
    doctor: null,
    visit_id: null,
    session_id: null,
    session: null,
    actions: ["cancel"],
  });
  await sweep(services);
  const { body: { results } } = await call(world, doctor, "GET");
  assert.equal(results.length, 1);
  assert.equal(results[0].id, asked.id);
  assert.equal(results[0].patient.name, "Pat Night");
  assert.equal(results[0].offer.until, "2026-11-21T12:00:30.000Z");
  assert.deepEqual(results[0].actions, ["accept", "decline"]);

  const accepted = await call(world, doctor, "POST", `${asked.id}/accept/`);
  assert.equal(accepted.status, 200);
  const { call: taken, session } = accepted.body as {
    call: CallView;
    session: SessionView;
  };
  assert.equal(taken.status, "ACCEPTED");
  assert.equal(taken.session_id, session.id);
  assert.equal(session.status, "IN_PROGRESS");
  assert.equal(session.voice_only, false);
  assert.match(session.room_name, /^doctor-call-[0-9a-f-]{36}$/);
  assert.equal(session.reason, "Rash");
  const visit = await findVisit(services.kv, session.visit_id);
  assert.deepEqual([visit.status, visit.reason], ["OPEN", "Rash"]);

  const now = await see(world, patient, asked.id);
  assert.equal(now.status, "ACCEPTED");
  assert.equal(now.doctor?.name, "Dr Ada Day");
  assert.equal(now.session?.status, "IN_PROGRESS");
  assert.equal(now.position, null);
  // Both get into the same room with what they already have.
  for (const person of [doctor, patient]) {
    const token = await world.ask(
      person,
      "POST",
      "/api/v1/telemedicine/token/",
      {
        json: { session_id: session.id },
      },
    );
    const { room_name, waiting } = await token.json();
    assert.deepEqual([room_name, waiting], [session.room_name, false]);
  }
  assert.deepEqual(await actionsOf(world, asked.id), [
    "call.request",
    "call.offer",
    "call.accept",
  ]);
  const history = await listHistory(services.kv, session.id);
  assert.deepEqual(history.slice(0, 3).map(({ action }) => action), [
    "session.create",
    "session.start_requested",
    "session.start",
  ]);
  await assertInvariants(services.kv);
});

Deno.test("S2.34 who calls is who is signed in: nothing in the request can name anybody else, and no sign-in, no call", async () => {
  await using world = await createWorld();
  const { doctor, patient, otherPatient } = world;
  const wish = { mode: "voice" };
  const named = { ...wish, patient: otherPatient.actor.accountId };
  const refused = await call(world, patient, "POST", "", named);
  assert.deepEqual([refused.status, refused.body.code], [400, "validation"]);
  assert.equal((await call(world, null, "POST", "", wish)).status, 401);
  const { id } = await request(world, patient, wish);
  const { body } = await call(world, doctor, "POST", `${id}/accept/`);
  for (const person of [patient, doctor]) {
    const access = await requestAccess(
      world.services,
      person,
      body.session.id,
    );
    const { grants } = claimsOf(access.token).payload;
    assert.equal(grants.identity, person.actor.accountId);
  }
  // The sign-in is over: so is what it allowed.
  await signOut(world.services, patient);
  assert.equal((await call(world, patient, "GET", `${id}/`)).status, 401);
});

Deno.test("S2.23 a voice call becomes a session without video", async () => {
  await using world = await createWorld();
  const { id } = await request(world, world.patient, { mode: "voice" });
  const { body } = await call(world, world.doctor, "POST", `${id}/accept`);
  assert.equal(body.session.voice_only, true);
  assert.equal(body.session.reason, "Voice call on demand");
});

Deno.test("S2.14 every accepted call has a room of its own", async () => {
  await using world = await createWorld();
  const names = new Set<string>();
  for (
    const [patient, doctor] of [
      [world.patient, world.doctor],
      [world.otherPatient, world.otherDoctor],
    ] as const
  ) {
    const { id } = await request(world, patient);
    const { body } = await call(world, doctor, "POST", `${id}/accept/`);
    names.add(body.session.room_name);
  }
  assert.equal(names.size, 2);
});

Deno.test("a second press answers the same request, also from fifty tabs at once, and during the call", async () => {
  await using world = await createWorld();
  const answers = await Promise.all(
    Array.from(
      { length: 50 },
      () => call(world, world.patient, "POST", "", { mode: "voice" }),
    ),
  );
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted().slice(-2),
    [200, 201],
  );
  const ids = new Set(answers.map(({ body }) => body.id));
  assert.equal(ids.size, 1);
  const [id] = ids;
  const { body } = await call(world, world.doctor, "POST", `${id}/accept/`);
  const again = await call(world, world.patient, "POST", "", { mode: "video" });
  assert.deepEqual([again.status, again.body.id], [200, id]);
  await hold(world, body.session.id);
  const next = await request(world);
  assert.notEqual(next.id, id);
  await assertInvariants(world.services.kv);
});

Deno.test("nobody makes doctors' queues ring again and again: ten requests in ten minutes, and what is open counts once", async () => {
  await using world = await createWorld();
  const wish = { mode: "voice", urgency: "urgent" };
  for (let n = 0; n < 10; n++) {
    const { id } = await request(world, world.patient, wish);
    assert.equal((await request(world, world.patient, wish, 200)).id, id);
    await call(world, world.patient, "POST", `${id}/cancel/`);
  }
  const refused = await world.ask(world.patient, "POST", "/api/v1/calls/", {
    json: wish,
  });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "600");
  assert.equal((await refused.json()).code, "rate_limited");
  await request(world, world.otherPatient, wish);
  world.pass(600);
  await request(world, world.patient, wish);
});

Deno.test("S2.33 of fifty doctors who accept at once one wins, and the others learn that it is taken, not by whom", async () => {
  await using world = await createWorld();
  const { services } = world;
  const doctors = await Promise.all(
    Array.from(
      { length: 50 },
      (_, i) => addPerson(services, `Dr Number ${i}`, "doctor"),
    ),
  );
  const { id } = await request(world);
  const answers = await Promise.all(
    doctors.map((doctor) => call(world, doctor, "POST", `${id}/accept/`)),
  );
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  const [{ body: { call: won } }] = winners as [typeof winners[0]];
  for (const { status, body } of answers) {
    if (status === 200) continue;
    assert.deepEqual([status, body.code], [409, "call_taken"]);
    assert(!JSON.stringify(body).includes("Number"));
    assert(!JSON.stringify(body).includes(won.doctor.id));
  }
  await assertInvariants(services.kv);
});

Deno.test("a doctor takes one call at a time, also of two accepted at once", async () => {
  await using world = await createWorld();
  const { doctor, otherDoctor, services } = world;
  const ids = [
    (await request(world, world.patient)).id,
    (await request(world, world.otherPatient)).id,
  ];
  const answers = await Promise.all(
    ids.map((id) => call(world, doctor, "POST", `${id}/accept/`)),
  );
  const codes = answers.map(({ body }) => body.code ?? "taken").toSorted();
  assert.deepEqual(codes, ["doctor_busy", "taken"]);
  const won = answers.find(({ status }) => status === 200)!.body;
  const other = ids.find((id) => id !== won.call.id)!;
  const busy = await call(world, doctor, "GET", "availability/");
  assert.equal(busy.body.session_id, won.session.id);
  // The end of the call makes the doctor free.
  await hold(world, won.session.id);
  const next = await call(world, doctor, "POST", `${other}/accept/`);
  assert.equal(next.status, 200);
  // So does any session that runs make busy, not only calls.
  await hold(world, next.body.session.id);
  const third = await request(world, world.patient);
  const { id } = await world.plan();
  await startSession(services, doctor, id);
  const refused = await call(world, doctor, "POST", `${third.id}/accept/`);
  assert.equal(refused.body.code, "doctor_busy");
  assert.equal(
    (await call(world, otherDoctor, "POST", `${third.id}/accept/`)).status,
    200,
  );
  await assertInvariants(services.kv);
});

Deno.test("who is in a call on demand starts nothing else until it is over, also of two things at once; planned sessions run side by side", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  const first = await request(world, world.otherPatient);
  const taken = await call(world, doctor, "POST", `${first.id}/accept/`);
  const planned = await world.plan();
  const start = (id: string) =>
    startSession(services, doctor, id).then(
      ({ status }) => status as string,
      ({ code }: AppError) => code as string,
    );
  assert.equal(await start(planned.id), "doctor_busy");
  const form = await world.ask(
    doctor,
    "POST",
    `/telemedicine/${planned.id}/start`,
    { form: {} },
  );
  assert.match(form.headers.get("location")!, /problem=doctor_busy$/);
  await hold(world, taken.body.session.id);
  assert.equal(await start(planned.id), "IN_PROGRESS");
  await endSession(services, doctor, planned.id);

  for (let i = 0; i < 20; i++) {
    // Nobody may ask for more at once.
    world.pass(61);
    const [wait, plan] = [await request(world), await world.plan()];
    const [accepted, started] = await Promise.all([
      call(world, doctor, "POST", `${wait.id}/accept/`),
      start(plan.id),
    ]);
    const both = [accepted.body.code ?? "accepted", started];
    assert.equal(
      both.filter((one) => one === "doctor_busy").length,
      1,
      `${both}`,
    );
    await assertInvariants(services.kv);
    const won = started === "IN_PROGRESS" ? plan.id : accepted.body.session.id;
    await hold(world, won);
    if (started === "IN_PROGRESS") {
      await call(world, world.patient, "POST", `${wait.id}/cancel/`);
    }
  }
});

Deno.test("a planned session whose start is under way does not begin in its doctor's call on demand", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  const { id } = await world.plan();
  {
    using _ = quiet();
    world.faults.set({ rest: [{ kind: "error", status: 503 }] });
    await startSession(services, doctor, id).catch(() => {});
    world.faults.clear();
  }
  const { id: waits } = await request(world, world.otherPatient);
  assert.equal(
    (await call(world, doctor, "POST", `${waits}/accept/`)).status,
    200,
  );
  world.pass(7);
  const outbox = RECONCILERS.find(({ name }) => name === "outbox")!;
  await reconcile(services, outbox, "test");
  const session = await findSession(services.kv, id);
  assert.deepEqual([session.status, session.startIntent], ["SCHEDULED", null]);
  await assertInvariants(services.kv);
});

Deno.test("a call on demand stays one when it moves to video", async () => {
  await using world = await createWorld();
  const { doctor, patient, services } = world;
  const { id } = await request(world, patient, { mode: "voice" });
  const { body } = await call(world, doctor, "POST", `${id}/accept/`);
  await offerVideo(services, doctor, body.session.id);
  await answerVideo(services, patient, body.session.id, { accepted: true });
  const { session } = await see(world, patient, id);
  assert.equal(session?.on_demand, true);
  assert(!session.room_name.startsWith("doctor-call-"));
  await assertInvariants(services.kv);
});

Deno.test("accepting twice answers the same call and session", async () => {
  await using world = await createWorld();
  const { id } = await request(world);
  const answers = await Promise.all(
    Array.from(
      { length: 5 },
      () => call(world, world.doctor, "POST", `${id}/accept/`),
    ),
  );
  assert.deepEqual(answers.map(({ status }) => status), Array(5).fill(200));
  assert.equal(new Set(answers.map(({ body }) => body.session.id)).size, 1);
  const key = { "idempotency-key": "once" };
  const replays = [
    await call(world, world.doctor, "POST", `${id}/accept/`, {}, key),
    await call(world, world.doctor, "POST", `${id}/accept/`, {}, key),
  ];
  assert.deepEqual(replays[0], replays[1]);
  await assertInvariants(world.services.kv);
});

Deno.test("who accepts twice at once is not told to be busy with that very call, however the two interleave", async () => {
  for (let turn = 0; turn < 6; turn++) {
    await using world = await createWorld();
    const { services, doctor } = world;
    const { id } = await request(world);
    let reads = 0;
    const kv = handledKv(services.kv, {
      // Somewhere in the middle the other press is there, and done.
      read: async (_what, run) => {
        if (reads++ === turn) await acceptCall(services, doctor, id);
        return await run();
      },
      commit: (_writes, run) => run(),
    });
    const { session } = await acceptCall({ ...services, kv }, doctor, id);
    assert.equal(session.id, (await findCall(services.kv, id)).sessionId);
    await assertInvariants(services.kv);
  }
});

Deno.test("an offer that is declined, or not answered, passes on; the first doctor is asked again after all others", async () => {
  await using world = await createWorld();
  const { doctor, otherDoctor, services } = world;
  await available(world, doctor);
  world.pass(5);
  await available(world, otherDoctor);
  const { id } = await request(world);
  const ringsAt = async () =>
    (await findCall(services.kv, id)).offer?.doctorId ?? null;
  await sweep(services);
  assert.equal(await ringsAt(), doctor.actor.accountId);
  const declined = await call(world, doctor, "POST", `${id}/decline/`);
  assert.deepEqual([declined.status, declined.body.offer], [200, null]);
  await sweep(services);
  assert.equal(await ringsAt(), otherDoctor.actor.accountId);
  world.pass(29);
  await sweep(services);
  assert.equal(await ringsAt(), otherDoctor.actor.accountId);
  world.pass(1);
  await sweep(services);
  assert.equal(await ringsAt(), null);
  await assertInvariants(services.kv);
  // Both have their queue open; the patient, too.
  world.pass(30);
  for (const person of [doctor, otherDoctor]) await call(world, person, "GET");
  await see(world, world.patient, id);
  await sweep(services);
  assert.equal(await ringsAt(), doctor.actor.accountId);
  // Whoever it rings at, another may take it.
  const taken = await call(world, otherDoctor, "POST", `${id}/accept/`);
  assert.equal(taken.status, 200);
  assert.deepEqual(await actionsOf(world, id), [
    "call.request",
    "call.offer",
    "call.decline",
    "call.offer",
    "call.pass",
    "call.offer",
    "call.accept",
  ]);
  await assertInvariants(services.kv);
});

Deno.test("a doctor who closes the queue, or takes another call, loses what rings there", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  await available(world, doctor);
  const { id } = await request(world);
  await sweep(services);
  const second = await request(world, world.otherPatient);
  await call(world, doctor, "POST", `${second.id}/accept/`);
  await sweep(services);
  assert.equal((await findCall(services.kv, id)).offer, null);
  assert.deepEqual(await actionsOf(world, id), [
    "call.request",
    "call.offer",
    "call.withdraw",
  ]);
  await assertInvariants(services.kv);
});

Deno.test("the patient can take the request back while it rings, and not when a doctor has it", async () => {
  await using world = await createWorld();
  const { doctor, patient, services } = world;
  await available(world, doctor);
  const { id } = await request(world);
  await sweep(services);
  for (let i = 0; i < 2; i++) {
    const { status, body } = await call(
      world,
      patient,
      "POST",
      `${id}/cancel/`,
    );
    assert.deepEqual([status, body.status], [200, "CANCELLED"]);
  }
  const late = await call(world, doctor, "POST", `${id}/accept/`);
  assert.deepEqual([late.status, late.body.code], [409, "call_over"]);
  const { id: other } = await request(world);
  await call(world, doctor, "POST", `${other}/accept/`);
  const refused = await call(world, patient, "POST", `${other}/cancel/`);
  assert.deepEqual([refused.status, refused.body.code], [409, "call_over"]);
  await assertInvariants(services.kv);
});

Deno.test("who is away for ninety seconds rings nowhere, and keeps the place for ten minutes", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { id } = await request(world);
  await available(world, doctor);
  const offered = async () => {
    await call(world, doctor, "GET");
    await sweep(services);
    return (await findCall(services.kv, id)).offer !== null;
  };
  const silent = async (seconds: number) => {
    for (let i = 0; i < seconds; i += 10) {
      world.pass(10);
      // That a doctor looks at it is nobody's presence.
      await see(world, doctor, id);
      await offered();
    }
  };
  for (let i = 0; i < 10; i++) {
    world.pass(20);
    await see(world, patient, id);
    assert(await offered());
    // Nobody minds how often it rings here.
    await available(world, doctor);
    await call(world, doctor, "POST", `${id}/decline/`);
    world.pass(61);
    await see(world, patient, id);
  }
  assert(await offered());
  await silent(100);
  assert(!await offered());
  const { body: { results } } = await call(world, doctor, "GET");
  assert.equal(results[0].away, true);
  // Somebody who comes later is not behind them in the meantime.
  const later = await request(world, world.otherPatient);
  assert.equal(later.position, 1);
  await call(world, world.otherPatient, "POST", `${later.id}/cancel/`);

  await silent(400);
  const back = await see(world, patient, id);
  assert.deepEqual([back.status, back.position], ["WAITING", 1]);
  assert(await offered());
  await silent(600);
  assert.equal((await findCall(services.kv, id)).status, "WAITING");
  await silent(10);
  assert.equal((await findCall(services.kv, id)).status, "EXPIRED");
  assert.deepEqual((await actionsOf(world, id)).slice(-1), ["call.expire"]);
  assert.equal((await see(world, patient, id)).status, "EXPIRED");
  await request(world);
  await assertInvariants(services.kv);
});

Deno.test("the position is the order of the queue, and the range comes from the calls before", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  const patients = await Promise.all(
    Array.from(
      { length: 4 },
      (_, i) => addPerson(services, `Patient ${i}`, "patient"),
    ),
  );
  await available(world, doctor);
  for (const patient of patients.slice(0, 3)) {
    const { id } = await request(world, patient);
    const { body } = await call(world, doctor, "POST", `${id}/accept/`);
    world.pass(6 * 60);
    await hold(world, body.session.id);
  }
  const a = await request(world, patients[0]!);
  const { body } = await call(world, doctor, "POST", `${a.id}/accept/`);
  assert.equal(body.session.status, "IN_PROGRESS");
  const b = await request(world, patients[1]!);
  world.pass(1);
  const c = await request(world, patients[2]!);
  world.pass(1);
  const urgent = await request(world, patients[3]!, {
    mode: "voice",
    urgency: "urgent",
  });
  await sweep(services);
  const places = [];
  for (const [i, { id }] of [[2, c], [1, b], [3, urgent]] as const) {
    const { position, wait } = await see(world, patients[i]!, id);
    places.push([position, wait?.from_minutes, wait?.to_minutes]);
  }
  assert.deepEqual(places, [[3, 17, 18], [2, 11, 12], [1, 5, 6]]);
});

Deno.test("when no doctor takes calls the patient is told, and hears when one does", async () => {
  await using world = await createWorld();
  const { doctor, patient } = world;
  const { id, doctors_available, wait } = await request(world);
  assert.deepEqual([doctors_available, wait], [0, null]);
  await available(world, doctor);
  assert.equal((await see(world, patient, id)).doctors_available, 1);
  world.pass(91);
  assert.equal((await see(world, patient, id)).doctors_available, 0);
  await call(world, doctor, "GET");
  assert.equal((await see(world, patient, id)).doctors_available, 1);
  await call(world, doctor, "PUT", "availability/", { available: false });
  assert.equal((await see(world, patient, id)).doctors_available, 0);
});

Deno.test("who has just held a planned session was not idle meanwhile: it rings at the other one first", async () => {
  await using world = await createWorld();
  const { doctor, otherDoctor, services } = world;
  const planned = await world.plan();
  await available(world, doctor);
  world.pass(1);
  await available(world, otherDoctor);
  await startSession(services, doctor, planned.id);
  world.pass(60);
  await hold(world, planned.id);
  for (const person of [doctor, otherDoctor]) await call(world, person, "GET");
  const { id } = await request(world);
  await sweep(services);
  const { offer } = await findCall(services.kv, id);
  assert.equal(offer?.doctorId, otherDoctor.actor.accountId);
});

Deno.test("the sessions that run are read once for everybody who looks at the queue at the same time", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  const planned = await world.plan();
  await startSession(services, doctor, planned.id);
  let reads = 0;
  const kv = new Proxy(services.kv, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        reads += JSON.stringify(args).includes('"session_active"') ? 1 : 0;
        return value.apply(target, args);
      };
    },
  });
  const watched = { ...services, kv };
  const looks = await Promise.all(
    Array.from({ length: 20 }, () => getQueue(watched, doctor)),
  );
  assert(looks.every(({ session }) => session?.id === planned.id));
  assert(reads <= 2, `${reads} readings`);
});

Deno.test("a doctor at whom calls ring unanswered takes none any more, until they say so: nobody pays for an empty chair twice", async () => {
  await using world = await createWorld();
  const { doctor, patient, services } = world;
  const { accountId } = doctor.actor;
  await available(world, doctor);
  const { id } = await request(world);
  const ringOut = async () => {
    await sweep(services);
    const { offer } = await findCall(services.kv, id);
    assert.equal(offer?.doctorId, accountId);
    world.pass(30);
    await call(world, doctor, "GET");
    // Two processes at once: it passes once, and counts once.
    await Promise.all([sweep(services), sweep(services)]);
    for (const seconds of [30, 30]) {
      world.pass(seconds);
      await call(world, doctor, "GET");
      await see(world, patient, id);
    }
  };
  const count = async () =>
    (await findAvailability(services.kv, accountId))?.unanswered;
  await ringOut();
  await ringOut();
  assert.equal(await count(), 2);
  await sweep(services);
  // Somebody is there: it counts anew.
  await call(world, doctor, "POST", `${id}/decline/`);
  assert.equal(await count(), 0);
  world.pass(60);
  await call(world, doctor, "GET");
  await see(world, patient, id);
  for (let n = 0; n < UNANSWERED_MAX; n++) await ringOut();
  const stopped = await call(world, doctor, "GET", "availability/");
  assert.deepEqual(
    [stopped.body.available, stopped.body.stopped],
    [false, "unanswered"],
  );
  await sweep(services);
  assert.equal((await findCall(services.kv, id)).offer, null);
  assert.equal((await see(world, patient, id)).doctors_available, 0);
  await assertInvariants(services.kv);
  assert.equal((await available(world, doctor)).stopped, null);
  await sweep(services);
  assert.equal((await see(world, doctor, id)).offer !== null, true);
  const entries = await listChain(services.kv, `u:${accountId}`);
  assert.deepEqual(
    entries.filter(({ target, action }) =>
      target.id === accountId && action.startsWith("availability")
    ).map(({ actor, action, change, reason }) => [
      actor.role,
      action,
      `${change?.from} ${change?.to}`,
      reason,
    ]),
    [
      ["doctor", "availability.set", "off on", null],
      ["system", "availability.stop", "on off", "unanswered"],
      ["doctor", "availability.set", "off on", null],
    ],
  );
  await assertInvariants(services.kv);
});

Deno.test("whom the app has switched off stays so, whatever else they say, until they take calls", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  const { accountId } = doctor.actor;
  await available(world, doctor);
  await changeAvailability(services.kv, accountId, null, (before) => {
    const at = services.now();
    const last = { ...before!, unanswered: UNANSWERED_MAX - 1 };
    const after = afterRinging(last, false, at)!;
    const facts = availabilityFacts(
      { before, after, at },
      SYSTEM_VOICE.actor,
      "r",
    );
    return { next: after, facts };
  });
  await assertInvariants(services.kv);
  const form = { "language.es": "on" };
  await world.ask(doctor, "POST", "/doctor/queue/skills", { form });
  await call(world, doctor, "PUT", "availability/", { available: false });
  await assertInvariants(services.kv);
  const { body } = await call(world, doctor, "GET", "availability/");
  assert.deepEqual(
    [body.available, body.stopped, body.languages],
    [false, "unanswered", ["es"]],
  );
  const told = (await listChain(services.kv, `u:${accountId}`))
    .filter(({ action }) => action.startsWith("availability."))
    .map(({ action, reason }) => [action, reason]);
  assert.deepEqual(told.slice(1), [
    ["availability.stop", "unanswered"],
    ["availability.set", "skills"],
  ]);
  assert.equal((await available(world, doctor)).stopped, null);
  await assertInvariants(services.kv);
});

Deno.test("accepting alone counts nothing anew: coming to the call does, and not coming is one more unanswered", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  await available(world, doctor);
  await request(world);
  await sweep(services);
  world.pass(30);
  await call(world, doctor, "GET");
  await sweep(services);
  const count = async () =>
    (await findAvailability(services.kv, doctor.actor.accountId))?.unanswered;
  assert.equal(await count(), 1);
  const second = await request(world, world.otherPatient);
  const accept = async () => {
    const { body } = await call(world, doctor, "POST", `${second.id}/accept/`);
    return body.session.id as string;
  };
  // Ended without a look at the room: nobody met the patient.
  await endSession(services, doctor, await accept());
  assert.equal(await count(), 1);
  await Promise.all([sweep(services), sweep(services)]);
  assert.equal(await count(), 2);
  assert.equal((await findCall(services.kv, second.id)).status, "WAITING");
  await assertInvariants(services.kv);
  const sessionId = await accept();
  await requestAccess(services, doctor, sessionId);
  await sweep(services);
  assert.equal(await count(), 2);
  await endSession(services, doctor, sessionId);
  await sweep(services);
  assert.equal(await count(), 0);
  await assertInvariants(services.kv);
});

Deno.test("who accepts and never comes takes none any more after three, also when the last one stays where it is", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  await available(world, doctor);
  const { id } = await request(world);
  for (let n = 0; n < UNANSWERED_MAX; n++) {
    const { body } = await call(world, doctor, "POST", `${id}/accept/`);
    await endSession(services, doctor, body.session.id);
    await sweep(services);
    await assertInvariants(services.kv);
  }
  const { returns, status } = await findCall(services.kv, id);
  assert.deepEqual([returns, status], [RETURNS_MAX, "ACCEPTED"]);
  const { body } = await call(world, doctor, "GET", "availability/");
  assert.deepEqual([body.available, body.stopped], [false, "unanswered"]);
});

Deno.test("who takes calls, and which, is in the audit log; saying the same again is not", async () => {
  await using world = await createWorld();
  const { doctor, services } = world;
  await available(world, doctor);
  await available(world, doctor);
  await available(world, doctor, { languages: ["es"] });
  await call(world, doctor, "PUT", "availability/", { available: false });
  const entries = await listChain(
    services.kv,
    `u:${doctor.actor.accountId}`,
  );
  assert.deepEqual(
    entries.filter(({ action }) => action === "availability.set")
      .map(({ change, reason }) => [change?.to, reason]),
    [["on", null], [undefined, "skills"], ["off", null]],
  );
});

Deno.test("a request for a language is seen, offered and accepted only where it is spoken", async () => {
  await using world = await createWorld();
  const { doctor, otherDoctor, services } = world;
  await available(world, doctor);
  const skills = { languages: ["es"], specialties: ["dermatology"] };
  const { languages } = await available(world, otherDoctor, skills);
  assert.deepEqual(languages, ["es"]);
  // Skills that are not given stay.
  assert.deepEqual((await available(world, otherDoctor)).languages, ["es"]);
  const { id } = await request(world, world.patient, {
    mode: "video",
    language: "es",
    specialty: "dermatology",
  });
  await sweep(services);
  const { offer } = await findCall(services.kv, id);
  assert.equal(offer?.doctorId, otherDoctor.actor.accountId);
  assert.deepEqual((await call(world, doctor, "GET")).body.results, []);
  const refused = await call(world, doctor, "POST", `${id}/accept/`);
  assert.deepEqual([refused.status, refused.body.code], [
    404,
    "call_not_found",
  ]);
  assert.equal(
    (await call(world, otherDoctor, "POST", `${id}/accept/`)).status,
    200,
  );
});

Deno.test("while the video service is down the call is accepted, and the outbox brings it about", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { services, doctor, patient } = world;
  const { id } = await request(world);
  world.faults.set({ rest: [{ kind: "error", status: 503 }] });
  const { status, body } = await call(world, doctor, "POST", `${id}/accept/`);
  assert.deepEqual(
    [status, body.call.status, body.session.status, body.session.start_pending],
    [200, "ACCEPTED", "SCHEDULED", true],
  );
  await assertInvariants(services.kv);
  world.faults.clear();
  world.pass(7);
  const outbox = RECONCILERS.find(({ name }) => name === "outbox")!;
  assert(await reconcile(services, outbox, "test"));
  assert.equal((await see(world, patient, id)).session?.status, "IN_PROGRESS");
  await assertInvariants(services.kv);
});

Deno.test("without a video service nobody is put into a queue that leads nowhere", async () => {
  await using world = await createWorld();
  const { services } = world;
  const wish = {
    mode: "video",
    reason: "",
    urgency: "routine",
    specialty: null,
    language: null,
  } as const;
  const unconfigured = { ...services, video: openUnconfigured() };
  await assert.rejects(
    requestCall(unconfigured, world.patient, wish),
    ({ code }: AppError) => code === "video_not_configured",
  );
  // Who waits already goes on waiting.
  const { id } = await request(world);
  await assert.rejects(
    acceptCall(unconfigured, world.doctor, id),
    ({ code }: AppError) => code === "video_not_configured",
  );
  assert.equal((await findCall(services.kv, id)).status, "WAITING");
  await assertInvariants(services.kv);
});

Deno.test("only doctors say that they take calls: nobody else is stored as one who does", async () => {
  await using world = await createWorld();
  const { kv } = world.services;
  for (const person of [world.patient, world.admin]) {
    const wish = { available: true };
    const { status } = await call(world, person, "PUT", "availability/", wish);
    assert.equal(status, 403);
    assert.equal(await findAvailability(kv, person.actor.accountId), null);
  }
});

Deno.test("a request that nobody answers is told so, and rings at any doctor once its patient wants that, at the same place", async () => {
  await using world = await createWorld();
  const { doctor, patient, otherPatient, services } = world;
  await available(world, doctor, { languages: ["es"] });
  const wish = { mode: "voice", specialty: "dermatology", language: "es" };
  const { id, created_at, ...asked } = await request(world, patient, wish);
  assert.deepEqual(
    [asked.doctors_available, asked.doctors_on_duty, asked.actions],
    [0, 1, ["cancel", "widen"]],
  );
  world.pass(5);
  await request(world, otherPatient, { mode: "voice", specialty: "urology" });
  await sweep(services);
  assert.equal((await findCall(services.kv, id)).offer, null);

  const widen = (json: object) =>
    call(world, patient, "POST", `${id}/widen/`, json);
  const kept = await widen({ keep_language: true });
  assert.deepEqual([kept.status, kept.body.specialty, kept.body.language], [
    200,
    null,
    "es",
  ]);
  await sweep(services);
  const { offer } = await findCall(services.kv, id);
  assert.equal(offer?.doctorId, doctor.actor.accountId);
  const { body } = await widen({});
  assert.deepEqual(
    [body.language, body.created_at, body.position, body.actions],
    [null, created_at, 1, ["cancel"]],
  );
  // Twice is fine, and nothing happens.
  assert.equal((await widen({})).body.rev, body.rev);
  assert.deepEqual(
    (await listChain(services.kv, `c:${id}`)).filter(({ action }) =>
      action === "call.widen"
    ).map(({ reason }) => reason),
    ["es", null],
  );
  assert.equal((await widen({ language: null })).status, 400);

  await call(world, doctor, "POST", `${id}/accept/`);
  const late = await widen({});
  assert.deepEqual([late.status, late.body.code], [409, "call_over"]);
  await assertInvariants(services.kv);
});

Deno.test("strangers, visitors and the wrong role are refused, with a code each", async () => {
  await using world = await createWorld();
  const { doctor, patient, otherPatient, otherDoctor, admin } = world;
  const { id } = await request(world);
  const cases: [Person | null, string, string, number, string][] = [
    [null, "GET", "", 401, "unauthenticated"],
    [null, "POST", "", 401, "unauthenticated"],
    [null, "GET", "events/", 401, "unauthenticated"],
    [null, "GET", "availability/", 401, "unauthenticated"],
    [null, "POST", `${id}/accept/`, 401, "unauthenticated"],
    [doctor, "POST", "", 403, "role_forbidden"],
    [admin, "POST", "", 403, "role_forbidden"],
    [patient, "GET", "events/", 403, "role_forbidden"],
    [admin, "GET", "events/", 403, "role_forbidden"],
    [patient, "GET", "availability/", 403, "role_forbidden"],
    [patient, "PUT", "availability/", 403, "role_forbidden"],
    [patient, "POST", `${id}/accept/`, 403, "role_forbidden"],
    [patient, "POST", `${id}/decline/`, 403, "role_forbidden"],
    [doctor, "POST", `${id}/cancel/`, 403, "role_forbidden"],
    [doctor, "POST", `${id}/widen/`, 403, "role_forbidden"],
    [doctor, "GET", `${id}/events/`, 403, "role_forbidden"],
    ...[otherPatient, admin].flatMap((person) =>
      [
        ["GET", ""],
        ["GET", "events/"],
        ["POST", "accept/"],
        ["POST", "decline/"],
        ["POST", "cancel/"],
        ["POST", "widen/"],
      ].map(([method, command]) =>
        [
          person,
          method,
          `${id}/${command}`,
          404,
          "call_not_found",
        ] as [Person, string, string, number, string]
      )
    ),
    [patient, "GET", "01JD0000000000000000000002/", 404, "call_not_found"],
    [patient, "GET", "nothing/", 404, "call_not_found"],
  ];
  for (const [person, method, path, status, code] of cases) {
    const body = method === "PUT"
      ? { available: true }
      : path === "" && method === "POST"
      ? { mode: "voice" }
      : undefined;
    const answer = await call(world, person, method, path, body);
    assert.deepEqual(
      [answer.status, answer.body.code],
      [status, code],
      `${method} ${path} as ${person?.actor.name}`,
    );
  }
  // Once it is taken, other doctors learn nothing more of it.
  await call(world, doctor, "POST", `${id}/accept/`);
  const hidden = await call(world, otherDoctor, "GET", `${id}/`);
  assert.deepEqual([hidden.status, hidden.body.code], [404, "call_not_found"]);
  assert.equal((await call(world, doctor, "GET", `${id}/`)).status, 200);
});

Deno.test("what a request may say is checked field by field", async () => {
  await using world = await createWorld();
  for (
    const [json, field] of [
      [{}, "mode"],
      [{ mode: "letter" }, "mode"],
      [{ mode: "voice", reason: "x".repeat(301) }, "reason"],
      [{ mode: "voice", reason: "\ud800" }, "reason"],
      [{ mode: "voice", urgency: "now" }, "urgency"],
      [{ mode: "voice", language: "English" }, "language"],
      [{ mode: "voice", language: "en-1a" }, "language"],
      [{ mode: "voice", specialty: "Skin!" }, "specialty"],
      [{ mode: "voice", patient: "me" }, ""],
    ] as const
  ) {
    const { status, body } = await call(world, world.patient, "POST", "", json);
    assert.equal(status, 400);
    assert.equal(body.fields[0].field, field);
  }
});

Deno.test("lists: a doctor's is the queue, a patient's their own, newest first and in pages", async () => {
  await using world = await createWorld();
  const { patient, otherPatient, doctor, admin } = world;
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { id } = await request(world);
    ids.unshift(id);
    await call(world, patient, "POST", `${id}/cancel/`);
  }
  const { body: page } = await call(world, patient, "GET", "?limit=2");
  assert.deepEqual(page.results.map(({ id }: CallView) => id), ids.slice(0, 2));
  const rest = await call(world, patient, "GET", `?cursor=${page.next}`);
  assert.deepEqual(rest.body.results.map(({ id }: CallView) => id), [ids[2]]);
  assert.equal(rest.body.next, null);
  for (const person of [otherPatient, doctor, admin]) {
    const { body } = await call(world, person, "GET");
    assert.deepEqual(body, { results: [], next: null });
  }
});
