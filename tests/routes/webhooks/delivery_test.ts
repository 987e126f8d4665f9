/** Callbacks as the emulator sends them, with real participants, and what networks do to them. */
import assert from "node:assert/strict";
import {
  endSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { EMULATOR_PATH } from "@/lib/video/emulator.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { Socket } from "@/tests/lib/twilio_emulator/socket.ts";
import { work, workFor } from "../../support/background.ts";
import { enter } from "../../support/guest.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type World } from "../../support/world.ts";

/** A callback as it was received. */
interface Received {
  fields: Record<string, string>;
  signature: string;
}

/** A world that goes by the emulator's clock, and keeps every signed callback. */
async function listeningWorld(): Promise<World & { received: Received[] }> {
  const world = await createWorld({}, new Date());
  const { video } = world.services;
  const received: Received[] = [];
  world.services.video = {
    ...video,
    isSigned(url, fields, signature) {
      const isSigned = video.isSigned(url, fields, signature);
      if (isSigned) received.push({ fields, signature });
      return isSigned;
    },
  };
  return Object.assign(world, { received });
}

const now = ({ services }: World, { id }: Session) =>
  findSession(services.kv, id);

async function started(world: World): Promise<Session> {
  const { id } = await world.plan();
  return await startSession(world.services, world.doctor, id);
}

const told = (
  world: World,
  session: Session,
  what: string,
  accept: (session: Session) => boolean,
) => eventually(() => now(world, session), accept, what);

/** Both come, the patient leaves and comes back, and the doctor ends it. */
async function consultation(world: World): Promise<Session> {
  const session = await started(world);
  const { doctor, patient, services } = world;
  await requestAccess(services, doctor, session.id);
  await requestAccess(services, patient, session.id);
  const listed = (n: number) =>
    eventually(
      () => services.video.listParticipants(session.roomSid!),
      (people) => people.length === n,
      `${n} in the room`,
    );
  await using _doctor = await enter(world, session, doctor.actor.accountId);
  {
    await using first = await enter(world, session, patient.actor.accountId);
    await listed(2);
    await services.video.removeParticipant(
      session.roomSid!,
      first.participantSid,
    );
  }
  await using _again = await enter(world, session, patient.actor.accountId);
  await listed(2);
  world.pass(60);
  return await endSession(services, doctor, session.id);
}

/** How often each was there, by stays that are over. */
function stays({ attendance }: Session): Record<Seat, number> {
  for (const stay of [...attendance.doctor, ...attendance.patient]) {
    assert(stay.leftAt !== null && stay.leftAt >= stay.joinedAt);
  }
  return {
    doctor: attendance.doctor.length,
    patient: attendance.patient.length,
  };
}

/** What must be the same however the callbacks come. */
async function assertAsInOrder(world: World, session: Session): Promise<void> {
  const after = await told(
    world,
    session,
    "every stay",
    ({ attendance }) =>
      attendance.doctor.length === 1 && attendance.patient.length === 2,
  );
  assert.deepEqual(stays(after), { doctor: 1, patient: 2 });
  const { status, endReason, endedAt, durationSeconds, close } = after;
  assert.deepEqual(
    { status, endReason, endedAt, durationSeconds, close },
    {
      status: "COMPLETED",
      endReason: "ended_by_doctor",
      endedAt: session.endedAt,
      durationSeconds: session.durationSeconds,
      close: "DONE",
    },
  );
  assert.deepEqual(after.intruders, []);
  await assertInvariants(world.services.kv);
}

const WAYS = {
  "as they should": {},
  "twice": { copies: 2 },
  "in another order": { shuffle: 4 },
  "in another order and thrice": { shuffle: 12, copies: 3 },
  "after the end": { delayMs: 700 },
};

for (const [way, callbacks] of Object.entries(WAYS)) {
  Deno.test(`S3.38 callbacks that come ${way} tell who was there, and leave the end as it was`, async () => {
    await using world = await listeningWorld();
    world.faults.set({ callbacks });
    const session = await consultation(world);
    await assertAsInOrder(world, session);
  });
}

Deno.test("A5 callbacks that are replayed fifty times, in any order, change nothing any more", async () => {
  await using world = await listeningWorld();
  const session = await consultation(world);
  await assertAsInOrder(world, session);
  await eventually(
    () => world.received.map(({ fields }) => fields.StatusCallbackEvent),
    (events) => events.includes("room-ended"),
    "the last callback",
  );
  const before = await now(world, session);
  const captured = [...world.received];
  const calls = world.calls.length;
  for (let round = 0; round < 50; round++) {
    const order = captured.toSorted(() => Math.random() - 0.5);
    await Promise.all(order.map(async ({ fields, signature }) => {
      const answer = await world.ask(null, "POST", "/webhooks/twilio/", {
        form: fields,
        headers: {
          "x-twilio-signature": signature,
          "sec-fetch-site": "cross-site",
        },
      });
      assert.equal(answer.status, 204);
    }));
  }
  assert.deepEqual(await now(world, session), before);
  assert.equal(world.calls.length, calls, "nobody is asked about it");
  await assertInvariants(world.services.kv);
});

Deno.test("A36 a stranger is put out in the worker's next pass, and written down", async () => {
  await using world = await listeningWorld();
  const session = await started(world);
  await using _doctor = await enter(
    world,
    session,
    world.doctor.actor.accountId,
  );
  await using stranger = await enter(world, session, "mallory");
  const { participantSid } = stranger;
  await told(
    world,
    session,
    "the stranger",
    ({ intruders }) => intruders.includes(participantSid),
  );
  await work(world, "outbox");
  const { services } = world;
  const left = await services.video.listParticipants(session.roomSid!);
  assert.deepEqual(left.map(({ identity }) => identity), [
    world.doctor.actor.accountId,
  ]);
  const after = await now(world, session);
  assert.equal(after.status, "IN_PROGRESS");
  assert.deepEqual(after.intruders, []);
  assert.equal(after.presence.doctor?.state, "connected");
  assert.equal(after.presence.patient, null);
  const entries = (await listHistory(services.kv, session.id))
    .filter(({ action }) => action.startsWith("session.intruder"))
    .map(({ action, outcome, reason, actor }) => [
      action,
      outcome,
      reason,
      actor.role,
    ]);
  assert.deepEqual(entries[0], [
    "session.intruder",
    "denied",
    participantSid,
    "video",
  ]);
  assert.equal(entries.length, 2);
  assert.equal(entries[1]![0], "session.intruder_removed");
  await assertInvariants(services.kv);
});

Deno.test("A4 a token that outlives its session opens nothing", async () => {
  await using world = await listeningWorld();
  const session = await started(world);
  const { services, patient } = world;
  const { token } = await requestAccess(services, patient, session.id);
  await endSession(services, world.doctor, session.id);
  const wsServer = world.origin.replace("http:", "ws:") + EMULATOR_PATH +
    "/signaling";
  await using socket = await Socket.open({ wsServer });
  socket.hello({
    type: "connect",
    version: 2,
    token,
    name: session.roomName,
    participant: { revision: 1, tracks: [] },
    peer_connections: [],
  });
  assert.equal((await socket.message("error")).code, 53106);
});

Deno.test("A4 a room in which somebody appears after the end is closed within seconds", async () => {
  await using world = await listeningWorld();
  const session = await started(world);
  const { services } = world;
  await endSession(services, world.doctor, session.id);
  const again = await services.video.openRoom(session.roomName, {
    voiceOnly: false,
  });
  await using _late = await enter(
    world,
    session,
    world.patient.actor.accountId,
  );
  await told(
    world,
    session,
    "the room",
    ({ close }) => close === "PENDING",
  );
  await workFor(world, 4);
  assert.equal((await now(world, session)).close, "DONE");
  assert.equal(
    (await services.video.fetchRoom(again.sid))?.status,
    "completed",
  );
  await assertInvariants(services.kv);
});

Deno.test("a room that the video service ends by itself ends its session, once, however often that is told", async () => {
  await using world = await listeningWorld();
  world.faults.set({ callbacks: { copies: 5 } });
  const session = await started(world);
  await using _doctor = await enter(
    world,
    session,
    world.doctor.actor.accountId,
  );
  await told(
    world,
    session,
    "the doctor",
    ({ presence }) => presence.doctor?.state === "connected",
  );
  world.pass(30);
  await world.services.video.closeRoom(session.roomSid!);
  const { endReason, close } = await told(
    world,
    session,
    "the end",
    ({ status }) => status === "COMPLETED",
  );
  assert.deepEqual([endReason, close], ["room_ended", "DONE"]);
  const ends = (await listHistory(world.services.kv, session.id))
    .filter(({ action }) => action === "session.end");
  assert.equal(ends.length, 1);
  await assertInvariants(world.services.kv);
});

Deno.test("a room-ended that cannot be confirmed is taken, and ends nothing; the sweep finds it out", async () => {
  using _ = quiet();
  await using world = await listeningWorld();
  const session = await started(world);
  await world.services.video.closeRoom(session.roomSid!);
  world.faults.set({ rest: [{ kind: "error", status: 500 }] });
  await eventually(() => world.received, (all) => all.length > 0, "room-ended");
  const { status } = await now(world, session);
  assert.equal(status, "IN_PROGRESS");
  world.faults.clear();
  await work(world, "sessions");
  assert.equal((await now(world, session)).status, "COMPLETED");
  await assertInvariants(world.services.kv);
});
