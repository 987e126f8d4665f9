import assert from "node:assert/strict";
import { listChain } from "@/lib/audit/store.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  cancelSession,
  endSession,
  leaveSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";
import { openTwilio } from "@/lib/video/twilio.ts";
import { closeVisit, createVisit } from "@/lib/visits/service.ts";
import { findVisit, listClosing } from "@/lib/visits/store.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { work, workFor } from "../../support/background.ts";
import { enter } from "../../support/guest.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type World } from "../../support/world.ts";

/** A world in which no callback arrives: what is known has been found out. */
async function deafWorld(from?: Date): Promise<World> {
  const world = await createWorld({}, from);
  world.faults.set({ callbacks: { lose: 1 } });
  return world;
}

async function started(world: World): Promise<Session> {
  const { id } = await world.plan();
  return await startSession(world.services, world.doctor, id);
}

/** What is planned from here on belongs to another visit: only one session of a visit runs at a time. */
async function inNewVisit(world: World): Promise<void> {
  const { services, doctor, patient } = world;
  world.visit = await createVisit(services, doctor, {
    patientEmail: patient.actor.email,
    reason: "Cough",
  });
}

/** The session once the sweep has looked. */
async function swept(world: World, { id }: Session): Promise<Session> {
  await work(world, "sessions");
  await assertInvariants(world.services.kv);
  return await findSession(world.services.kv, id);
}

async function lastOf(world: World, { id }: Session) {
  const { action, change, reason, actor } =
    (await listHistory(world.services.kv, id)).at(-1)!;
  return { action, to: change?.to, reason, by: actor.role };
}

const everybodyIn = ({ services }: World, { roomSid }: Session, n: number) =>
  eventually(
    () => services.video.listParticipants(roomSid!),
    (people) => people.length === n,
    `${n} in the room`,
  );

Deno.test("a session that nobody starts is taken back a day after its time", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const HOUR = 3600;
  world.pass(24 * HOUR);
  assert.equal((await swept(world, session)).status, "SCHEDULED");
  world.pass(1);
  const { status, endReason, close } = await swept(world, session);
  assert.deepEqual([status, endReason, close], [
    "CANCELLED",
    "expired",
    "NONE",
  ]);
  assert.deepEqual(await lastOf(world, session), {
    action: "session.cancel",
    to: "CANCELLED",
    reason: "expired",
    by: "system",
  });
});

/** Lets the storage take so many more commits, and none after them: the process dies. */
function dyingAfter({ services: { kv } }: World, commits: number): Disposable {
  const atomic = kv.atomic.bind(kv);
  let left = commits;
  kv.atomic = () => {
    const operation = atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = () =>
      left-- > 0 ? commit() : Promise.reject(new Error("dies"));
    return operation;
  };
  return { [Symbol.dispose]: () => kv.atomic = atomic };
}

for (const cancelled of [0, 1, 2]) {
  Deno.test(`a process that closes a visit and dies when ${cancelled} of its sessions are taken back does not leave the others planned`, async () => {
    await using world = await createWorld();
    const { services, doctor, visit } = world;
    const sessions = [
      await world.plan(),
      await world.plan(),
      await world.plan({ scheduledStart: new Date("2027-02-03T04:05:06Z") }),
    ];
    {
      using _ = dyingAfter(world, 1 + cancelled);
      await assert.rejects(closeVisit(services, doctor, visit.id), /dies/);
    }
    assert.equal((await findVisit(services.kv, visit.id)).status, "CLOSED");
    const planned = async () =>
      (await Promise.all(
        sessions.map(({ id }) => findSession(services.kv, id)),
      )).filter(({ status }) => status === "SCHEDULED").length;
    world.pass(60);
    await work(world, "sessions");
    await assertInvariants(services.kv);
    assert.equal(
      await planned(),
      3 - cancelled,
      "whoever closes is left to it",
    );
    world.pass(1);
    await work(world, "sessions");
    await assertInvariants(services.kv);
    assert.equal(await planned(), 0);
    const ends = await Promise.all(
      sessions.map((session) => lastOf(world, session)),
    );
    assert.equal(
      ends.filter(({ by }) => by === "system").length,
      3 - cancelled,
    );
    for (const { action, to, reason } of ends) {
      assert.deepEqual([action, to, reason], [
        "session.cancel",
        "CANCELLED",
        "visit_closed",
      ]);
    }
    assert.deepEqual(await listClosing(services.kv), []);
  });
}

