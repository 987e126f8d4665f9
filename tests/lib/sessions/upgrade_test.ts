import assert from "node:assert/strict";
import { upgradeSessions } from "@/lib/sessions/store.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import { quiet } from "../../support/quiet.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { createWorld, type World } from "../../support/world.ts";

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
