import assert from "node:assert/strict";
import {
  endSession,
  leaveSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import {
  findSession,
  findSessionByRoomSid,
  listHistory,
} from "@/lib/sessions/store.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { settle, work, workFor } from "../../../../support/background.ts";
import { enter } from "../../../../support/guest.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { quiet } from "../../../../support/quiet.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

const DOWN = { rest: [{ kind: "error" as const, status: 503 }] };

/** A voice call, and what its people say in it. */
async function voiceCall(world: World) {
  const { id } = await world.plan({ voiceOnly: true });
  const first = await startSession(world.services, world.doctor, id);
  const post = async (person: Person, path: string, json: unknown) => {
    const response = await world.ask(
      person,
      "POST",
      `/api/v1/telemedicine/${id}/${path}/`,
      { json },
    );
    const body = await response.json();
    await assertInvariants(world.services.kv);
    return { status: response.status, body };
  };
  return {
    id,
    first,
    stored: () => findSession(world.services.kv, id),
    offer: (person: Person) => post(person, "video_offer", {}),
    answer: (person: Person, accepted: unknown) =>
      post(person, "video_answer", { accepted }),
  };
}

async function openRooms({ services }: World): Promise<string[]> {
  return (await services.video.listOpenRooms()).map(({ name }) => name);
}

const historyOf = async ({ services }: World, { id }: Pick<Session, "id">) =>
  (await listHistory(services.kv, id)).map(({ action, reason }) =>
    `${action} ${reason ?? ""}`.trim()
  );

Deno.test("S2.29 a voice call moves to a room with video when both want it, and the old room stays open until both have moved", async () => {
  await using world = await createWorld();
  const { id, first, stored, offer, answer } = await voiceCall(world);
  const asked = await offer(world.doctor);
  assert.equal(asked.status, 200);
  const offered: SessionView = asked.body;
  assert.deepEqual(offered.video_offer, {
    by: "doctor",
    at: world.services.now().toISOString(),
  });
  assert(offered.actions.includes("answer_video"));
  assert(!offered.actions.includes("offer_video"));

  const agreed = await answer(world.patient, true);
  assert.equal(agreed.status, 200);
  const moved: SessionView = agreed.body;
  assert.deepEqual(
    [moved.voice_only, moved.video_offer, moved.video_pending, moved.status],
    [false, null, false, "IN_PROGRESS"],
  );
  assert.notEqual(moved.room_name, first.roomName);
  assert.match(moved.room_name, /^bedside-[0-9a-f-]{36}$/);
  assert(moved.rev > offered.rev);
  assert.equal(moved.started_at, first.startedAt);

  const access = await world.ask(
    world.patient,
    "POST",
    "/api/v1/telemedicine/token/",
    { json: { session_id: id } },
  );
  assert.equal((await access.json()).room_name, moved.room_name);
  const byRoom = async (roomName: string) => {
    const identity = world.patient.actor.accountId;
    const answer = await world.ask(
      world.patient,
      "GET",
      `/api/video/token?roomName=${roomName}&identity=${identity}`,
    );
    await answer.body?.cancel();
    return answer.status;
  };
  assert.deepEqual(
    [await byRoom(first.roomName), await byRoom(moved.room_name)],
    [404, 200],
  );
  assert.deepEqual(
    (await openRooms(world)).toSorted(),
    [first.roomName, moved.room_name].toSorted(),
  );
  await workFor(world, 25);
  assert.equal((await openRooms(world)).length, 2);
  await workFor(world, 10);
  assert.deepEqual(await openRooms(world), [moved.room_name]);
  const { pastRooms } = await stored();
  assert.equal(pastRooms[0]?.closed, true);
  assert.deepEqual((await historyOf(world, first)).slice(3), [
    "session.video_offer doctor:offered",
    "session.video_answer patient:accepted",
    "session.room_moved",
    "session.token patient",
    "session.token patient",
    "session.past_room_closed",
  ]);
  await endSession(world.services, world.doctor, id);
  assert.deepEqual(await openRooms(world), []);
  await assertInvariants(world.services.kv);
});

Deno.test("an offer of video can be refused, taken back, and made again; the call stays as it is", async () => {
  await using world = await createWorld();
  const { first, stored, offer, answer } = await voiceCall(world);
  await offer(world.patient);
  const refused = await answer(world.doctor, false);
  assert.deepEqual(
    [refused.status, refused.body.video_offer, refused.body.voice_only],
    [200, null, true],
  );
  await offer(world.patient);
  await answer(world.patient, false);
  const late = await answer(world.doctor, true);
  assert.deepEqual([late.status, late.body.code], [409, "conflict"]);
  await offer(world.patient);
  await requestAccess(world.services, world.patient, first.id);
  await leaveSession(world.services, world.patient, first.id);
  assert.equal((await stored()).videoOffer, null);
  assert.equal((await stored()).roomName, first.roomName);
  assert.deepEqual(await openRooms(world), [first.roomName]);
});

Deno.test("video is offered in a running voice call only; who has video has it", async () => {
  await using world = await createWorld();
  const ask = async (id: string, path: string, json: unknown) => {
    const response = await world.ask(
      world.patient,
      "POST",
      `/api/v1/telemedicine/${id}/${path}/`,
      { json },
    );
    const { code = null } = await response.json();
    return [response.status, code];
  };
  const planned = await world.plan({ voiceOnly: true });
  const paths: [string, unknown][] = [
    ["video_offer", {}],
    ["video_answer", { accepted: true }],
  ];
  for (const [path, json] of paths) {
    assert.deepEqual(await ask(planned.id, path, json), [409, "not_started"]);
  }
  await startSession(world.services, world.doctor, planned.id);
  for (const accepted of ["yes", undefined]) {
    assert.deepEqual(await ask(planned.id, "video_answer", { accepted }), [
      400,
      "validation",
    ]);
  }
  await endSession(world.services, world.doctor, planned.id);
  for (const [path, json] of paths) {
    assert.deepEqual(await ask(planned.id, path, json), [409, "session_over"]);
  }
  const video = await world.plan();
  await startSession(world.services, world.doctor, video.id);
  for (const [path, json] of paths) {
    assert.deepEqual(await ask(video.id, path, json), [200, null]);
  }
  assert.equal((await findSession(world.services.kv, video.id)).moving, null);
});

Deno.test("both ask at the same time: the call moves, once", async () => {
  await using world = await createWorld();
  const { id, first, stored } = await voiceCall(world);
  const offer = async (person: Person) => {
    const response = await world.ask(
      person,
      "POST",
      `/api/v1/telemedicine/${id}/video_offer/`,
      { json: {} },
    );
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual(
    await Promise.all([offer(world.doctor), offer(world.patient)]),
    [200, 200],
  );
  const { voiceOnly, roomName, pastRooms } = await stored();
  assert.equal(voiceOnly, false);
  assert.deepEqual(pastRooms.map((past) => past.roomName), [first.roomName]);
  assert.deepEqual(
    (await openRooms(world)).toSorted(),
    [first.roomName, roomName].toSorted(),
  );
  await assertInvariants(world.services.kv);
});

Deno.test("while the video service is down a move waits, and is made when it is back", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { first, stored, offer, answer } = await voiceCall(world);
  await offer(world.doctor);
  world.faults.set(DOWN);
  const agreed = await answer(world.patient, true);
  assert.deepEqual(
    [agreed.status, agreed.body.video_pending, agreed.body.voice_only],
    [200, true, true],
  );
  await workFor(world, 10);
  assert.equal((await stored()).roomName, first.roomName);
  world.faults.clear();
  await workFor(world, 15);
  const moved = await stored();
  assert.deepEqual([moved.voiceOnly, moved.moving], [false, null]);
  await assertInvariants(world.services.kv);
});

Deno.test("a move that stays without a room for half a minute is given up: voice goes on, nothing is stuck, and it can be tried again", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { first, stored, offer, answer } = await voiceCall(world);
  await offer(world.doctor);
  world.faults.set(DOWN);
  await answer(world.patient, true);
  await workFor(world, 32);
  const stayed = await stored();
  assert.deepEqual(
    [stayed.status, stayed.voiceOnly, stayed.moving, stayed.videoOffer],
    ["IN_PROGRESS", true, null, null],
  );
  assert.equal(stayed.roomName, first.roomName);
  await assertInvariants(world.services.kv);
  assert((await historyOf(world, first)).includes("session.move_given_up"));
  world.faults.clear();
  assert.deepEqual(await openRooms(world), [first.roomName]);
  await offer(world.patient);
  assert.equal((await answer(world.doctor, true)).body.voice_only, false);
  await workFor(world, 100);
  const { pastRooms, roomName } = await stored();
  assert.deepEqual(pastRooms.map((past) => [past.roomName, past.closed]), [
    [first.roomName, true],
  ]);
  assert.deepEqual(await openRooms(world), [roomName]);
  await assertInvariants(world.services.kv);
});

