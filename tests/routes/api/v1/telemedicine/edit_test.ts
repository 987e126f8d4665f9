import assert from "node:assert/strict";
import { startSession } from "@/lib/sessions/service.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { createWorld } from "../../../../support/world.ts";

const BASE = "/api/v1/telemedicine/";

Deno.test("PATCH {id}/ moves a planned session and rewrites its notes in one commit", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const patch = (json: unknown, who = world.doctor) =>
    world.ask(who, "PATCH", `${BASE}${id}/`, { json });
  const moved = await patch({
    scheduled_start: "2026-11-22T10:00:00Z",
    notes: "Bring the diary.",
  });
  const session: SessionView = await moved.json();
  assert.equal(moved.status, 200);
  assert.equal(session.scheduled_start, "2026-11-22T10:00:00.000Z");
  assert.equal(session.notes, "Bring the diary.");
  const history = await listHistory(world.services.kv, id);
  assert.deepEqual(history.map(({ action, reason }) => [action, reason]), [
    ["session.create", null],
    ["session.edit", "time,notes"],
  ]);
  for (
    const [json, status] of [
      [{ scheduled_start: "2020-01-01T00:00:00Z" }, 400],
      [{ status: "COMPLETED" }, 400],
      [{ notes: "x".repeat(4001) }, 400],
    ] as const
  ) {
    const refused = await patch(json);
    await refused.body?.cancel();
    assert.equal(refused.status, status);
  }
  const forbidden = await patch({ notes: "mine" }, world.patient);
  assert.equal((await forbidden.json()).code, "role_forbidden");
  await assertInvariants(world.services.kv);
});

Deno.test("PATCH {id}/ rewrites the notes of a session that runs, but does not move it", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  const patch = (json: unknown) =>
    world.ask(world.doctor, "PATCH", `${BASE}${id}/`, { json });
  const noted = await patch({ notes: "Better." });
  assert.equal((await noted.json()).notes, "Better.");
  const moved = await patch({
    scheduled_start: "2026-11-22T10:00:00Z",
    notes: "Lost?",
  });
  assert.equal(moved.status, 409);
  assert.equal((await moved.json()).code, "invalid_transition");
  // Both or nothing.
  assert.equal((await findSession(world.services.kv, id)).notes, "Better.");
});
