import assert from "node:assert/strict";
import {
  leaveSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { signOut } from "@/lib/sign_in/service.ts";
import { listen } from "../../../../support/events.ts";
import { createWorld } from "../../../../support/world.ts";

Deno.test("{id}/events/ tells the session now and after every change, as each may see it", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({ notes: "CANARY-NOTE" });
  const events = listen(world, world.patient, `telemedicine/${id}/events/`);
  const next = async () => {
    const { value } = await events.next();
    assert.equal(value?.event, "session");
    assert(!JSON.stringify(value).includes("CANARY-NOTE"));
    return value!.data as SessionView;
  };
  assert.equal((await next()).status, "SCHEDULED");
  await startSession(world.services, world.doctor, id);
  let session = await next();
  while (session.status === "SCHEDULED") session = await next();
  assert.equal(session.status, "IN_PROGRESS");
  await requestAccess(world.services, world.patient, id);
  assert.equal((await next()).presence.patient?.state, "joining");
  await leaveSession(world.services, world.patient, id);
  assert.equal((await next()).presence.patient?.state, "disconnected");
  await events.return(undefined);
});

Deno.test("events/ tells one's own sessions, new ones included", async () => {
  await using world = await createWorld();
  const mine = listen(world, world.patient, "telemedicine/events/");
  const others = listen(world, world.otherPatient, "telemedicine/events/");
  const idsOf = ({ value }: IteratorResult<{ data: unknown }>) =>
    (value.data as SessionView[]).map(({ id }) => id);
  assert.deepEqual(idsOf(await mine.next()), []);
  assert.deepEqual(idsOf(await others.next()), []);
  const { id } = await world.plan();
  assert.deepEqual(idsOf(await mine.next()), [id]);
  await mine.return(undefined);
  await others.return(undefined);
});

Deno.test("A34 a stream ends when its listener is signed out", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  for (const path of [`telemedicine/${id}/events/`, "telemedicine/events/"]) {
    const person = path === "telemedicine/events/"
      ? world.doctor
      : world.patient;
    const events = listen(world, person, path);
    await events.next();
    await signOut(world.services, person);
    // Any change makes the stream look.
    await world.plan();
    await requestAccess(world.services, world.patient, id);
    const { value } = await events.next();
    assert.equal(value?.event, "signed_out");
    assert((await events.next()).done);
  }
});

Deno.test("V7.3.1 a list that somebody forgot to close keeps nobody signed in; a call does", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  await requestAccess(world.services, world.doctor, id);
  const inCall = listen(world, world.doctor, `telemedicine/${id}/events/`);
  await inCall.next();
  for (let i = 0; i < 3; i++) {
    world.pass(20 * 60);
    // What the other does makes the stream look, and looking counts.
    await requestAccess(world.services, world.patient, id);
    assert.equal((await inCall.next()).value?.event, "session");
  }
  await inCall.return(undefined);
  const list = listen(world, world.doctor, "telemedicine/events/");
  await list.next();
  for (const event of ["sessions", "signed_out"]) {
    world.pass(20 * 60);
    await requestAccess(world.services, world.patient, id);
    assert.equal((await list.next()).value?.event, event);
  }
  await list.return(undefined);
});
