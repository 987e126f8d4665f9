import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import {
  type AuditEntry,
  type AuditFacts,
  GENESIS,
} from "@/lib/audit/entry.ts";

/** The tail of a chain: how long it is and the hash of its last entry. */
export interface ChainHead {
  auditSeq: number;
  auditHash: string;
}

/** The head of a chain nothing was written to yet. */
export const EMPTY_CHAIN: ChainHead = { auditSeq: 0, auditHash: GENESIS };

/** What identifies an entry besides what it says. */
export interface EntryIdentity {
  /** A ULID. */
  id: string;
  chain: string;
  piiHash: string | null;
}

/** SHA-256 over 0x00 and the canonical JSON (RFC 8785) of the entry without its hash; lower-case hexadecimal. */
export function hashEntry(entry: Omit<AuditEntry, "hash">): string {
  const { hash: _, ...content } = entry as AuditEntry;
  const json = canonicalize(content);
  if (json === undefined) {
    throw new TypeError("Cannot hash an entry that is no JSON value");
  }
  return createHash("sha256").update("\0").update(json).digest("hex");
}

/** The next entry of a chain. */
export function nextEntry(
  head: ChainHead,
  { at, ...facts }: AuditFacts,
  identity: EntryIdentity,
): AuditEntry {
  const content = {
    v: 1 as const,
    ...identity,
    ...facts,
    seq: head.auditSeq + 1,
    prev: head.auditHash,
    ts: at,
  };
  return { ...content, hash: hashEntry(content) };
}

/** What is wrong with a chain, and at which entry (from 1). */
export interface ChainFault {
  seq: number;
  fault: "gap" | "link" | "hash" | "tail";
}

/**
 * Checks a whole chain, oldest first, against the head kept with the record.
 * Answers the first fault, or null: a gap in the numbers, a broken link, a
 * changed entry, or a tail that is not the head's.
 */
export function findFault(
  entries: readonly AuditEntry[],
  head: ChainHead,
): ChainFault | null {
  let prev = EMPTY_CHAIN;
  for (const entry of entries) {
    const seq = prev.auditSeq + 1;
    if (entry.seq !== seq) return { seq, fault: "gap" };
    if (entry.prev !== prev.auditHash) return { seq, fault: "link" };
    if (hashEntry(entry) !== entry.hash) return { seq, fault: "hash" };
    prev = { auditSeq: seq, auditHash: entry.hash };
  }
  const isTail = prev.auditSeq === head.auditSeq &&
    prev.auditHash === head.auditHash;
  return isTail ? null : { seq: head.auditSeq, fault: "tail" };
}
