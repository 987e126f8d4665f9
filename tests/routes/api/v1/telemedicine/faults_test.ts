import assert from "node:assert/strict";
import { findSession } from "@/lib/sessions/store.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { quiet } from "../../../../support/quiet.ts";
import { createWorld, type World } from "../../../../support/world.ts";

type Fault = NonNullable<Parameters<World["faults"]["set"]>[0]["rest"]>[number];

/** What the video service does to a start, the answer, and where the session then is. */
const FAULTS: [what: string, fault: Fault, status: number, session: string][] =
  [
    ["answers 500", { kind: "error", status: 500 }, 503, "SCHEDULED"],
    ["answers 503", { kind: "error", status: 503 }, 503, "SCHEDULED"],
    [
      "answers 429",
      { kind: "error", status: 429, code: 20429, retryAfterSeconds: 3 },
      503,
      "SCHEDULED",
    ],
    ["breaks off its answer", { kind: "truncate" }, 503, "SCHEDULED"],
    [
      "refuses the key",
      { kind: "error", status: 401, code: 20003 },
      502,
      "FAILED",
    ],
    ["is slow", { kind: "latency", ms: 200 }, 200, "IN_PROGRESS"],
  ];

for (const [what, fault, status, expected] of FAULTS) {
  Deno.test(`S3.9 a start while the video service ${what} answers ${status} and leaves the session ${expected}`, async () => {
    await using world = await createWorld();
    using _ = quiet();
    const { id } = await world.plan();
    const start = async () => {
      const response = await world.ask(
        world.doctor,
        "POST",
        `/api/v1/telemedicine/${id}/start/`,
      );
      await response.body?.cancel();
      return response;
    };
    world.faults.set({ rest: [fault] });
    const broken = await start();
    assert.equal(broken.status, status);
    assert.equal(broken.headers.has("retry-after"), status === 503);
    const { kv } = world.services;
    assert.equal((await findSession(kv, id)).status, expected);
    await assertInvariants(kv);
    // When it is over the same button does what it says, once.
    world.faults.clear();
    if (expected === "SCHEDULED") {
      assert.equal((await start()).status, 200);
      assert.equal((await findSession(kv, id)).status, "IN_PROGRESS");
    }
    await assertInvariants(kv);
  });
}
