import assert from "node:assert/strict";
import { startSession } from "@/lib/sessions/service.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { createWorld } from "../../../../support/world.ts";

const BASE = "/api/v1/visits/";

Deno.test("POST / opens a visit; both see it, nobody else does", async () => {
  await using world = await createWorld();
  const response = await world.ask(world.doctor, "POST", BASE, {
    json: {
      patient_email: world.otherPatient.actor.email,
      reason: "  Headache ",
    },
  });
  const visit = await response.json();
  assert.equal(response.status, 201);
  assert.equal(visit.reason, "Headache");
  assert.equal(visit.status, "OPEN");
  assert.deepEqual(visit.actions, ["create_session", "close"]);
  const seen = await world.ask(
    world.otherPatient,
    "GET",
    `${BASE}${visit.id}/`,
  );
  assert.deepEqual((await seen.json()).actions, []);
  const list = await (await world.ask(world.patient, "GET", BASE)).json();
  assert.deepEqual(list.results.map(({ id }: { id: string }) => id), [
    world.visit.id,
  ]);
});

Deno.test("POST / is for doctors, and for patients that exist", async () => {
  await using world = await createWorld();
  const send = async (person: typeof world.doctor, json: unknown) => {
    const response = await world.ask(person, "POST", BASE, { json });
    return [response.status, (await response.json()).code];
  };
  const body = { patient_email: world.patient.actor.email, reason: "Cough" };
  assert.deepEqual(await send(world.patient, body), [403, "role_forbidden"]);
  assert.deepEqual(
    await send(world.doctor, { ...body, patient_email: "x@y.zz" }),
    [400, "validation"],
  );
  assert.deepEqual(
    await send(world.doctor, {
      ...body,
      patient_email: world.otherDoctor.actor.email,
    }),
    [400, "validation"],
  );
  assert.deepEqual(await send(world.doctor, { ...body, reason: " " }), [
    400,
    "validation",
  ]);
});

Deno.test("GET / filters by status", async () => {
  await using world = await createWorld();
  const count = async (status: string) =>
    (await (await world.ask(world.doctor, "GET", `${BASE}?status=${status}`))
      .json()).results.length;
  assert.deepEqual([await count("OPEN"), await count("CLOSED")], [1, 0]);
  await world.ask(world.doctor, "PATCH", `${BASE}${world.visit.id}/`, {
    json: { status: "CLOSED" },
  });
  assert.deepEqual([await count("OPEN"), await count("CLOSED")], [0, 1]);
});

Deno.test("S3.37 PATCH closes the visit and cancels what was planned, but not while a session runs", async () => {
  await using world = await createWorld();
  const [planned, running] = [await world.plan(), await world.plan()];
  await startSession(world.services, world.doctor, running.id);
  const path = `${BASE}${world.visit.id}/`;
  const close = async () => {
    const response = await world.ask(world.doctor, "PATCH", path, {
      json: { status: "CLOSED" },
    });
    return { status: response.status, body: await response.json() };
  };
  const refused = await close();
  assert.deepEqual([refused.status, refused.body.code], [
    409,
    "session_running",
  ]);
  await world.ask(
    world.doctor,
    "POST",
    `/api/v1/telemedicine/${running.id}/end/`,
  );
  const closed = await close();
  assert.deepEqual([closed.status, closed.body.status], [200, "CLOSED"]);
  const session = await findSession(world.services.kv, planned.id);
  assert.deepEqual([session.status, session.endReason], [
    "CANCELLED",
    "visit_closed",
  ]);
  assert.equal((await close()).status, 200);
});

Deno.test("S3.37 PATCH with force ends the session that runs, for the visit's doctor only", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  const close = async (who: typeof world.doctor) => {
    const response = await world.ask(
      who,
      "PATCH",
      `${BASE}${world.visit.id}/`,
      {
        json: { status: "CLOSED", force: true },
      },
    );
    return { status: response.status, code: (await response.json()).code };
  };
  assert.deepEqual(await close(world.otherDoctor), {
    status: 404,
    code: "visit_not_found",
  });
  assert.deepEqual(await close(world.patient), {
    status: 403,
    code: "role_forbidden",
  });
  assert.equal(
    (await findSession(world.services.kv, id)).status,
    "IN_PROGRESS",
  );
  assert.equal((await close(world.doctor)).status, 200);
  assert.equal((await findSession(world.services.kv, id)).status, "COMPLETED");
});
