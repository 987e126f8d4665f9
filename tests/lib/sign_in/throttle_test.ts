import assert from "node:assert/strict";
import {
  ACCOUNT_PATIENCE,
  type Failures,
  waitSeconds,
  withFailure,
} from "@/lib/sign_in/throttle.ts";
import { NOON } from "../../support/noon.ts";

const after = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

function failures(count: number): Failures | null {
  let failed: Failures | null = null;
  for (let i = 0; i < count; i++) {
    failed = withFailure(failed, ACCOUNT_PATIENCE, NOON);
  }
  return failed;
}

Deno.test("waitSeconds() lets people mistype, then doubles up to a quarter of an hour", () => {
  const waits = [0, 1, 4, 5, 6, 7, 14, 100].map((count) =>
    waitSeconds(failures(count), ACCOUNT_PATIENCE, NOON)
  );
  assert.deepEqual(waits, [0, 0, 0, 2, 4, 8, 900, 900]);
});

Deno.test("waitSeconds() runs out: nobody is locked out for good", () => {
  assert.equal(waitSeconds(failures(100), ACCOUNT_PATIENCE, after(899)), 1);
  assert.equal(waitSeconds(failures(100), ACCOUNT_PATIENCE, after(900)), 0);
});

Deno.test("withFailure() forgets after an hour", () => {
  assert.equal(
    withFailure(failures(9), ACCOUNT_PATIENCE, after(3601)).count,
    1,
  );
});
