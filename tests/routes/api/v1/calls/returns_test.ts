import assert from "node:assert/strict";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import { listChain } from "@/lib/audit/store.ts";
import { inOrder } from "@/lib/calls/matcher.ts";
import { RETURNS_MAX } from "@/lib/calls/returning.ts";
import { noteWaitingPatient } from "@/lib/calls/presence_service.ts";
import {
  acceptCall,
  declineCall,
  getCall,
  requestCall,
} from "@/lib/calls/service.ts";
import { findCall } from "@/lib/calls/store.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  createSession,
  endSession,
  leaveSession,
  requestAccess,
} from "@/lib/sessions/service.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { findVisit } from "@/lib/visits/store.ts";
import { enter } from "../../../../support/guest.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { quiet } from "../../../../support/quiet.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

const WISH = {
  mode: "voice",
  reason: "Rash",
  urgency: "routine",
  specialty: null,
  language: null,
} as const;

/** The app's own work for so long, as often as it happens. */
async function goesOn(world: World, seconds: number): Promise<void> {
  const { services } = world;
  for (let n = 0; n < seconds; n++) {
    world.pass(1);
    const atMs = services.now().getTime();
    for (const one of RECONCILERS) {
      if (atMs % one.everyMs !== 0 || one.name === "rooms") continue;
      assert(await reconcile(services, one, "test"));
    }
  }
}

async function ask(world: World, patient: Person): Promise<string> {
  return (await requestCall(world.services, patient, WISH)).call.id;
}

async function lastAction(world: World, id: string): Promise<string> {
  return (await listChain(world.services.kv, `c:${id}`)).at(-1)!.action;
}

Deno.test("a start that the video service did not answer in time is asked for again, by nobody but the app", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, faults } = world;
  using _ = quiet();
  const id = await ask(world, patient);
  faults.set({ rest: [{ kind: "error", status: 503 }] });
  const { session } = await acceptCall(services, doctor, id);
  await goesOn(world, 59);
  const between = await findSession(services.kv, session.id);
  assert.deepEqual([between.status, between.expiredStarts], ["SCHEDULED", 1]);
  faults.clear();
  await goesOn(world, 41);
  const { status } = await findSession(services.kv, session.id);
  assert.equal(status, "IN_PROGRESS");
  const history = await listHistory(services.kv, session.id);
  const asked = history.filter(({ action }) =>
    action === "session.start_requested"
  );
  assert.deepEqual(
    [...new Set(asked.map(({ actor }) => actor.role))],
    ["doctor", "system"],
  );
  await assertInvariants(services.kv);
});

Deno.test("a call that cannot begin goes back to its place in line, and rings at the next doctor; its visit is closed", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient, faults } = world;
  using _ = quiet();
  const { kv } = services;
  const id = await ask(world, patient);
  faults.set({ rest: [{ kind: "error", status: 503 }] });
  const { session } = await acceptCall(services, doctor, id);
  for (
    let s = 0;
    s < 300 && (await findCall(kv, id)).status !== "WAITING";
    s++
  ) {
    await goesOn(world, 1);
  }
  const failed = await findSession(kv, session.id);
  assert.deepEqual(
    [failed.status, failed.endReason],
    ["FAILED", "video_unreachable"],
  );
  const [entry] = (await listChain(kv, `c:${id}`)).filter(({ action }) =>
    action === "call.return"
  );
  assert.deepEqual(entry, {
    ...entry,
    change: { from: "ACCEPTED", to: "WAITING" },
    reason: doctor.actor.accountId,
    visitId: session.visitId,
  });
  const visit = await findVisit(kv, session.visitId);
  assert.equal(visit.status, "CLOSED");
  await assertInvariants(kv);

  faults.clear();
  await noteWaitingPatient(services, patient, await findCall(kv, id));
  await setAvailability(services, doctor, { available: true });
  world.pass(5);
  await setAvailability(services, otherDoctor, { available: true });
  await goesOn(world, 1);
  const { offer } = await findCall(kv, id);
  assert.equal(offer?.doctorId, otherDoctor.actor.accountId);
  const next = await acceptCall(services, otherDoctor, id);
  assert.equal(next.session.status, "IN_PROGRESS");
  assert.notEqual(next.session.visitId, session.visitId);
  await assertInvariants(kv);
});

