/** How callbacks are delivered: late, twice, shuffled, lost, again. */
import {
  admit,
  isLost,
  NORMAL_DELIVERY,
  shuffled,
} from "@/lib/twilio_emulator/callbacks/policy.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { SANITIZED, serveEmulator } from "./harness.ts";
import { names, serveReceiver } from "./hook_server.ts";

/** Numbers from 0 up to 1, the same ones in each run. */
function randomOf(numbers: readonly number[]): () => number {
  let next = 0;
  return () => numbers[next++ % numbers.length]!;
}

const chances = fc.array(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  { minLength: 1 },
);

Deno.test("callback policy: nothing is lost, added or moved far", () => {
  fc.assert(fc.property(
    fc.nat(60),
    fc.integer({ min: 1, max: 4 }),
    fc.nat(12),
    chances,
    (count, copies, shuffle, numbers) => {
      const policy = { ...NORMAL_DELIVERY, copies, shuffle };
      const random = randomOf(numbers);
      let held: readonly number[] = [];
      const sent: number[] = [];
      for (let callback = 0; callback < count; callback++) {
        const next = admit(policy, held, callback, random);
        sent.push(...next.send);
        held = next.held;
        // No more is held back than was asked for.
        assert.ok(held.length < Math.max(shuffle, 1));
      }
      sent.push(...shuffled(held, random));
      const expected = Array.from(
        { length: count * copies },
        (_, index) => Math.floor(index / copies),
      );
      assert.deepEqual([...sent].sort((a, b) => a - b), expected);
      if (shuffle < 2) assert.deepEqual(sent, expected);
      for (const [index, callback] of sent.entries()) {
        const distance = Math.abs(expected.indexOf(callback) - index);
        assert.ok(distance < Math.max(shuffle, 0) + 2 * copies);
      }
    },
  ));
});

Deno.test("callback policy: what is lost", () => {
  const lose = (lose: number | string[], event: string) =>
    isLost({ ...NORMAL_DELIVERY, lose }, event, () => 0.5);
  assert.equal(lose(0, "room-ended"), false);
  assert.equal(lose(1, "room-ended"), true);
  assert.equal(lose(0.4, "room-ended"), false);
  assert.equal(lose(0.6, "room-ended"), true);
  assert.equal(lose(["room-ended"], "room-ended"), true);
  assert.equal(lose(["room-ended"], "room-created"), false);
});

/** Opens and ends a room whose callbacks go to the receiver. */
async function openAndEnd(
  served: ReturnType<typeof serveEmulator>,
  statusCallback: string,
): Promise<void> {
  const { rooms } = served.client.video.v1;
  const { sid } = await rooms.create({ statusCallback });
  await rooms(sid).update({ status: "completed" });
}

Deno.test("callbacks: delayed", SANITIZED, async () => {
  await using receiver = serveReceiver();
  await using served = serveEmulator({ callbackDelivery: { delayMs: 150 } });
  const start = performance.now();
  await openAndEnd(served, receiver.url);
  await served.emulator.callbacksSent();
  assert.ok(performance.now() - start >= 149);
  assert.deepEqual(names(receiver.received), ["room-created", "room-ended"]);
  // As of when it happened, not of when it was sent.
  const [first, last] = receiver.received;
  const sent = Date.parse(first!.params.Timestamp!);
  assert.ok(Date.parse(last!.params.Timestamp!) - sent < 150);
});

Deno.test("callbacks: duplicated", SANITIZED, async () => {
  await using receiver = serveReceiver();
  await using served = serveEmulator();
  served.emulator.faults.callbacks({ copies: 2 });
  await openAndEnd(served, receiver.url);
  await served.emulator.callbacksSent();
  assert.deepEqual(names(receiver.received), [
    "room-created",
    "room-created",
    "room-ended",
    "room-ended",
  ]);
  assert.deepEqual(
    receiver.received.map(({ params }) => params.SequenceNumber),
    ["0", "0", "1", "1"],
  );
  const tokens = receiver.received.map(({ token }) => token);
  assert.equal(tokens[0], tokens[1]);
  assert.notEqual(tokens[1], tokens[2]);
});

Deno.test("callbacks: out of order, and all there", SANITIZED, async () => {
  await using receiver = serveReceiver();
  await using served = serveEmulator({ callbackDelivery: { shuffle: 50 } });
  const { rooms } = served.client.video.v1;
  const { sid } = await rooms.create({ statusCallback: receiver.url });
  // What waits to be shuffled is sent in the end, also when nothing follows.
  await served.emulator.callbacksSent();
  assert.deepEqual(names(receiver.received), ["room-created"]);
  await rooms(sid).update({ status: "completed" });
  await served.emulator.callbacksSent();
  assert.equal(receiver.received.length, 2);
});

Deno.test("callbacks: lost, by name and by chance", SANITIZED, async () => {
  await using receiver = serveReceiver();
  await using served = serveEmulator({
    callbackDelivery: { lose: ["room-created"] },
  });
  await openAndEnd(served, receiver.url);
  await served.emulator.callbacksSent();
  assert.deepEqual(names(receiver.received), ["room-ended"]);
  assert.equal(receiver.received[0]!.params.SequenceNumber, "1");
  served.emulator.faults.callbacks({ lose: 1 });
  await openAndEnd(served, receiver.url);
  await served.emulator.callbacksSent();
  assert.equal(receiver.received.length, 1);
  // Cleared faults go back to what the options say.
  served.emulator.faults.clear();
  await openAndEnd(served, receiver.url);
  await served.emulator.callbacksSent();
  assert.deepEqual(names(receiver.received), ["room-ended", "room-ended"]);
});

Deno.test("callbacks: tried again with the same token", SANITIZED, async () => {
  const statuses = [503, 500, 204, 404];
  await using receiver = serveReceiver(
    () => 0,
    (count) => statuses[count] ?? 204,
  );
  await using served = serveEmulator({ callbackRetries: 2 });
  await openAndEnd(served, receiver.url);
  await served.emulator.callbacksSent();
  // What the receiver refuses with 4xx is not sent again.
  assert.deepEqual(names(receiver.received), [
    "room-created",
    "room-created",
    "room-created",
    "room-ended",
  ]);
  const tokens = receiver.received.map(({ token }) => token);
  assert.equal(new Set(tokens.slice(0, 3)).size, 1);
  assert.notEqual(tokens[3], tokens[0]);
  assert.ok(receiver.received.every(({ valid }) => valid));
});
