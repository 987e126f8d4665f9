import assert from "node:assert/strict";
import { upgradeVisit } from "@/lib/visits/upgrade.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import { createWorld } from "../../support/world.ts";

/** The visit as the first layout had it. */
function asV1({ plannedStart: _, ...visit }: Visit) {
  return { ...visit, v: 1 as const };
}

Deno.test("upgradeVisit() reads what was stored before visits could be planned", async () => {
  await using world = await createWorld();
  const { visit } = world;
  assert.deepEqual(upgradeVisit(asV1(visit)), visit);
  assert.equal(upgradeVisit(visit), visit);
});

Deno.test("a visit of the old layout is read, listed, used and closed as any other", async () => {
  await using world = await createWorld();
  const { kv } = world.services;
  const { id } = world.visit;
  await kv.set(["visit", id], asV1(world.visit));
  const get = async (path: string) =>
    await (await world.ask(world.doctor, "GET", path)).json();
  assert.equal((await get(`/api/appointments/${id}/`)).scheduled_start, null);
  assert.equal(
    (await get("/api/appointments/")).results[0].scheduled_start,
    null,
  );
  await world.plan();
  const closed = await world.ask(
    world.doctor,
    "PATCH",
    `/api/v1/visits/${id}/`,
    { json: { status: "CLOSED" } },
  );
  assert.equal((await closed.json()).status, "CLOSED");
  const stored = (await kv.get<Visit>(["visit", id])).value!;
  assert.deepEqual([stored.v, stored.plannedStart], [2, null]);
});
