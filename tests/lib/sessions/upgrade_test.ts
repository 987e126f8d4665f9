import assert from "node:assert/strict";
import { upgradeSessions } from "@/lib/sessions/store.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
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
    startIntent: _4,
    ...rest
  } = value!;
  await kv.set(["session", id], {
    ...rest,
    v: 1,
    startIntent: null,
    recording: { requested: recording.requested },
    everJoined: admitted.doctor || admitted.patient,
  });
  await kv.delete(["session_planned", rest.scheduledStart, id]);
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
  const running = await world.plan();
  await startSession(services, doctor, running.id);
  for (const { id } of [planned, over, running]) await makeOld(world, id);
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
