import assert from "node:assert/strict";
import { sharedRead } from "@/lib/shared_read.ts";

/** A source whose readings end when told to. */
function source() {
  const readings: PromiseWithResolvers<string>[] = [];
  const read = sharedRead((_from: object) => {
    const reading = Promise.withResolvers<string>();
    readings.push(reading);
    return reading.promise;
  });
  return { readings, read, from: {} };
}

Deno.test("whoever asks during a reading shares the next one, which begins after they asked", async () => {
  const { readings, read, from } = source();
  const first = read(from);
  const others = [read(from), read(from), read(from)];
  assert.equal(readings.length, 1);
  readings[0]!.resolve("old");
  assert.equal(await first, "old");
  await Promise.resolve();
  assert.equal(readings.length, 2);
  const last = read(from);
  readings[1]!.resolve("new");
  assert.deepEqual(await Promise.all(others), ["new", "new", "new"]);
  await Promise.resolve();
  readings[2]!.resolve("newest");
  assert.equal(await last, "newest");
  const alone = read(from);
  assert.equal(readings.length, 4);
  readings[3]!.resolve("alone");
  assert.equal(await alone, "alone");
});

Deno.test("a reading that fails fails for those who share it, and for nobody after", async () => {
  const { readings, read, from } = source();
  const first = read(from);
  const second = read(from);
  readings[0]!.reject(new Error("down"));
  await assert.rejects(first, /down/);
  await Promise.resolve();
  readings[1]!.resolve("up");
  assert.equal(await second, "up");
});

Deno.test("two sources have nothing to do with each other", async () => {
  const { readings, read } = source();
  const both = [read({}), read({})];
  assert.equal(readings.length, 2);
  readings.forEach(({ resolve }, i) => resolve(String(i)));
  assert.deepEqual(await Promise.all(both), ["0", "1"]);
});
