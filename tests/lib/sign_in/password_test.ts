import assert from "node:assert/strict";
import { hashPassword, verifyPassword } from "@/lib/sign_in/password.ts";

Deno.test("hashPassword() makes a PHC string that only the password fits", async () => {
  const phc = await hashPassword("correct horse");
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert(await verifyPassword("correct horse", phc));
  assert(!await verifyPassword("Correct horse", phc));
  assert.notEqual(await hashPassword("correct horse"), phc);
});

Deno.test("verifyPassword() reads scrypt too, as runtimes without Argon2 write it", async () => {
  const { scryptSync } = await import("node:crypto");
  const salt = new Uint8Array(16).fill(7);
  const hash = scryptSync("pw", salt, 32, { N: 2 ** 12, r: 8, p: 1 });
  const text = (bytes: Uint8Array) => bytes.toBase64({ omitPadding: true });
  const phc = `$scrypt$ln=12,r=8,p=1$${text(salt)}$${
    text(new Uint8Array(hash))
  }`;
  assert(await verifyPassword("pw", phc));
  assert(!await verifyPassword("wp", phc));
});

Deno.test("verifyPassword() refuses what is not a PHC string", async () => {
  await assert.rejects(verifyPassword("pw", "plain"), TypeError);
});

Deno.test("hashPassword() serves a crowd two at a time", async () => {
  const hashes = await Promise.all(
    Array.from({ length: 6 }, () => hashPassword("pw")),
  );
  assert.equal(new Set(hashes).size, 6);
});

Deno.test("hashPassword() sends away whoever would have to wait for too many others", async () => {
  const crowd = await Promise.allSettled(
    Array.from({ length: 35 }, () => hashPassword("pw")),
  );
  const refused = crowd.filter(({ status }) => status === "rejected");
  // Two at work, thirty in line.
  assert.equal(refused.length, 3);
  for (const one of refused) {
    assert.equal((one as PromiseRejectedResult).reason.code, "rate_limited");
  }
});