Deno.test("a visit that is closed to its end leaves nothing to be done", async () => {
  await using world = await createWorld();
  const { services, doctor, visit } = world;
  await world.plan();
  await closeVisit(services, doctor, visit.id);
  assert.deepEqual(await listClosing(services.kv), []);
});

Deno.test("a session that nobody ends is over after four hours, also while the video service is down", async () => {
  await using world = await deafWorld();
  using _ = quiet();
  const session = await started(world);
  await requestAccess(world.services, world.doctor, session.id);
  world.faults.set({ rest: [{ kind: "error", status: 503 }] });
  world.pass(4 * 3600);
  assert.equal((await swept(world, session)).status, "IN_PROGRESS");
  world.pass(1);
  const { status, endReason, durationSeconds } = await swept(world, session);
  assert.deepEqual([status, endReason, durationSeconds], [
    "COMPLETED",
    "max_duration",
    4 * 3600 + 1,
  ]);
  world.faults.clear();
  await workFor(world, 75);
  const room = await world.services.video.fetchRoom(session.roomSid!);
  assert.equal(room?.status, "completed");
});

Deno.test("a session whose doctor stays away for ten minutes is over", async () => {
  await using world = await deafWorld();
  const session = await started(world);
  await requestAccess(world.services, world.patient, session.id);
  await using _patient = await enter(
    world,
    session,
    world.patient.actor.accountId,
  );
  world.pass(600);
  const before = await swept(world, session);
  assert.equal(before.status, "IN_PROGRESS");
  assert.equal(before.presence.patient?.state, "connected");
  world.pass(1);
  const { status, endReason, presence } = await swept(world, session);
  assert.deepEqual([status, endReason], ["COMPLETED", "doctor_absent"]);
  assert.equal(presence.patient?.state, "disconnected");
  await workFor(world, 5);
  await everybodyIn(world, session, 0);
});

Deno.test("a doctor who is in the room is not absent, whatever the record says", async () => {
  await using world = await deafWorld();
  using _ = quiet();
  const session = await started(world);
  await using _doctor = await enter(
    world,
    session,
    world.doctor.actor.accountId,
  );
  world.pass(3600);
  // While the video service does not answer, nobody is called absent either.
  world.faults.set({ rest: [{ kind: "error", status: 500 }] });
  assert.equal((await swept(world, session)).status, "IN_PROGRESS");
  world.faults.set({ rest: [] });
  const found = await swept(world, session);
  assert.equal(found.status, "IN_PROGRESS");
  assert.equal(found.presence.doctor?.state, "connected");
  // Left by a page that was still in the room by another tab.
  const left = await leaveSession(world.services, world.doctor, session.id);
  assert.equal(left.presence.doctor?.state, "disconnected");
  world.pass(3600);
  const there = await swept(world, session);
  assert.equal(there.status, "IN_PROGRESS");
  assert.equal(there.presence.doctor?.state, "connected");
  assert.equal(there.attendance.doctor.length, 1);
});

Deno.test("with every callback lost, who came and who went is found out", async () => {
  await using world = await deafWorld();
  const session = await started(world);
  const { doctor, patient } = world;
  await using _doctor = await enter(world, session, doctor.actor.accountId);
  {
    await using _patient = await enter(
      world,
      session,
      patient.actor.accountId,
    );
    world.pass(30);
    const both = await swept(world, session);
    assert.equal(both.presence.doctor?.state, "connected");
    assert.equal(both.presence.patient?.state, "connected");
    assert(both.everBoth);
    const { rev } = both;
    world.pass(30);
    assert.equal((await swept(world, session)).rev, rev, "nothing new");
    await world.services.video.removeParticipant(
      session.roomSid!,
      _patient.participantSid,
    );
  }
  await everybodyIn(world, session, 1);
  world.pass(30);
  const alone = await swept(world, session);
  assert.equal(alone.presence.doctor?.state, "connected");
  assert.equal(alone.presence.patient?.state, "disconnected");
  assert.equal(alone.attendance.patient.length, 1);
  assert.deepEqual(await lastOf(world, session), {
    action: "session.roster",
    to: undefined,
    reason: null,
    by: "system",
  });
});

