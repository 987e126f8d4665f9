import { createHash, randomBytes } from "node:crypto";
import { newId } from "@/lib/new_id.ts";
import type { Client } from "@/lib/accounts/account.ts";
import { type ChainHead, EMPTY_CHAIN, nextEntry } from "@/lib/audit/chain.ts";
import type { AuditEntry, AuditFacts } from "@/lib/audit/entry.ts";
import { LOST, untilCommitted } from "@/lib/kv/commit.ts";

/** Address and user agent of an entry, kept aside so that they can be erased while the chain still verifies. */
interface ClientRecord {
  salt: string;
  ip: string;
  userAgent: string;
}

const entryKey = (chain: string, seq: number) => ["audit", "e", chain, seq];
const clientKey = (entryId: string) => ["audit", "pii", entryId];
const headKey = (chain: string) => ["audit", "head", chain];

/**
 * Adds an entry to a chain within a commit that also writes the record whose
 * head is given; answers the new head, to be stored in that record. The check
 * that guards the record guards the chain.
 */
export function appendEntry(
  operation: Deno.AtomicOperation,
  chain: string,
  head: ChainHead,
  facts: AuditFacts,
  client: Client | null,
): ChainHead {
  const id = newId();
  const record = client === null ? null : {
    salt: randomBytes(16).toString("hex"),
    ip: client.ip,
    userAgent: client.userAgent,
  };
  const piiHash = record === null ? null : hashClient(record);
  const entry = nextEntry(head, facts, { id, chain, piiHash });
  operation.set(entryKey(chain, entry.seq), entry);
  if (record !== null) operation.set(clientKey(id), record);
  return { auditSeq: entry.seq, auditHash: entry.hash };
}

/** The head of a chain that belongs to no record (an account's, the refusals'). */
export interface FreeHead {
  chain: string;
  entry: Deno.KvEntryMaybe<ChainHead>;
}

/** Reads the head of a chain that belongs to no record, to be written after. */
export async function readHead(kv: Deno.Kv, chain: string): Promise<FreeHead> {
  return { chain, entry: await kv.get<ChainHead>(headKey(chain)) };
}

/** Adds an entry to such a chain within a commit. The commit fails if somebody else was faster. Adds one check. */
export function appendAfter(
  operation: Deno.AtomicOperation,
  { chain, entry }: FreeHead,
  facts: AuditFacts,
  client: Client | null,
): void {
  const head = entry.value ?? EMPTY_CHAIN;
  const next = appendEntry(operation, chain, head, facts, client);
  operation.check(entry).set(entry.key, next);
}

/** Adds an entry to such a chain in a commit of its own. */
export function appendAlone(
  kv: Deno.Kv,
  chain: string,
  facts: AuditFacts,
  client: Client | null,
): Promise<void> {
  return untilCommitted(async () => {
    const operation = kv.atomic();
    appendAfter(operation, await readHead(kv, chain), facts, client);
    const { ok } = await operation.commit();
    return ok ? { ok, value: undefined } : LOST;
  });
}

/** A whole chain, oldest first. */
export async function listChain(
  kv: Deno.Kv,
  chain: string,
): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  const all = kv.list<AuditEntry>({ prefix: ["audit", "e", chain] }, {
    batchSize: 500,
  });
  for await (const { value } of all) entries.push(value);
  return entries;
}

function hashClient({ salt, ip, userAgent }: ClientRecord): string {
  return createHash("sha256").update(`${salt}${ip}\n${userAgent}`).digest(
    "hex",
  );
}
