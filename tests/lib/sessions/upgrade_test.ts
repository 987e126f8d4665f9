import assert from "node:assert/strict";
import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";
import { newRecording } from "@/lib/sessions/recording.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import { type StoredSession, upgrade } from "@/lib/sessions/upgrade.ts";
import { upgradeSessions } from "@/lib/sessions/upgrade_store.ts";
import { aSession } from "../../support/fixtures.ts";
import { quiet } from "../../support/quiet.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { createWorld, type World } from "../../support/world.ts";

/** What the first two layouts had alike; from a storage of November 2026. */
const OLD = {
  id: "01JD0000000000000000000000",
  visitId: "01JD0000000000000000000001",
  doctor: { id: "doctor-1", name: "Dr Ada Day" },
  patient: { id: "patient-1", name: "Pat Night" },
  reason: "Cough",
  status: "COMPLETED" as const,
  scheduledStart: "2026-11-21T12:00:00.000Z",
  startedAt: "2026-11-21T12:00:00.000Z",
  endedAt: "2026-11-21T12:18:00.000Z",
  endReason: "ended_by_doctor" as const,
  durationSeconds: 1080,
  voiceOnly: false,
  notes: "Only for the doctor.",
  roomName: "bedside-00000000-0000-4000-8000-000000000000",
  roomSid: "RM1",
  startIntent: null,
  presence: {
    doctor: { state: "disconnected" as const, at: "2026-11-21T12:18:00.000Z" },
    patient: null,
  },
  everBoth: false,
  createdAt: "2026-11-21T10:00:00.000Z",
  rev: 1,
  ...EMPTY_CHAIN,
};

const V1: StoredSession = {
  ...OLD,
  v: 1,
  recording: { requested: true },
  close: "NONE",
  everJoined: true,
};

const V2: StoredSession = {
  ...OLD,
  v: 2,
  recording: {
    requested: true,
    consents: { doctor: null, patient: null },
    active: false,
    taken: true,
    state: "ready",
    parts: [{
      seat: "doctor",
      compositionSid: "CJ1",
      status: "ready",
      durationSeconds: 60,
    }],
    leadSeconds: 7,
  },
  close: "DONE",
  expiredStarts: 0,
  roomAsked: true,
  attendance: { doctor: [], patient: [] },
  admitted: { doctor: true, patient: false },
  intruders: [],
};

/** What no session had before calls could move. */
const STAYED = { videoOffer: null, moving: null, pastRooms: [] };

Deno.test("upgrade() reads a session of the first layout", () => {
  assert.deepEqual(
    upgrade(V1),
    aSession({
      ...OLD,
      ...STAYED,
      recording: newRecording(true),
      expiredStarts: 0,
      roomAsked: true,
      close: "DONE",
      attendance: { doctor: [], patient: [] },
      admitted: { doctor: true, patient: false },
      intruders: [],
    }),
  );
  const starting = upgrade({
    ...V1,
    status: "SCHEDULED",
    roomSid: null,
    startIntent: { opId: "op", at: "", deadline: "", endedRoomSid: null },
    everJoined: false,
  });
  assert.deepEqual(
    [starting.roomAsked, starting.close, starting.admitted.doctor],
    [true, "NONE", false],
  );
});

Deno.test("upgrade() reads a session of the second layout: its recording is of its only room", () => {
  const { v, recording, ...kept } = V2;
  const { parts, leadSeconds, ...about } = recording;
  assert.deepEqual(upgrade(V2), {
    ...kept,
    ...STAYED,
    v: v + 3,
    onDemand: false,
    call: null,
    recording: {
      ...about,
      lastViews: { doctor: null, patient: null },
      parts: [{ ...parts[0], roomSid: "RM1", leadSeconds }],
    },
  });
});

Deno.test("upgrade() knows a call on demand of the third layout by its first room, also after it has moved", () => {
  const room = "doctor-call-00000000-0000-4000-8000-000000000000";
  const { onDemand: _, call: _1, ...session } = aSession();
  const past = { roomName: room, roomSid: "RM1", leftAt: "", closed: true };
  const stored = [
    session,
    { ...session, roomName: room },
    { ...session, pastRooms: [past] },
  ];
  assert.deepEqual(
    stored.map((one) => upgrade({ ...one, v: 3 }).onDemand),
    [false, true, true],
  );
});

Deno.test("upgrade() reads a session of the fourth layout: which request it came of nobody knows any more", () => {
  const { call: _, ...session } = aSession({ onDemand: true });
  const upgraded = upgrade({ ...session, v: 4 });
  assert.deepEqual(upgraded, aSession({ onDemand: true, call: null }));
});

Deno.test("upgrade() leaves a session of today as it is", () => {
  const session = aSession();
  assert.equal(upgrade(session), session);
});

/** Stores a session as the first layout had it, without what did not exist then. */
async function makeOld({ services: { kv } }: World, id: string) {
  const { value } = await kv.get<Session>(["session", id]);
  const {
    expiredStarts: _,
    roomAsked: _1,
    attendance: _2,
    admitted,
    intruders: _3,
    recording,
    startIntent,
    videoOffer: _5,
    moving: _6,
    pastRooms: _7,
    onDemand: _8,
    call: _9,
    ...rest
  } = value!;
  await kv.set(["session", id], {
    ...rest,
    v: 1,
    startIntent: startIntent === null ? null : {
      opId: startIntent.opId,
      at: startIntent.at,
      deadline: startIntent.deadline,
    },
    recording: { requested: recording.requested },
    everJoined: admitted.doctor || admitted.patient,
  });
  await kv.delete(["session_planned", rest.scheduledStart, id]);
  for await (const { key } of kv.list({ prefix: ["outbox", id] })) {
    await kv.delete(key);
  }
  if (rest.roomSid !== null) {
    await kv.delete(["session_by_room_sid", rest.roomSid]);
  }
}

Deno.test("sessions of the first layout are brought up to date at the start, once", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const planned = await world.plan();
  const over = await world.plan();
  await startSession(services, doctor, over.id);
  await endSession(services, doctor, over.id);
  // One whose room could not be closed, and one that is starting.
  const unclosed = await world.plan();
  await startSession(services, doctor, unclosed.id);
  const starting = await world.plan();
  {
    using _ = quiet();
    world.faults.set({ rest: [{ kind: "error", status: 500 }] });
    await endSession(services, doctor, unclosed.id);
    await startSession(services, doctor, starting.id).catch(() => {});
    world.faults.clear();
  }
  const running = await world.plan();
  await startSession(services, doctor, running.id);
  const all = [planned, over, unclosed, starting, running];
  for (const { id } of all) await makeOld(world, id);
  assert((await checkInvariants(services.kv)).violations.length > 0);
  await upgradeSessions(services.kv);
  await assertInvariants(services.kv);
  const read = async () =>
    await Array.fromAsync(services.kv.list({ prefix: ["session"] }));
  const first = await read();
  await upgradeSessions(services.kv);
  assert.deepEqual(await read(), first);
  // And they go on as any other.
  const ended = await endSession(services, doctor, running.id);
  assert.equal(ended.status, "COMPLETED");
  await assertInvariants(services.kv);
});

Deno.test("a session that a process of the version before has just written is brought up to date when it changes", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const { id } = await world.plan();
  await startSession(services, doctor, id);
  await makeOld(world, id);
  assert.equal((await endSession(services, doctor, id)).status, "COMPLETED");
  await assertInvariants(services.kv);
});
