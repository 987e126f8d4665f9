import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ChainHead,
  EMPTY_CHAIN,
  findFault,
  nextEntry,
} from "@/lib/audit/chain.ts";
import type { AuditEntry, AuditFacts } from "@/lib/audit/entry.ts";
import { SYSTEM_ACTOR } from "@/lib/audit/facts.ts";

const FACTS: AuditFacts = {
  at: "2026-11-21T12:00:00.000Z",
  actor: SYSTEM_ACTOR,
  action: "session.start",
  outcome: "success",
  code: null,
  target: { type: "session", id: "s1" },
  visitId: "v1",
  patientId: "p1",
  change: { from: "SCHEDULED", to: "IN_PROGRESS" },
  reason: null,
  requestId: "r1",
};

function chainOf(length: number): { entries: AuditEntry[]; head: ChainHead } {
  const entries: AuditEntry[] = [];
  let head = EMPTY_CHAIN;
  for (let i = 1; i <= length; i++) {
    const entry = nextEntry(head, FACTS, {
      id: `e${i}`,
      chain: "s:s1",
      piiHash: null,
    });
    entries.push(entry);
    head = { auditSeq: entry.seq, auditHash: entry.hash };
  }
  return { entries, head };
}

Deno.test("S3.38 findFault() accepts a chain that nobody touched", () => {
  for (const length of [0, 1, 5]) {
    const { entries, head } = chainOf(length);
    assert.equal(findFault(entries, head), null);
  }
});

Deno.test("nextEntry() hashes the canonical JSON after a zero byte", async () => {
  const [entry] = chainOf(1).entries;
  // Sorted keys by hand: what RFC 8785 asks for.
  const { hash, ...content } = entry!;
  const sorted = (value: unknown): unknown =>
    value === null || typeof value !== "object" ? value : Object.fromEntries(
      Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  const bytes = new TextEncoder().encode(
    "\0" + JSON.stringify(sorted(content)),
  );
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  assert.equal(new Uint8Array(digest).toHex(), hash);
});

Deno.test("findFault() finds every kind of tampering", () => {
  const length = 6;
  const tampering = fc.record({
    at: fc.integer({ min: 0, max: length - 1 }),
    how: fc.constantFrom("change", "drop", "swap", "rehash", "truncate"),
  });
  fc.assert(fc.property(tampering, ({ at, how }) => {
    const { entries, head } = chainOf(length);
    const entry = entries[at]!;
    switch (how) {
      case "change":
        entries[at] = { ...entry, outcome: "denied" };
        break;
      case "drop":
        entries.splice(at, 1);
        break;
      case "swap": {
        const other = (at + 1) % length;
        [entries[at], entries[other]] = [entries[other]!, entry];
        break;
      }
      case "rehash":
        entries[at] = nextEntry(
          { auditSeq: entry.seq - 1, auditHash: entry.prev },
          { ...FACTS, outcome: "denied" },
          entry,
        );
        break;
      case "truncate":
        entries.length = at;
    }
    assert.notEqual(findFault(entries, head), null, how);
  }));
});
