import assert from "node:assert/strict";
import { checkInvariants } from "@/lib/invariants/service.ts";

/** Fails when anything stored contradicts anything else (`lib/invariants/rules.ts`). */
export async function assertInvariants(kv: Deno.Kv): Promise<void> {
  assert.deepEqual((await checkInvariants(kv)).violations, []);
}