Deno.test("a refusal for good sends the request back twice, and then it stays", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, otherPatient, faults } = world;
  using _ = quiet();
  const { kv } = services;
  const id = await ask(world, patient);
  world.pass(5);
  const later = await ask(world, otherPatient);
  await setAvailability(services, doctor, { available: true });
  faults.set({ rest: [{ kind: "error", status: 400 }] });
  for (let n = 1; n <= RETURNS_MAX; n++) {
    const { session } = await acceptCall(services, doctor, id);
    assert.equal(session.status, "FAILED");
    await sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
    const back = await findCall(kv, id);
    assert.deepEqual(
      [back.status, back.returns, back.sessionId, back.decidedAt],
      ["WAITING", n, null, null],
    );
    // Its place is the one before.
    const { queue: { calls } } = await requestCall(services, patient, WISH);
    assert.deepEqual(inOrder(calls).map((one) => one.id), [id, later]);
    assert.equal(back.refusals[0]?.kind, "passed");
    // It rings elsewhere first: here, that is at nobody.
    assert.equal(back.offer, null);
    await assertInvariants(kv);
  }
  await acceptCall(services, doctor, id);
  await goesOn(world, 5);
  const stays = await findCall(kv, id);
  assert.deepEqual([stays.status, stays.returns], ["ACCEPTED", RETURNS_MAX]);
  assert.equal(await lastAction(world, id), "call.accept");
  const anew = await requestCall(services, patient, WISH);
  assert.notEqual(anew.call.id, id);
  await assertInvariants(kv);
});

Deno.test("a doctor who accepts and does not come loses the call after two minutes, not ten", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { kv } = services;
  const id = await ask(world, patient);
  const { session } = await acceptCall(services, doctor, id);
  await requestAccess(services, patient, session.id);
  // Was let in, and never arrived: the browser died.
  await requestAccess(services, doctor, session.id);
  await using _ = await enter(world, session, patient.actor.accountId);
  await goesOn(world, 119);
  assert.equal((await findCall(kv, id)).status, "ACCEPTED");
  await goesOn(world, 32);
  const back = await findCall(kv, id);
  assert.equal(back.status, "WAITING");
  const { endReason } = await findSession(kv, session.id);
  assert.equal(endReason, "doctor_absent");
  const { status } = await findVisit(kv, session.visitId);
  assert.equal(status, "CLOSED");
  await assertInvariants(kv);
  // Being in the call is not being in line: only a page that asks counts.
  const isAway = async () =>
    (await getCall(services, patient, id)).queue.away.has(id);
  assert(await isAway());
  await noteWaitingPatient(services, patient, back);
  assert(!await isAway());
  await goesOn(world, 100);
  assert(await isAway());
});

Deno.test("a patient whose page was seen a moment before the request went back counts as away, and as there as soon as a page asks", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  const { kv } = services;
  await setAvailability(services, otherDoctor, { available: true });
  const id = await ask(world, patient);
  await noteWaitingPatient(services, patient, await findCall(kv, id));
  await acceptCall(services, doctor, id).then(({ session }) =>
    endSession(services, doctor, session.id)
  );
  await goesOn(world, 3);
  const back = await findCall(kv, id);
  assert.deepEqual([back.status, back.offer], ["WAITING", null]);
  await noteWaitingPatient(services, patient, back);
  await goesOn(world, 2);
  const { offer } = await findCall(kv, id);
  assert.equal(offer?.doctorId, otherDoctor.actor.accountId);
});

