import assert from "node:assert/strict";
import { takeLease } from "@/lib/kv/lease.ts";
import { newRow, type OutboxRow } from "@/lib/outbox/outbox_row.ts";
import { workOutbox } from "@/lib/outbox/service.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  cancelSession,
  endSession,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { createVisit } from "@/lib/visits/service.ts";
import { work, workFor } from "../../support/background.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type World } from "../../support/world.ts";

const DOWN = { rest: [{ kind: "error" as const, status: 503 }] };

async function rows({ services }: World): Promise<OutboxRow[]> {
  const found: OutboxRow[] = [];
  for await (
    const { value } of services.kv.list<OutboxRow>({ prefix: ["outbox"] })
  ) found.push(value);
  return found;
}

/** A session that was ended while the video service did not answer: its room has yet to be closed. */
async function endedInVain(world: World): Promise<Session> {
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  world.faults.set(DOWN);
  return await endSession(world.services, world.doctor, id);
}

const posts = ({ calls }: World) =>
  calls.filter(({ method }) => method === "POST");

Deno.test("what a session owes comes and goes with the commits that make it so", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { services, doctor } = world;
  const { id } = await world.plan();
  const kinds = async () =>
    (await rows(world)).map(({ kind, subject }) => `${kind} ${subject}`.trim());
  await apply(
    services,
    id,
    SYSTEM_VOICE,
    () => ({ type: "start_requested", opId: "op-1" }),
  );
  assert.deepEqual(await kinds(), ["room.open op-1"]);
  await startSession(services, doctor, id);
  assert.deepEqual(await kinds(), []);
  await apply(
    services,
    id,
    SYSTEM_VOICE,
    () => ({ type: "intruded", participantSid: "PA1" }),
  );
  assert.deepEqual(await kinds(), ["participant.remove PA1"]);
  world.faults.set(DOWN);
  await endSession(services, doctor, id);
  // Who is in the room is put out with everybody else.
  assert.deepEqual(await kinds(), ["room.close"]);
  await assertInvariants(services.kv);
  world.faults.clear();
  await endSession(services, doctor, id);
  assert.deepEqual(await kinds(), []);
  await assertInvariants(services.kv);
});

Deno.test("a commit that does not land leaves no promise behind", async () => {
  await using world = await createWorld();
  const { services } = world;
  const { id } = await world.plan();
  await assert.rejects(
    apply(
      services,
      id,
      {
        ...SYSTEM_VOICE,
        guard: () => ({ key: ["lease", "lost"], versionstamp: "0".repeat(20) }),
      },
      () => ({ type: "start_requested", opId: "op-1" }),
    ),
    { code: "storage_busy" },
  );
  assert.deepEqual(await rows(world), []);
  assert.equal((await findSession(services.kv, id)).startIntent, null);
});

Deno.test("while the video service is down a promise is tried again and again, ever more seldom, and kept once it is back", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { id } = await endedInVain(world);
  const before = posts(world).length;
  const tries: number[] = [];
  for (let second = 1; second <= 120; second++) {
    const so = posts(world).length;
    await workFor(world, 1);
    if (posts(world).length > so) tries.push(second);
  }
  // At 3, and then after 1, 2, 4, 8, 16, 32 and 60 s, each a fifth more or less.
  assert.equal(tries[0], 3);
  assert(tries.length >= 6 && tries.length <= 8, tries.join());
  const gaps = tries.slice(1).map((at, i) => at - tries[i]!);
  assert.deepEqual(gaps, gaps.toSorted((a, b) => a - b), tries.join());
  assert.equal(posts(world).length - before, tries.length);
  const [row] = await rows(world);
  assert.equal(row?.attempts, tries.length);
  await assertInvariants(world.services.kv);

  world.faults.clear();
  await workFor(world, 75);
  const closed = await findSession(world.services.kv, id);
  assert.equal(closed.close, "DONE");
  assert.deepEqual(await rows(world), []);
  assert.deepEqual(await world.services.video.listOpenRooms(), []);
  await assertInvariants(world.services.kv);
});

Deno.test("when the video service says how long to wait, it is not asked before", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { id } = await endedInVain(world);
  world.faults.set({
    rest: [{ kind: "error", status: 429, retryAfterSeconds: 40, times: 1 }],
  });
  await workFor(world, 4);
  const asked = world.calls.length;
  await workFor(world, 38);
  assert.equal(world.calls.length, asked);
  await workFor(world, 2);
  assert.equal((await findSession(world.services.kv, id)).close, "DONE");
});

Deno.test("A35 many promises that are due together are kept with no more than ten changes a second", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  for (let i = 0; i < 20; i++) {
    const visit = await createVisit(services, doctor, {
      patientEmail: patient.actor.email,
      reason: "Cough",
    });
    world.visit = visit;
    const { id } = await world.plan();
    await startSession(services, doctor, id);
    await apply(services, id, SYSTEM_VOICE, () => ({ type: "ended" }));
  }
  assert.equal((await rows(world)).length, 20);
  world.pass(10);
  const before = world.calls.length;
  await work(world, "outbox");
  const writes = world.calls.slice(before)
    .filter(({ method }) => method !== "GET").map(({ atMs }) => atMs);
  for (const from of writes) {
    const within = writes.filter((at) => at >= from && at < from + 1000);
    assert(within.length <= 10, `${within.length} in a second`);
  }
  assert.deepEqual(await rows(world), []);
  assert.deepEqual(await services.video.listOpenRooms(), []);
  await assertInvariants(services.kv);
});