Deno.test("a move that the video service refuses is given up at once, and whoever agreed is told", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { stored, offer, answer } = await voiceCall(world);
  await offer(world.doctor);
  world.faults.set({ rest: [{ kind: "error", status: 401, code: 20003 }] });
  const agreed = await answer(world.patient, true);
  assert.deepEqual([agreed.status, agreed.body.code], [502, "video_rejected"]);
  const stayed = await stored();
  assert.deepEqual(
    [stayed.voiceOnly, stayed.moving, stayed.videoOffer],
    [true, null, null],
  );
  await assertInvariants(world.services.kv);
});

Deno.test("a new room whose answer got lost is taken over, not opened twice; one that comes too late is closed", async () => {
  await using world = await createWorld();
  using _ = quiet();
  for (const isTooLate of [false, true]) {
    const { id, first, stored, offer, answer } = await voiceCall(world);
    await offer(world.doctor);
    world.faults.set({
      rest: [{ kind: "truncate", method: "POST", path: "/Rooms", times: 1 }],
    });
    assert.equal((await answer(world.patient, true)).body.video_pending, true);
    const { moving } = await stored();
    assert(moving !== null);
    assert((await openRooms(world)).includes(moving.roomName));
    if (isTooLate) world.faults.set(DOWN);
    await workFor(world, 32);
    world.faults.clear();
    await workFor(world, 75);
    const { roomName } = await stored();
    assert.equal(roomName, isTooLate ? first.roomName : moving.roomName);
    assert.deepEqual(await openRooms(world), [roomName]);
    await assertInvariants(world.services.kv);
    await endSession(world.services, world.doctor, id);
  }
});

