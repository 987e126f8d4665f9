import assert from "node:assert/strict";
import fc from "fast-check";
import {
  emptyThread,
  otherSeat,
  unreadOf,
  withMessage,
  withRead,
} from "@/lib/messages/thread.ts";
import { type Seat, SEATS } from "@/lib/sessions/session.ts";

const seat = fc.constantFrom<Seat>(...SEATS);
const step = fc.oneof(
  fc.record({ does: fc.constant("write" as const), seat }),
  fc.record({ does: fc.constant("read" as const), seat, which: fc.nat(50) }),
);

Deno.test("what is unread is what the other has written after the mark, whatever happened before", () => {
  fc.assert(fc.property(fc.array(step), (steps) => {
    let thread = emptyThread("visit");
    const written: { id: string; seat: Seat; sent: Record<Seat, number> }[] =
      [];
    const upTo: Record<Seat, number> = { doctor: -1, patient: -1 };
    let revisions = 0;
    for (const step of steps) {
      if (step.does === "write") {
        const id = String(written.length).padStart(5, "0");
        thread = withMessage(thread, { id, seat: step.seat });
        written.push({ id, seat: step.seat, sent: thread.sent });
        revisions++;
      } else if (written.length > 0) {
        const which = step.which % written.length;
        const next = withRead(thread, step.seat, written[which]!, "now");
        // A mark never goes back.
        assert.equal(next !== null, which > upTo[step.seat]);
        if (next === null) continue;
        thread = next;
        upTo[step.seat] = which;
        revisions++;
      }
    }
    for (const seat of SEATS) {
      const unread = written.slice(upTo[seat] + 1)
        .filter((message) => message.seat === otherSeat(seat));
      assert.equal(unreadOf(thread, seat), unread.length);
    }
    assert.equal(thread.lastId, written.at(-1)?.id ?? null);
    assert.equal(thread.rev, revisions);
  }));
});
