import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  cancelSession,
  endSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import type { Room } from "@/lib/video/provider.ts";
import { visitKey } from "@/lib/visits/keys.ts";
import { closeVisit } from "@/lib/visits/service.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { settle, work, workFor } from "../../support/background.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type World } from "../../support/world.ts";

const start = ({ services, doctor }: World, { id }: Session) =>
  startSession(services, doctor, id);

const now = ({ services }: World, { id }: Session) =>
  findSession(services.kv, id);

async function history({ services }: World, { id }: Session) {
  return (await listHistory(services.kv, id)).map(({ action }) => action);
}

async function openRooms({ services }: World): Promise<string[]> {
  return (await services.video.listOpenRooms()).map(({ sid }) => sid);
}

/** The rooms that were asked for. */
const roomsAsked = ({ calls }: World) =>
  calls.filter(({ method, path }) => method === "POST" && path === "/Rooms");

/** It runs, in the only room there is, and was started once. */
async function assertStartedOnce(world: World, session: Session) {
  const { status, roomSid, startIntent } = await now(world, session);
  assert.equal(status, "IN_PROGRESS");
  assert.equal(startIntent, null);
  assert.deepEqual(await openRooms(world), [roomSid]);
  const actions = await history(world, session);
  const starts = actions.filter((action) => action === "session.start");
  assert.equal(starts.length, 1, actions.join());
  await assertInvariants(world.services.kv);
}

/** Breaks the next commit but `n`: it does not land, or it does and nobody hears of it. */
function breakCommit(
  { services: { kv } }: World,
  n: number,
  when: "before" | "after",
): void {
  const atomic = kv.atomic.bind(kv);
  let left = n;
  kv.atomic = () => {
    const operation = atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = async () => {
      if (left-- > 0) return await commit();
      kv.atomic = atomic;
      if (when === "after") await commit();
      throw new Error("the storage is gone");
    };
    return operation;
  };
}

/** Lets something happen between the two commits of the next start, when the room is open. */
function beforeConfirmed(
  world: World,
  happen: (room: Room) => Promise<unknown>,
): void {
  const { services } = world;
  const { video } = services;
  services.video = {
    ...video,
    async openRoom(...args: Parameters<typeof video.openRoom>) {
      const room = await video.openRoom(...args);
      services.video = video;
      await happen(room);
      return room;
    },
  };
}

Deno.test("a start whose process dies before it asks for the room is made up for by the worker", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await apply(
    world.services,
    session.id,
    SYSTEM_VOICE,
    () => ({ type: "start_requested", opId: "op-1" }),
  );
  await workFor(world, 7);
  await assertStartedOnce(world, session);
});

Deno.test("a start whose room is open and whose second commit is lost takes that room over", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  breakCommit(world, 1, "before");
  await assert.rejects(start(world, session), /the storage is gone/);
  const [roomSid] = await openRooms(world);
  assert.equal((await now(world, session)).status, "SCHEDULED");
  await assertInvariants(world.services.kv);
  await workFor(world, 7);
  await assertStartedOnce(world, session);
  assert.equal((await now(world, session)).roomSid, roomSid);
});

Deno.test("a start whose first commit is lost has not happened, and asks for nothing", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  breakCommit(world, 0, "before");
  await assert.rejects(start(world, session), /the storage is gone/);
  assert.deepEqual(await now(world, session), session);
  await workFor(world, 40);
  assert.deepEqual(world.calls, []);
  await start(world, session);
  await assertStartedOnce(world, session);
});

for (const [which, n] of [["first", 0], ["second", 1]] as const) {
  Deno.test(`a start whose ${which} commit lands, but nobody hears of it, has happened once when it is asked for again`, async () => {
    await using world = await createWorld();
    const session = await world.plan();
    breakCommit(world, n, "after");
    await assert.rejects(start(world, session), /the storage is gone/);
    world.pass(3);
    await start(world, session);
    const { startedAt } = await now(world, session);
    assert.equal(
      Date.parse(startedAt!) - Date.parse(session.createdAt),
      n === 1 ? 0 : 3_000,
    );
    await assertStartedOnce(world, session);
  });
}

Deno.test("a start whose answer breaks off is confirmed by the worker, with the room that was opened", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  world.faults.set({ rest: [{ kind: "truncate", times: 1 }] });
  await assert.rejects(start(world, session), { code: "video_unavailable" });
  const [roomSid] = await openRooms(world);
  await workFor(world, 7);
  await assertStartedOnce(world, session);
  assert.equal((await now(world, session)).roomSid, roomSid);
});

