import assert from "node:assert/strict";
import { storageFailure } from "@/lib/kv/failure.ts";

const call = (status: string) =>
  `KV Connect failed to call 'http://127.0.0.1:4512/data/atomic_write' (status=${status}): Said so.`;

/** As Deno 2.9.6 says them. */
const PASSING: [message: string, code: string, retryAfterSeconds: number][] = [
  ["database is locked", "storage_busy", 1],
  ["database or disk is full", "storage_unavailable", 60],
  ["disk I/O error", "storage_unavailable", 60],
  ["attempt to write a readonly database", "storage_unavailable", 60],
  [call("401 Unauthorized"), "storage_unavailable", 5],
  [call("429 Too Many Requests"), "storage_unavailable", 5],
  [call("503 Service Unavailable"), "storage_unavailable", 5],
  ["Failed to fetch metadata: gone", "storage_unavailable", 5],
  ["Writes are disabled for this database", "storage_unavailable", 5],
];
for (const [message, code, retryAfterSeconds] of PASSING) {
  Deno.test(`storageFailure() takes "${message}" for ${code}`, () => {
    const failure = storageFailure(new TypeError(message));
    assert.equal(failure?.code, code);
    assert.equal(failure.status, 503);
    assert.equal(failure.retryAfterSeconds, retryAfterSeconds);
  });
}

Deno.test("storageFailure() leaves mistakes of ours alone", () => {
  for (
    const message of [
      call("400 Bad Request"),
      "Value too large (max 65536 bytes)",
      "Expected object",
    ]
  ) {
    assert.equal(storageFailure(new TypeError(message)), null);
  }
  assert.equal(storageFailure("database is locked"), null);
});