Deno.test("a room that ended without a word of it has ended its session", async () => {
  await using world = await deafWorld();
  const session = await started(world);
  await requestAccess(world.services, world.doctor, session.id);
  assert.equal((await swept(world, session)).status, "IN_PROGRESS");
  world.pass(90);
  await world.services.video.closeRoom(session.roomSid!);
  const { status, endReason, close, durationSeconds } = await swept(
    world,
    session,
  );
  assert.deepEqual([status, endReason, close, durationSeconds], [
    "COMPLETED",
    "room_ended",
    "DONE",
    90,
  ]);
});

Deno.test("A36 a stranger of whom nobody told is found, put out and written down", async () => {
  await using world = await deafWorld();
  const session = await started(world);
  await using _stranger = await enter(world, session, "mallory");
  const { intruders } = await swept(world, session);
  assert.deepEqual(intruders, [_stranger.participantSid]);
  await work(world, "outbox");
  await everybodyIn(world, session, 0);
  const history = (await listHistory(world.services.kv, session.id))
    .map(({ action, reason, outcome }) => [action, reason, outcome]);
  assert.deepEqual(history.slice(-2), [
    ["session.intruder", _stranger.participantSid, "denied"],
    ["session.intruder_removed", _stranger.participantSid, "success"],
  ]);
  await assertInvariants(world.services.kv);
});

/** The video service, with something happening while its answer about a room is on its way. */
function whileAsked(world: World, happen: () => Promise<unknown>): void {
  const { video } = world.services;
  world.services.video = {
    ...video,
    async listParticipants(...args: Parameters<typeof video.listParticipants>) {
      const answer = await video.listParticipants(...args);
      world.services.video = video;
      await happen();
      return answer;
    },
  } satisfies VideoProvider;
}

Deno.test("an answer that was overtaken by news changes nothing", async () => {
  await using world = await deafWorld();
  const session = await started(world);
  // The patient comes in after the answer was made, and is told of before it is read.
  whileAsked(
    world,
    () =>
      apply(world.services, session.id, SYSTEM_VOICE, () => ({
        type: "connected",
        seat: "patient",
        participantSid: "PA1",
        at: world.services.now().toISOString(),
      })),
  );
  const { presence } = await swept(world, session);
  assert.equal(presence.patient?.state, "connected");
});

Deno.test("a doctor who comes back while the sweep is asking is not called absent", async () => {
  await using world = await deafWorld();
  const session = await started(world);
  world.pass(3600);
  whileAsked(
    world,
    () =>
      apply(world.services, session.id, SYSTEM_VOICE, () => ({
        type: "connected",
        seat: "doctor",
        participantSid: "PA1",
        at: world.services.now().toISOString(),
      })),
  );
  assert.equal((await swept(world, session)).status, "IN_PROGRESS");
});

Deno.test("one session that cannot be looked after keeps no other waiting", async () => {
  await using world = await deafWorld();
  using _ = quiet();
  const { services } = world;
  const sessions: Session[] = [];
  for (let i = 0; i < 6; i++) {
    await inNewVisit(world);
    sessions.push(await started(world));
  }
  const { video } = services;
  services.video = {
    ...video,
    fetchRoom: (sid) =>
      sid === sessions[0]!.roomSid
        ? Promise.reject(new TypeError("of nobody's making"))
        : video.fetchRoom(sid),
  };
  // An index that a damaged storage has kept, of sessions that are gone.
  await services.kv.set(
    ["session_active", "nowhere"],
    "01JD0000000000000000000009",
  );
  await services.kv.set(
    [
      "session_planned",
      "2020-01-01T00:00:00.000Z",
      "01JD0000000000000000000009",
    ],
    "01JD0000000000000000000009",
  );
  world.pass(1000);
  await work(world, "sessions");
  const statuses = await Promise.all(
    sessions.map(async ({ id }) => (await findSession(services.kv, id)).status),
  );
  assert.deepEqual(statuses, [
    "IN_PROGRESS",
    ...Array.from({ length: 5 }, () => "COMPLETED"),
  ]);
});

/** Rooms are stamped by the emulator's own clock. */
const roomsWorld = () => deafWorld(new Date());