Deno.test("while the video service is out of reach the worker tries until the deadline, and the third lost attempt is the last", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  world.faults.set({ rest: [{ kind: "error", status: 503 }] });
  for (let attempt = 1; attempt <= 3; attempt++) {
    const before = roomsAsked(world).length;
    await assert.rejects(start(world, session), {
      code: "video_unavailable",
      retryAfterSeconds: 5,
    });
    // Another click is the same attempt.
    await assert.rejects(start(world, session), { code: "video_unavailable" });
    const { startIntent } = await now(world, session);
    assert.equal(
      Date.parse(startIntent!.deadline) - Date.parse(startIntent!.at),
      30_000,
    );
    await workFor(world, 35);
    const asked = roomsAsked(world).length - before - 2;
    assert(asked >= 4 && asked <= 6, `${asked} tries`);
    const after = await now(world, session);
    assert.equal(after.startIntent, null);
    assert.equal(after.expiredStarts, attempt);
    assert.equal(after.status, attempt < 3 ? "SCHEDULED" : "FAILED");
    await assertInvariants(world.services.kv);
  }
  const failed = await now(world, session);
  assert.equal(failed.endReason, "video_unreachable");
  await assert.rejects(start(world, session), { code: "invalid_transition" });
  world.faults.clear();
  await workFor(world, 75);
  assert.equal((await now(world, session)).close, "DONE");
  assert.deepEqual(
    (await history(world, session)).slice(1),
    [
      "session.start_requested",
      "session.start_expired",
      "session.start_requested",
      "session.start_expired",
      "session.start_requested",
      "session.start_expired",
      "session.room_closed",
    ],
  );
});

Deno.test("a start after one that was lost begins anew, and counts the lost one", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  world.faults.set({ rest: [{ kind: "error", status: 500 }] });
  await assert.rejects(start(world, session), { code: "video_unavailable" });
  world.faults.clear();
  // No worker has looked meanwhile.
  world.pass(31);
  await start(world, session);
  await assertStartedOnce(world, session);
  assert.equal((await now(world, session)).expiredStarts, 1);
});

Deno.test("a start that the worker gives up leaves no room open for long", async () => {
  using _ = quiet();
  await using world = await createWorld({}, new Date());
  const session = await world.plan();
  // The room opens, and no answer ever says so.
  world.faults.set({
    rest: [
      { kind: "truncate", method: "POST", path: "/Rooms" },
      { kind: "error", status: 500, method: "GET" },
    ],
  });
  await assert.rejects(start(world, session), { code: "video_unavailable" });
  await workFor(world, 35);
  world.faults.clear();
  const { status, startIntent } = await now(world, session);
  assert.deepEqual([status, startIntent], ["SCHEDULED", null]);
  // Nobody could be asked for it then: the sweep finds it.
  world.pass(60);
  await work(world, "rooms");
  assert.deepEqual(await openRooms(world), []);
});

for (const status of [400, 401, 403]) {
  Deno.test(`a start that the video service refuses with ${status} has failed for good, at once`, async () => {
    using _ = quiet();
    await using world = await createWorld();
    const session = await world.plan();
    world.faults.set({ rest: [{ kind: "error", status }] });
    await assert.rejects(start(world, session), { code: "video_rejected" });
    const failed = await now(world, session);
    assert.deepEqual([failed.status, failed.endReason], [
      "FAILED",
      "video_rejected",
    ]);
    await assertInvariants(world.services.kv);
    await assert.rejects(start(world, session), { code: "invalid_transition" });
    await assert.rejects(
      requestAccess(world.services, world.patient, session.id),
      { code: "session_over" },
    );
    world.faults.clear();
    await workFor(world, 10);
    assert.equal((await now(world, session)).close, "DONE");
    assert.deepEqual(await history(world, session), [
      "session.create",
      "session.start_requested",
      "session.start_failed",
      "session.room_closed",
    ]);
  });
}

Deno.test("A3 a start whose visit is closed meanwhile is refused, and its room closed", async () => {
  await using world = await createWorld();
  const { services, doctor, visit } = world;
  const session = await world.plan();
  beforeConfirmed(world, () => closeVisit(services, doctor, visit.id));
  await assert.rejects(start(world, session), { code: "invalid_transition" });
  const { status, endReason } = await now(world, session);
  assert.deepEqual([status, endReason], ["CANCELLED", "visit_closed"]);
  await workFor(world, 5);
  assert.deepEqual(await openRooms(world), []);
  assert.equal((await now(world, session)).close, "DONE");
  await assertInvariants(services.kv);
});

Deno.test("A3 a start is refused also if closing the visit got no further than the visit", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const { services, visit } = world;
  const session = await world.plan();
  beforeConfirmed(world, async () => {
    const { value } = await services.kv.get(visitKey(visit.id));
    const closed = { ...value as object, status: "CLOSED" };
    await services.kv.set(visitKey(visit.id), closed);
  });
  await assert.rejects(start(world, session), { code: "visit_closed" });
  const { status, startIntent } = await now(world, session);
  assert.deepEqual([status, startIntent], ["SCHEDULED", null]);
  assert.deepEqual(await openRooms(world), []);
});

Deno.test("a start that another session of the visit forestalls is refused; its room is closed and the other's is not", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  const other = await world.plan();
  beforeConfirmed(world, () => start(world, other));
  await assert.rejects(start(world, session), { code: "session_running" });
  const { status, startIntent } = await now(world, session);
  assert.deepEqual([status, startIntent], ["SCHEDULED", null]);
  await assertStartedOnce(world, other);
});

