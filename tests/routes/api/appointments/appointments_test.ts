import assert from "node:assert/strict";
import { createWorld, type Person } from "../../../support/world.ts";

const BASE = "/api/appointments/";

Deno.test("S1.30 appointments are the visits, each with the time it is planned for", async () => {
  await using world = await createWorld();
  const made = await world.ask(world.doctor, "POST", BASE, {
    json: {
      patient_email: world.patient.actor.email,
      reason: "Follow-up",
      scheduled_start: "2026-11-28T08:00:00Z",
    },
  });
  const { id } = await made.json();
  assert.equal(made.headers.get("location"), `${BASE}${id}/`);
  for (const person of [world.doctor, world.patient]) {
    const list = await (await world.ask(person, "GET", BASE)).json();
    assert.deepEqual(
      list.results.map((
        one: { id: string; scheduled_start: string | null },
      ) => [one.id, one.scheduled_start]),
      [[id, "2026-11-28T08:00:00.000Z"], [world.visit.id, null]],
    );
    const visit = await world.ask(person, "GET", `/api/v1/visits/${id}/`);
    assert.equal((await visit.json()).reason, "Follow-up");
    const one = await (await world.ask(person, "GET", `${BASE}${id}/`)).json();
    assert.deepEqual(one, list.results[0]);
  }
  const others = await (await world.ask(world.otherPatient, "GET", BASE))
    .json();
  assert.deepEqual(others, { results: [], next: null });
});

Deno.test("S1.30 appointments are made by doctors, for patients, ahead of time", async () => {
  await using world = await createWorld();
  const body = {
    patient_email: world.patient.actor.email,
    reason: "Follow-up",
    scheduled_start: "2026-11-28T08:00:00Z",
  };
  const send = async (person: Person | null, json: unknown) => {
    const answer = await world.ask(person, "POST", BASE, { json });
    const { code, fields } = await answer.json();
    return [answer.status, code, fields?.[0].field];
  };
  assert.deepEqual(await send(null, body), [
    401,
    "unauthenticated",
    undefined,
  ]);
  assert.deepEqual(await send(world.patient, body), [
    403,
    "role_forbidden",
    undefined,
  ]);
  const wrong: [string, unknown][] = [
    ["scheduled_start", "2026-11-20T08:00:00Z"],
    ["scheduled_start", "2026-11-28T08:00:00"],
    ["scheduled_start", undefined],
    ["patient_email", world.otherDoctor.actor.email],
    ["reason", ""],
  ];
  for (const [field, value] of wrong) {
    assert.deepEqual(await send(world.doctor, { ...body, [field]: value }), [
      400,
      "validation",
      field,
    ]);
  }
});
