import assert from "node:assert/strict";
import { findFault } from "@/lib/audit/chain.ts";
import { listChain } from "@/lib/audit/store.ts";
import type { Session } from "@/lib/sessions/session.ts";

/**
 * What holds of the whole storage at any time (`shared/reference/security.md`
 * 3.1): every session's revision, chain, indexes and its place as the running
 * one of its visit agree with its record.
 */
export async function assertInvariants(kv: Deno.Kv): Promise<void> {
  const expected = new Map<string, unknown>();
  for await (
    const { value: session } of kv.list<Session>({ prefix: ["session"] })
  ) {
    const chain = await listChain(kv, `s:${session.id}`);
    assert.equal(findFault(chain, session), null, session.id);
    // One entry and one revision for every commit.
    assert.equal(session.auditSeq, session.rev);
    assertReplays(session, chain);
    const { id, visitId, status, scheduledStart, doctor, patient } = session;
    const listed = { id, status };
    const expect = (key: Deno.KvKey, value: unknown) =>
      expected.set(JSON.stringify(key), value);
    expect(["session_by_room", session.roomName], id);
    expect(["sessions_by_visit", visitId, scheduledStart, id], listed);
    expect(["sessions_by_doctor", doctor.id, scheduledStart, id], listed);
    expect(["sessions_by_patient", patient.id, scheduledStart, id], listed);
    if (status === "IN_PROGRESS") expect(["session_active", visitId], id);
  }
  const actual = new Map<string, unknown>();
  for (
    const prefix of [
      "session_by_room",
      "sessions_by_visit",
      "sessions_by_doctor",
      "sessions_by_patient",
      "session_active",
    ]
  ) {
    for await (const { key, value } of kv.list({ prefix: [prefix] })) {
      actual.set(JSON.stringify(key), value);
    }
  }
  assert.deepEqual(
    Object.fromEntries([...actual].sort()),
    Object.fromEntries([...expected].sort()),
  );
}

/** The status changes in the chain form the path to the record's status. */
function assertReplays(
  session: Session,
  chain: Awaited<ReturnType<typeof listChain>>,
): void {
  let status = "none";
  for (const { change } of chain) {
    if (change === null) continue;
    assert.equal(change.from, status, session.id);
    status = change.to;
  }
  assert.equal(status, session.status, session.id);
}