Deno.test("a patient who has left on purpose takes the request back: it rings nowhere, and the visit is closed; who comes again is waited for", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  const { kv } = services;
  const id = await ask(world, patient);
  const { session } = await acceptCall(services, doctor, id);
  const wantsLine = async () => {
    const { call } = await findSession(kv, session.id);
    return call?.isGivenUp === false;
  };
  await requestAccess(services, patient, session.id);
  await leaveSession(services, patient, session.id);
  assert(!await wantsLine());
  await requestAccess(services, patient, session.id);
  assert(await wantsLine());
  // The page was closed, or fell silent: that says nothing.
  await leaveSession(services, patient, session.id, { isOnPurpose: false });
  assert(await wantsLine());
  // The line is broken already when Leave Session is pressed.
  await leaveSession(services, patient, session.id);
  assert(!await wantsLine());
  await setAvailability(services, otherDoctor, { available: true });
  await goesOn(world, 180);
  const over = await findCall(kv, id);
  assert.deepEqual(
    [over.status, over.offer, over.sessionId],
    ["CANCELLED", null, null],
  );
  assert.equal(await lastAction(world, id), "call.cancel");
  const { status } = await findVisit(kv, session.visitId);
  assert.equal(status, "CLOSED");
  const anew = await requestCall(services, patient, WISH);
  assert.notEqual(anew.call.id, id);
  await assertInvariants(kv);
});

Deno.test("a patient whose page was closed comes back as away, with the place kept", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  const { kv } = services;
  const id = await ask(world, patient);
  const { session } = await acceptCall(services, doctor, id);
  await requestAccess(services, patient, session.id);
  const asked = await world.ask(
    patient,
    "POST",
    `/api/v1/telemedicine/${session.id}/leave/`,
    { json: { closed: true } },
  );
  await asked.body?.cancel();
  assert.equal(asked.status, 200);
  await setAvailability(services, otherDoctor, { available: true });
  await goesOn(world, 180);
  const back = await findCall(kv, id);
  assert.deepEqual([back.status, back.offer], ["WAITING", null]);
  assert((await getCall(services, patient, id)).queue.away.has(id));
  await goesOn(world, 9 * 60);
  assert.equal((await findCall(kv, id)).status, "WAITING");
  await goesOn(world, 2 * 60);
  assert.equal((await findCall(kv, id)).status, "EXPIRED");
  await assertInvariants(kv);
});

Deno.test("a doctor who was there and has left is waited for as before, and what they end is over", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const id = await ask(world, patient);
  const { session } = await acceptCall(services, doctor, id);
  {
    await using _ = await enter(world, session, doctor.actor.accountId);
    await goesOn(world, 30);
  }
  await leaveSession(services, doctor, session.id);
  await goesOn(world, 5 * 60);
  const { status } = await findSession(services.kv, session.id);
  assert.equal(status, "IN_PROGRESS");
  await endSession(services, doctor, session.id);
  await goesOn(world, 5);
  assert.equal((await findCall(services.kv, id)).status, "ACCEPTED");
  const rows = services.kv.list({ prefix: ["call_under_way"] });
  assert.deepEqual(await Array.fromAsync(rows), []);
  await assertInvariants(services.kv);
});

Deno.test("whoever asks again while the request goes back has one request, whichever is first", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  for (let i = 0; i < 20; i++) {
    const id = await ask(world, patient);
    const { session } = await acceptCall(services, doctor, id);
    await endSession(services, doctor, session.id);
    const sweep = () =>
      sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
    const [again] = await Promise.all([
      requestCall(services, patient, WISH),
      sweep(),
      sweep(),
    ]);
    assert.equal(again.call.id, id);
    const back = await findCall(services.kv, id);
    assert.deepEqual([back.status, back.returns], ["WAITING", 1]);
    await assertInvariants(services.kv);
    // Over for good, so that the next one is new; nobody may ask too often.
    world.pass(70);
    const next = await acceptCall(services, doctor, id);
    await requestAccess(services, doctor, next.session.id);
    await endSession(services, doctor, next.session.id);
  }
});

Deno.test("a visit in which something else is planned stays open", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const id = await ask(world, patient);
  const { session: { id: sessionId, visitId } } = await acceptCall(
    services,
    doctor,
    id,
  );
  await createSession(services, doctor, {
    visitId,
    scheduledStart: new Date(services.now().getTime() + 3_600_000),
    recordingEnabled: false,
    voiceOnly: false,
    notes: "",
  });
  await endSession(services, doctor, sessionId);
  await goesOn(world, 1);
  assert.equal((await findCall(services.kv, id)).status, "WAITING");
  const { status } = await findVisit(services.kv, visitId);
  assert.equal(status, "OPEN");
  await declineCall(services, doctor, id);
  await assertInvariants(services.kv);
});
