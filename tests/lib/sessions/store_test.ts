import fc from "fast-check";
import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import {
  cancelSession,
  endSession,
  leaveSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { closeVisit } from "@/lib/visits/service.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

type Command = (world: World, person: Person, id: string) => Promise<unknown>;

const COMMANDS: Record<string, Command> = {
  start: ({ services }, person, id) => startSession(services, person, id),
  end: ({ services }, person, id) => endSession(services, person, id),
  cancel: ({ services }, person, id) => cancelSession(services, person, id),
  leave: ({ services }, person, id) => leaveSession(services, person, id),
  token: ({ services }, person, id) => requestAccess(services, person, id),
  "close visit": ({ services, visit }, person) =>
    closeVisit(services, person, visit.id),
};

/** One after the other or all at once: what is refused is refused, nothing breaks. */
const anyCommand = fc.record({
  name: fc.constantFrom(...Object.keys(COMMANDS)),
  who: fc.constantFrom(
    "doctor" as const,
    "patient" as const,
    "otherPatient" as const,
  ),
  which: fc.nat({ max: 2 }),
});

function run(
  world: World,
  ids: string[],
  command: {
    name: string;
    who: "doctor" | "patient" | "otherPatient";
    which: number;
  },
) {
  return COMMANDS[command.name]!(world, world[command.who], ids[command.which]!)
    .then(
      () => {},
      (error) => assert(error instanceof AppError, String(error)),
    );
}

Deno.test("every random sequence of commands keeps records, indexes and audit together", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyCommand, { minLength: 1, maxLength: 4 }), {
        maxLength: 6,
      }),
      async (rounds) => {
        await using world = await createWorld();
        const ids = [
          (await world.plan()).id,
          (await world.plan()).id,
          (await world.plan()).id,
        ];
        for (const round of rounds) {
          // The commands of one round race.
          await Promise.all(round.map((command) => run(world, ids, command)));
          world.pass(7);
          await assertInvariants(world.services.kv);
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("of racing starts of one visit's sessions exactly one wins, every time", async () => {
  await using world = await createWorld();
  const ids = await Promise.all(
    Array.from({ length: 6 }, async () => (await world.plan()).id),
  );
  const outcomes = await Promise.allSettled(
    ids.map((id) => startSession(world.services, world.doctor, id)),
  );
  assert.equal(
    outcomes.filter(({ status }) => status === "fulfilled").length,
    1,
  );
  await assertInvariants(world.services.kv);
});

Deno.test("of two calls on demand that an older version has left to one doctor, the one that ends leaves the note of the other", async () => {
  await using world = await createWorld();
  const { services: { kv }, services, doctor } = world;
  const one = await world.plan();
  const other = await world.plan();
  for (const { id } of [one, other]) {
    await kv.set(["session", id], {
      ...await findSession(kv, id),
      onDemand: true,
    });
  }
  const note = ["session_on_demand", doctor.actor.accountId];
  await kv.set(note, other.id);
  await cancelSession(services, doctor, one.id);
  assert.equal((await kv.get(note)).value, other.id);
  await cancelSession(services, doctor, other.id);
  assert.equal((await kv.get(note)).value, null);
});

Deno.test("A3 a session never starts in a visit that was closed first", async () => {
  for (let i = 0; i < 20; i++) {
    await using world = await createWorld();
    const { id } = await world.plan();
    await Promise.allSettled([
      startSession(world.services, world.doctor, id),
      closeVisit(world.services, world.doctor, world.visit.id),
    ]);
    const { status } = await findSession(world.services.kv, id);
    const { value: visit } = await world.services.kv.get<{ status: string }>([
      "visit",
      world.visit.id,
    ]);
    assert(
      status === "IN_PROGRESS" ? visit?.status === "OPEN" : true,
      `${status} in ${visit?.status}`,
    );
    await assertInvariants(world.services.kv);
  }
});