Deno.test("a room that cannot be closed in twenty attempts is left to its time limit, loudly, and the session stays as it is", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { services } = world;
  const ended = await endedInVain(world);
  const before = posts(world).length;
  for (let i = 0; i < 40; i++) {
    world.pass(75);
    await work(world, "outbox");
  }
  assert.equal(posts(world).length - before, 20);
  const { rev, auditSeq, auditHash, ...left } = await findSession(
    services.kv,
    ended.id,
  );
  assert.deepEqual(left, {
    ...left,
    status: "COMPLETED",
    endedAt: ended.endedAt,
    durationSeconds: ended.durationSeconds,
    close: "GAVE_UP",
  });
  assert.deepEqual(await rows(world), []);
  const last = (await listHistory(services.kv, ended.id)).at(-1)!;
  assert.equal(last.action, "session.room_close_given_up");
  assert.equal(last.outcome, "error");
  assert.deepEqual([rev, auditHash], [auditSeq, last.hash]);
  await assertInvariants(services.kv);
});

Deno.test("a promise that its session knows nothing of is dropped, and nobody is asked", async () => {
  await using world = await createWorld();
  const { kv } = world.services;
  const { id } = await world.plan();
  const unknown = "01JD0000000000000000000009";
  for (const sessionId of [id, unknown]) {
    for (
      const duty of [
        { kind: "room.close", subject: "" },
        { kind: "room.open", subject: "op-of-old" },
        { kind: "participant.remove", subject: "PA1" },
        { kind: "recording.erase", subject: "" },
      ] as const
    ) {
      await kv.set(
        ["outbox", sessionId, duty.kind],
        newRow(sessionId, duty, world.services.now()),
      );
    }
  }
  world.pass(10);
  await work(world, "outbox");
  assert.deepEqual(await rows(world), []);
  assert.deepEqual(world.calls, []);
  await assertInvariants(kv);
});

Deno.test("two workers at once keep a promise once", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { id } = await endedInVain(world);
  world.faults.clear();
  const before = posts(world).length;
  world.pass(10);
  await Promise.all([work(world, "outbox", "a"), work(world, "outbox", "b")]);
  assert.equal(posts(world).length - before, 1);
  const history = await listHistory(world.services.kv, id);
  assert.equal(
    history.filter(({ action }) => action === "session.room_closed").length,
    1,
  );
});

Deno.test("a worker that was stopped in the middle of a promise writes nothing down when it wakes", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { services } = world;
  const { id } = await endedInVain(world);
  world.faults.clear();
  world.pass(10);
  const lease = (await takeLease(services.kv, "outbox", "a", services.now))!;
  const { video } = services;
  const stoppable = {
    ...services,
    video: {
      ...video,
      // Stopped here for a minute, in which somebody else takes over.
      async closeRoom(room: string) {
        world.pass(60);
        assert(await takeLease(services.kv, "outbox", "b", services.now));
        await video.closeRoom(room);
      },
    },
  };
  const before = await findSession(services.kv, id);
  await workOutbox(stoppable, lease, new AbortController().signal);
  assert.deepEqual(await findSession(services.kv, id), before);
  await assertInvariants(services.kv);

  world.pass(2);
  await work(world, "outbox", "b");
  const history = await listHistory(services.kv, id);
  assert.equal(
    history.filter(({ action }) => action === "session.room_closed").length,
    1,
  );
  assert.equal((await findSession(services.kv, id)).close, "DONE");
  assert.deepEqual(await rows(world), []);
  await assertInvariants(services.kv);
});

Deno.test("work that is asked to stop stops after what it has begun; the rest stays promised", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  for (let i = 0; i < 12; i++) {
    const { id } = await world.plan();
    await apply(
      services,
      id,
      SYSTEM_VOICE,
      () => ({ type: "start_requested", opId: `op-${i}` }),
    );
    await cancelSession(services, doctor, id);
  }
  world.pass(10);
  const stop = new AbortController();
  const lease = (await takeLease(services.kv, "outbox", "a", services.now))!;
  const working = workOutbox(services, lease, stop.signal);
  stop.abort();
  await working;
  const left = (await rows(world)).length;
  assert(left > 0 && left <= 12, String(left));
  await assertInvariants(services.kv);
  await work(world, "outbox", "a");
  assert.deepEqual(await rows(world), []);
});

Deno.test("one promise that fails keeps no other from being kept", async () => {
  await using world = await createWorld();
  using _ = quiet();
  const { services, doctor } = world;
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { id } = await world.plan();
    await apply(
      services,
      id,
      SYSTEM_VOICE,
      () => ({ type: "start_requested", opId: `op-${i}` }),
    );
    await cancelSession(services, doctor, id);
    ids.push(id);
  }
  const { video } = services;
  const { roomName } = await findSession(services.kv, ids[0]!);
  services.video = {
    ...video,
    closeRoom: (room) =>
      room === roomName
        ? Promise.reject(new TypeError("of nobody's making"))
        : video.closeRoom(room),
  };
  world.pass(10);
  await work(world, "outbox");
  const closes = await Promise.all(
    ids.map(async (id) => (await findSession(services.kv, id)).close),
  );
  assert.deepEqual(closes, ["PENDING", "DONE", "DONE"]);
});
