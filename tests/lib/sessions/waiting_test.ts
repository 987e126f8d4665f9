import assert from "node:assert/strict";
import { watchSession } from "@/lib/live/service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { editSession, requestAccess } from "@/lib/sessions/service.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { sweepSessions } from "@/lib/sessions/sweep_service.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { createWorld, type World } from "../../support/world.ts";

/** Who waits, as the doctor sees it after a sweep. */
async function stateAfterSweep(world: World, id: string) {
  const { services } = world;
  await sweepSessions(services, SYSTEM_VOICE);
  await assertInvariants(services.kv);
  return (await findSession(services.kv, id)).presence.patient?.state;
}

Deno.test("a patient whose phone died does not wait any more, a minute or so later", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await requestAccess(world.services, world.patient, id);
  world.pass(60);
  assert.equal(await stateAfterSweep(world, id), "waiting");
  world.pass(60);
  assert.equal(await stateAfterSweep(world, id), "disconnected");
  const [last] = (await listHistory(world.services.kv, id)).slice(-1);
  assert.deepEqual([last?.action, last?.actor.role, last?.reason], [
    "session.leave",
    "system",
    "patient",
  ]);
  // Back again: the page asks anew.
  await requestAccess(world.services, world.patient, id);
  assert.equal(await stateAfterSweep(world, id), "waiting");
});

Deno.test("a patient whose page is open goes on waiting, however long", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { id } = await world.plan();
  await requestAccess(services, patient, id);
  const stop = new AbortController();
  const page = watchSession(services, patient, id, stop.signal);
  await page.next();
  for (let minute = 0; minute < 3; minute++) {
    world.pass(60);
    // A change makes the page's line look, as it does by itself every few seconds.
    await editSession(services, doctor, id, { notes: `${minute}` });
    await page.next();
    world.pass(60);
    assert.equal(await stateAfterSweep(world, id), "waiting");
  }
  stop.abort();
  await page.return(undefined);
});

Deno.test("the doctor looking at a session does not make the patient wait", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { id } = await world.plan();
  await requestAccess(services, patient, id);
  world.pass(120);
  const stop = new AbortController();
  const page = watchSession(services, doctor, id, stop.signal);
  await page.next();
  assert.equal(await stateAfterSweep(world, id), "disconnected");
  stop.abort();
  await page.return(undefined);
});