Deno.test("a start that is taken back meanwhile is refused, and its room closed", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const session = await world.plan();
  beforeConfirmed(
    world,
    () => cancelSession(services, doctor, session.id),
  );
  await assert.rejects(start(world, session), { code: "invalid_transition" });
  assert.equal((await now(world, session)).status, "CANCELLED");
  await workFor(world, 5);
  assert.deepEqual(await openRooms(world), []);
  await assertInvariants(services.kv);
});

Deno.test("the doctor's two tabs and the worker make one start of it", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  beforeConfirmed(world, async () => {
    await Promise.all([start(world, session), workFor(world, 8)]);
  });
  const { startedAt, roomSid } = await start(world, session);
  const again = await start(world, session);
  assert.deepEqual([again.startedAt, again.roomSid], [startedAt, roomSid]);
  await assertStartedOnce(world, session);
});

Deno.test("a room that ends before its start is confirmed is not taken: the worker opens another", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const session = await world.plan();
  let early = "";
  beforeConfirmed(world, async ({ sid }) => {
    early = sid;
    await world.services.video.closeRoom(sid);
    await eventually(
      () => now(world, session),
      ({ startIntent }) => startIntent?.endedRoomSid === sid,
      "the callback",
    );
  });
  await assert.rejects(start(world, session), { code: "video_unavailable" });
  await workFor(world, 7);
  await assertStartedOnce(world, session);
  assert.notEqual((await now(world, session)).roomSid, early);
});

Deno.test("an answer that comes after the attempt was given up starts nothing, and its room is closed", async () => {
  using _ = quiet();
  await using world = await createWorld({}, new Date());
  const session = await world.plan();
  let sid = "";
  beforeConfirmed(world, async (room) => {
    sid = room.sid;
    const { video } = world.services;
    const fail = () =>
      Promise.reject(new AppError("video_unavailable", "No answer"));
    world.services.video = { ...video, openRoom: fail, closeRoom: fail };
    await workFor(world, 31);
    world.services.video = video;
  });
  await assert.rejects(start(world, session), { code: "conflict" });
  assert.equal((await now(world, session)).status, "SCHEDULED");
  assert.deepEqual(await openRooms(world), [sid]);
  await settle(world);
  assert.deepEqual(await openRooms(world), []);
  await start(world, session);
  await assertStartedOnce(world, session);
});

Deno.test("S3.26 the end is answered within two seconds while the video service hangs, and from its commit on nobody is let in", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const { services, doctor, patient, faults } = world;
  const session = await world.plan();
  await start(world, session);
  await requestAccess(services, patient, session.id);
  faults.set({ rest: [{ kind: "hang" }] });
  const askedAt = performance.now();
  let isAnswered = false;
  const ending = endSession(services, doctor, session.id)
    .finally(() => isAnswered = true);
  await eventually(
    () => now(world, session),
    ({ status }) => status === "COMPLETED",
    "the end",
  );
  for (const person of [doctor, patient]) {
    await assert.rejects(requestAccess(services, person, session.id), {
      code: "session_over",
    });
  }
  assert(!isAnswered);
  const ended = await ending;
  assert(performance.now() - askedAt < 2_500);
  assert.deepEqual([ended.status, ended.close], ["COMPLETED", "PENDING"]);
  await assertInvariants(services.kv);
  faults.clear();
  await workFor(world, 5);
  const closed = await now(world, session);
  assert.deepEqual([closed.close, closed.endedAt], ["DONE", ended.endedAt]);
  assert.deepEqual(await openRooms(world), []);
});

for (
  const [what, status, code] of [
    ["is not known any more", 404, 20404],
    ["is over already", 400, 53112],
  ] as const
) {
  Deno.test(`the end of a session whose room ${what} is done at once`, async () => {
    await using world = await createWorld();
    const session = await world.plan();
    await start(world, session);
    world.faults.set({ rest: [{ kind: "error", status, code, times: 1 }] });
    const { close } = await endSession(
      world.services,
      world.doctor,
      session.id,
    );
    assert.equal(close, "DONE");
    await assertInvariants(world.services.kv);
  });
}

for (const when of ["before", "after"] as const) {
  Deno.test(
    `an end whose commit ${
      when === "before"
        ? "is lost has not happened"
        : "lands unheard has happened"
    }, and can be asked for again`,
    async () => {
      await using world = await createWorld();
      const { services, doctor } = world;
      const session = await world.plan();
      await start(world, session);
      world.pass(60);
      breakCommit(world, 0, when);
      await assert.rejects(
        endSession(services, doctor, session.id),
        /the storage is gone/,
      );
      const { status, endedAt } = await now(world, session);
      assert.equal(status, when === "after" ? "COMPLETED" : "IN_PROGRESS");
      await assertInvariants(services.kv);
      world.pass(60);
      const again = await endSession(services, doctor, session.id);
      assert.equal(again.durationSeconds, when === "after" ? 60 : 120);
      if (when === "after") assert.equal(again.endedAt, endedAt);
      await work(world, "outbox");
      assert.deepEqual(await openRooms(world), []);
      await assertInvariants(services.kv);
    },
  );
}
