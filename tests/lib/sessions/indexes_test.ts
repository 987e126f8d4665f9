import fc from "fast-check";
import assert from "node:assert/strict";
import {
  indexChanges,
  indexesOf,
  type IndexRow,
} from "@/lib/sessions/indexes.ts";
import { SessionStatus } from "@/lib/sessions/session.ts";
import { aSession } from "../../support/fixtures.ts";

const anySession = fc.record({
  status: fc.constantFrom(...SessionStatus.options),
  scheduledStart: fc.constantFrom(
    "2026-11-23T12:00:00.000Z",
    "2026-11-24T12:00:00.000Z",
  ),
  roomSid: fc.constantFrom(null, "RM1", "RM2"),
  presence: fc.constantFrom(
    { doctor: null, patient: null },
    {
      doctor: null,
      patient: { state: "waiting" as const, at: "2026-11-23T12:00:00.000Z" },
    },
  ),
}).map((about) => aSession(about));

function byKey(rows: IndexRow[]): Map<string, unknown> {
  return new Map(rows.map(([key, value]) => [key.join("/"), value]));
}

Deno.test("indexChanges() makes of the rows before exactly the rows after", () => {
  fc.assert(
    fc.property(
      fc.option(anySession),
      anySession,
      (before, after) => {
        const rows = byKey(before === null ? [] : indexesOf(before));
        const { set, gone } = indexChanges(before, after);
        for (const [key, value] of set) rows.set(key.join("/"), value);
        for (const key of gone) assert(rows.delete(key.join("/")));
        assert.deepEqual(rows, byKey(indexesOf(after)));
      },
    ),
  );
});

Deno.test("indexChanges() touches nothing that stays as it is", () => {
  const session = aSession({ status: "SCHEDULED" });
  assert.deepEqual(
    indexChanges(session, { ...session, notes: "More", rev: 2 }),
    { set: [], gone: [] },
  );
});
