/** What the matrix does not ask: lists, and what is hidden in other records. */
import assert from "node:assert/strict";
import { acceptCall, requestCall } from "@/lib/calls/service.ts";
import { ensureDemoClinic } from "@/lib/demo/service.ts";
import { newId } from "@/lib/new_id.ts";
import { startSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import { aWish } from "../../support/fixtures.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

async function get(world: World, person: Person, path: string) {
  const response = await world.ask(person, "GET", path);
  const { "x-request-id": _, ...headers } = Object.fromEntries(
    response.headers,
  );
  return { status: response.status, headers, text: await response.text() };
}

Deno.test("S3.36 lists are one's own, also when somebody else's visit is named", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const lists = [
    "/api/v1/telemedicine/",
    `/api/v1/telemedicine/?visit_id=${world.visit.id}`,
    "/api/consultations/",
    `/api/consultations/?appointment_id=${world.visit.id}`,
  ];
  const nothing = JSON.stringify({ results: [], next: null });
  for (const path of lists) {
    for (const person of [world.otherDoctor, world.otherPatient, world.admin]) {
      assert.equal((await get(world, person, path)).text, nothing);
    }
    for (const person of [world.doctor, world.patient]) {
      const { results } = JSON.parse((await get(world, person, path)).text);
      assert.deepEqual(results.map((one: Session) => one.id), [id]);
    }
  }
  const call = await requestCall(
    world.services,
    world.patient,
    aWish({ reason: "Cough" }),
  );
  await acceptCall(world.services, world.doctor, call.call.id);
  for (
    const person of [
      world.doctor,
      world.otherDoctor,
      world.otherPatient,
      world.admin,
    ]
  ) {
    assert.equal((await get(world, person, "/api/v1/calls/")).text, nothing);
  }
  for (const path of ["/api/v1/visits/", "/api/appointments/"]) {
    for (const person of [world.otherDoctor, world.otherPatient, world.admin]) {
      assert.equal((await get(world, person, path)).text, nothing);
    }
  }
});

Deno.test("S3.37 a stranger who closes a visit by force ends nothing, and does not learn that something runs", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  const answers = await Promise.all(
    [world.visit.id, newId()].map(async (visitId) => {
      const response = await world.ask(
        world.otherDoctor,
        "PATCH",
        `/api/v1/visits/${visitId}/`,
        { json: { status: "CLOSED", force: true } },
      );
      return (await response.text()).replace(visitId, "ID");
    }),
  );
  assert.equal(answers[0], answers[1]);
  assert.equal(JSON.parse(answers[0]!).code, "visit_not_found");
  assert.equal(
    (await findSession(world.services.kv, id)).status,
    "IN_PROGRESS",
  );
});

Deno.test("nothing of the demo clinic can be told apart from what does not exist", async () => {
  await using world = await createWorld();
  await ensureDemoClinic(world.services);
  const addresses: [kind: string, address: (id: string) => string][] = [
    ["session", (id) => `/api/v1/telemedicine/${id}/`],
    ["session", (id) => `/api/consultations/${id}/get_token/`],
    ["session", (id) => `/api/v1/telemedicine/${id}/recording/`],
    ["visit", (id) => `/api/v1/visits/${id}/`],
    ["visit", (id) => `/api/appointments/${id}/`],
  ];
  let compared = 0;
  for (const [kind, address] of addresses) {
    const entries = world.services.kv.list<Session | Visit>({ prefix: [kind] });
    for await (const { value: { id } } of entries) {
      if (kind === "visit" && id === world.visit.id) continue;
      for (const person of [world.doctor, world.patient, world.admin]) {
        const unknown = newId();
        const [demo, missing] = [
          await get(world, person, address(id)),
          await get(world, person, address(unknown)),
        ];
        assert.equal(demo.status, 404);
        assert.deepEqual(
          { ...demo, text: demo.text.replace(id, "ID") },
          { ...missing, text: missing.text.replace(unknown, "ID") },
        );
        compared++;
      }
    }
  }
  assert(compared >= 60, `${compared}`);
});
