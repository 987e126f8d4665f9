import assert from "node:assert/strict";
import fc from "fast-check";
import { backoffMs, newRow, postponed } from "@/lib/outbox/outbox_row.ts";
import type { DutyKind } from "@/lib/sessions/duties.ts";
import { NOON } from "../../support/noon.ts";

const anyChance = fc.double({ min: 0, max: 1, noNaN: true });
const anyKind = fc.constantFrom<DutyKind>(
  "room.open",
  "room.close",
  "participant.remove",
  "recording.switch",
  "recording.compose",
  "recording.erase",
);

const wait = (row: { dueAt: string }) => Date.parse(row.dueAt) - NOON.getTime();

Deno.test("backoffMs() doubles from a second to a minute, give or take a fifth", () => {
  assert.deepEqual(
    Array.from({ length: 9 }, (_, i) => backoffMs(i + 1, 0.5)),
    [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000),
  );
  fc.assert(fc.property(
    fc.nat({ max: 10_000 }),
    anyChance,
    (attempts, chance) => {
      const middle = backoffMs(attempts, 0.5);
      const delay = backoffMs(attempts, chance);
      assert(Number.isInteger(delay));
      assert(delay >= Math.floor(0.8 * middle), `${delay} of ${middle}`);
      assert(delay <= Math.ceil(1.2 * middle), `${delay} of ${middle}`);
      assert(delay >= 800 && delay <= 72_000, String(delay));
      assert(backoffMs(attempts + 1, chance) >= delay);
    },
  ));
});

Deno.test("newRow() is due at once, but for what the request itself tries first", () => {
  fc.assert(fc.property(anyKind, (kind) => {
    const row = newRow("s", { kind, subject: "" }, NOON);
    assert.equal(row.since, NOON.toISOString());
    assert.equal(row.attempts, 0);
    assert.equal(
      wait(row),
      kind === "room.open" ? 6_000 : kind === "room.close" ? 3_000 : 0,
    );
  }));
});

Deno.test("postponed() counts the attempt, and waits as long as it has to, but never past the deadline", () => {
  const anyDelay = fc.record({
    chance: anyChance,
    atLeastMs: fc.nat({ max: 4_000_000 }),
    deadline: fc.option(
      fc.nat({ max: 100_000 }).map((ms) =>
        new Date(NOON.getTime() + ms).toISOString()
      ),
      { nil: undefined },
    ),
  });
  fc.assert(fc.property(
    anyKind,
    fc.nat({ max: 30 }),
    anyDelay,
    (kind, attempts, delay) => {
      const row = {
        ...newRow("s", { kind, subject: "x" }, NOON),
        attempts,
      };
      const later = postponed(row, NOON, delay);
      const { attempts: counted, dueAt, ...rest } = later;
      assert.equal(counted, attempts + 1);
      assert.deepEqual({ ...row, ...rest }, row, "nothing else changes");
      const wanted = Math.max(
        delay.atLeastMs,
        backoffMs(counted, delay.chance),
      );
      const most = delay.deadline === undefined
        ? Infinity
        : Date.parse(delay.deadline) - NOON.getTime();
      assert.equal(wait({ dueAt }), Math.min(wanted, most));
    },
  ));
});