Deno.test("an end in the middle of a move leaves no room open", async () => {
  for (const isMoved of [false, true]) {
    await using world = await createWorld();
    using _ = quiet();
    const { id, stored, offer, answer } = await voiceCall(world);
    await offer(world.doctor);
    if (!isMoved) {
      world.faults.set({
        rest: [{ kind: "truncate", method: "POST", path: "/Rooms" }],
      });
    }
    await answer(world.patient, true);
    assert.equal((await stored()).moving === null, isMoved);
    world.faults.clear();
    await endSession(world.services, world.doctor, id);
    await assertInvariants(world.services.kv);
    await settle(world);
    assert.deepEqual(await openRooms(world), []);
    const over = await stored();
    assert.equal(over.status, "COMPLETED");
    assert.equal(over.pastRooms.length, isMoved ? 1 : 0);
    await assertInvariants(world.services.kv);
  }
});

Deno.test("a room that cannot be closed in twenty attempts is left to its time limit, and the session goes on", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { first, stored, offer, answer } = await voiceCall(world);
  await offer(world.doctor);
  await answer(world.patient, true);
  world.faults.set({
    rest: [{ kind: "error", status: 503, method: "POST" }],
  });
  for (let round = 0; round < 30; round++) {
    world.pass(75);
    await work(world, "outbox");
  }
  assert.equal((await stored()).pastRooms[0]?.closed, true);
  assert.equal((await stored()).status, "IN_PROGRESS");
  assert.equal(
    (await historyOf(world, first)).at(-1),
    "session.past_room_given_up",
  );
  await assertInvariants(world.services.kv);
});

Deno.test("who is in the old room is not there any more; who comes to the new one is, without a gap in the details", async () => {
  await using world = await createWorld();
  const { id, first, stored, offer, answer } = await voiceCall(world);
  const { accountId } = world.patient.actor;
  await using _old = await enter(world, first, accountId);
  world.pass(1);
  await work(world, "sessions");
  assert.equal((await stored()).presence.patient?.state, "connected");
  await offer(world.doctor);
  await answer(world.patient, true);
  assert.equal((await stored()).presence.patient?.state, "joining");
  // The sweep sees the new room only, and leaves the old one to its time.
  world.pass(2);
  await work(world, "sessions");
  assert.equal((await stored()).presence.patient?.state, "joining");
  await using _new = await enter(world, await stored(), accountId);
  await work(world, "sessions");
  assert.equal((await stored()).presence.patient?.state, "connected");
  const view = await world.ask(
    world.doctor,
    "GET",
    `/api/v1/telemedicine/${id}/`,
  );
  const { attendance }: SessionView = await view.json();
  assert.deepEqual(attendance.patient.map(({ left_at }) => left_at), [null]);
  await assertInvariants(world.services.kv);
});

Deno.test("the sweep of rooms touches neither the room to be, nor the one that people are leaving, nor a session of a past room", async () => {
  await using world = await createWorld({}, new Date());
  using _ = quiet();
  const { first, stored, offer, answer } = await voiceCall(world);
  await offer(world.doctor);
  await answer(world.patient, true);
  world.pass(61);
  await work(world, "rooms");
  assert.equal((await openRooms(world)).length, 2);
  await work(world, "outbox");
  const moved = await stored();
  assert.deepEqual(await openRooms(world), [moved.roomName]);
  // By a token that outlived the move.
  await world.services.video.openRoom(first.roomName, { voiceOnly: true });
  world.pass(61);
  await work(world, "rooms");
  assert.deepEqual(await openRooms(world), [moved.roomName]);
  assert.equal((await stored()).status, "IN_PROGRESS");
  const { kv } = world.services;
  assert.equal((await findSessionByRoomSid(kv, first.roomSid!))?.id, moved.id);
  await assertInvariants(kv);
});
