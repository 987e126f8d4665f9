import assert from "node:assert/strict";
import type { AccessView } from "@/lib/sessions/access.ts";
import {
  cancelSession,
  endSession,
  startSession,
} from "@/lib/sessions/service.ts";
import { claimsOf } from "../../../../support/claims.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

function ask(world: World, person: Person | null, sessionId: string) {
  return world.ask(person, "POST", "/api/v1/telemedicine/token/", {
    json: { session_id: sessionId },
  });
}

Deno.test("S3.32 S1.16 S2.9 each participant gets a token of their own, for the one room", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await startSession(world.services, world.doctor, session.id);
  for (const person of [world.doctor, world.patient]) {
    const response = await ask(world, person, session.id);
    const access: AccessView = await response.json();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const { token: _, ...rest } = access;
    assert.deepEqual(rest, {
      room_name: session.roomName,
      session_id: session.id,
      identity: person.actor.accountId,
      expires_at: "2026-11-21T12:10:00.000Z",
      waiting: false,
    });
    const { header, payload } = claimsOf(access.token);
    assert.deepEqual(header, {
      alg: "HS256",
      typ: "JWT",
      cty: "twilio-fpa;v=1",
    });
    assert.deepEqual(payload.grants, {
      identity: person.actor.accountId,
      video: { room: session.roomName },
    });
    // S2.9: short-lived. The claims follow the machine's clock, not the test's.
    assert.equal(payload.exp - payload.iat, 600);
  }
});

Deno.test("S3.24 S3.21 the patient may come before the start and is told to wait; the doctor has to start", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const early = await ask(world, world.patient, session.id);
  assert.equal(early.status, 200);
  assert.equal((await early.json()).waiting, true);
  const doctor = await ask(world, world.doctor, session.id);
  assert.equal(doctor.status, 409);
  assert.equal((await doctor.json()).code, "not_started");
  const seen = await world.ask(
    world.doctor,
    "GET",
    `/api/v1/telemedicine/${session.id}/`,
  );
  assert.equal((await seen.json()).presence.patient.state, "waiting");
});

Deno.test("S3.26 S3.27 nobody gets a token once the session is over", async () => {
  await using world = await createWorld();
  const [ended, cancelled] = [await world.plan(), await world.plan()];
  await startSession(world.services, world.doctor, ended.id);
  await endSession(world.services, world.doctor, ended.id);
  await cancelSession(world.services, world.doctor, cancelled.id);
  for (const { id } of [ended, cancelled]) {
    for (const person of [world.doctor, world.patient]) {
      const response = await ask(world, person, id);
      assert.equal(response.status, 409);
      assert.equal((await response.json()).code, "session_over");
    }
  }
});

Deno.test("S3.36 strangers get the same answer as for a session that does not exist", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const shape = async (person: Person | null, id: string) => {
    const response = await ask(world, person, id);
    const { detail: _, ...rest } = await response.json();
    return { status: response.status, ...rest };
  };
  const missing = await shape(world.otherPatient, "01JD0000000000000000000000");
  assert.equal(missing.status, 404);
  for (const person of [world.otherPatient, world.otherDoctor, world.admin]) {
    assert.deepEqual(await shape(person, session.id), missing);
  }
  assert.equal((await shape(null, session.id)).status, 401);
});

Deno.test("S2.6 no answer of the API contains a secret of the video service", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await startSession(world.services, world.doctor, session.id);
  const text = await (await ask(world, world.doctor, session.id)).text();
  assert.deepEqual(Object.keys(JSON.parse(text)).sort(), [
    "expires_at",
    "identity",
    "room_name",
    "session_id",
    "token",
    "waiting",
  ]);
});