const openRooms = async ({ services }: World) =>
  (await services.video.listOpenRooms()).filter(({ isOurs }) => isOurs)
    .map(({ sid }) => sid);

async function sweepRooms(world: World): Promise<string[]> {
  await work(world, "rooms");
  await workFor(world, 5);
  await assertInvariants(world.services.kv);
  return await openRooms(world);
}

Deno.test("A4 a room that is opened again after the end is closed within minutes", async () => {
  await using world = await roomsWorld();
  const { services, doctor } = world;
  const session = await started(world);
  const ended = await endSession(services, doctor, session.id);
  assert.equal(ended.close, "DONE");
  const again = await services.video.openRoom(session.roomName, {
    voiceOnly: false,
  });
  // A young one may be about to be written down.
  assert.deepEqual(await sweepRooms(world), [again.sid]);
  world.pass(60);
  assert.deepEqual(await sweepRooms(world), []);
  const history = (await listHistory(services.kv, session.id))
    .map(({ action }) => action);
  assert.deepEqual(history.slice(-2), [
    "session.room_found",
    "session.room_closed",
  ]);
  const { status, endedAt } = await findSession(services.kv, session.id);
  assert.deepEqual([status, endedAt], ["COMPLETED", ended.endedAt]);
});

Deno.test("the room of an attempt to start that was given up is closed, and those that are needed are not", async () => {
  await using world = await roomsWorld();
  const { services, doctor } = world;
  const running = await started(world);
  const given = await world.plan();
  await services.video.openRoom(given.roomName, { voiceOnly: false });
  await inNewVisit(world);
  const attempted = await world.plan();
  await apply(
    services,
    attempted.id,
    SYSTEM_VOICE,
    () => ({ type: "start_requested", opId: "op-1" }),
  );
  const underWay = await services.video.openRoom(attempted.roomName, {
    voiceOnly: false,
  });
  world.pass(61);
  await work(world, "rooms");
  assert.deepEqual(
    new Set(await openRooms(world)),
    new Set([running.roomSid, underWay.sid]),
  );
  await cancelSession(services, doctor, attempted.id);
  assert.deepEqual(await sweepRooms(world), [running.roomSid]);
  assert.equal((await findSession(services.kv, given.id)).status, "SCHEDULED");
});

/** The video service of another installation, with the same account. */
function neighbour({ services }: World, statusCallback: string | null) {
  const { environment, addresses } = services.setup!;
  return openTwilio({
    accountSid: environment.TWILIO_ACCOUNT_SID!,
    apiKeySid: environment.TWILIO_API_KEY_SID!,
    apiKeySecret: environment.TWILIO_API_KEY_SECRET!,
    authToken: environment.TWILIO_AUTH_TOKEN!,
    restBaseUrl: addresses.video,
    statusCallback,
    client: services.video.client,
  });
}

Deno.test("a room that the storage does not know is closed and written down; rooms of others are not touched", async () => {
  await using world = await roomsWorld();
  using _ = quiet();
  const { services, faults } = world;
  const seen = { voiceOnly: false };
  const lost = await services.video.openRoom("bedside-of-a-backup", seen);
  const neighbours = [
    neighbour(world, "http://127.0.0.1:9/webhooks/twilio/"),
    neighbour(world, null),
  ];
  const theirs = await Promise.all(
    neighbours.map(({ openRoom }, i) => openRoom(`bedside-${i}`, seen)),
  );
  world.pass(61);
  // It is found again for as long as it cannot be closed.
  faults.set({ rest: [{ kind: "error", status: 500, method: "POST" }] });
  assert.deepEqual(await sweepRooms(world), [lost.sid]);
  faults.set({ rest: [] });
  assert.deepEqual(await sweepRooms(world), []);
  for (const [i, { sid }] of theirs.entries()) {
    assert.equal(
      (await neighbours[i]!.fetchRoom(sid))?.status,
      "in-progress",
    );
  }
  const entries = (await listChain(services.kv, "sys"))
    .map(({ action, outcome, target }) => [action, outcome, target.id]);
  assert.deepEqual(entries, [
    ["room.orphan_closed", "error", lost.sid],
    ["room.orphan_closed", "error", lost.sid],
  ]);
});
