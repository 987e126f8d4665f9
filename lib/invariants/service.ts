import type { ChainHead } from "@/lib/audit/chain.ts";
import { listChain } from "@/lib/audit/store.ts";
import type { Account } from "@/lib/accounts/account.ts";
import {
  type Availability,
  upgradeAvailability,
} from "@/lib/calls/availability.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { type StoredCallRequest, upgradeCall } from "@/lib/calls/upgrade.ts";
import {
  availabilityViolations,
  callViolations,
  doctorViolations,
  expectedCallEntries,
  type StoredAvailability,
  type StoredCall,
} from "@/lib/invariants/call_rules.ts";
import {
  expectedUnread,
  type StoredThread,
  threadViolations,
} from "@/lib/invariants/message_rules.ts";
import {
  chainViolations,
  expectedEntries,
  sessionViolations,
  type Violation,
  visitViolations,
} from "@/lib/invariants/rules.ts";
import type { Message } from "@/lib/messages/message.ts";
import type { Thread } from "@/lib/messages/thread.ts";
import type { OutboxRow } from "@/lib/outbox/outbox_row.ts";
import { dutyName } from "@/lib/sessions/duties.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { upgrade } from "@/lib/sessions/upgrade.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** Everything that is derived from sessions, messages and call requests, and nothing else. */
const DERIVED = [
  "session_by_room",
  "session_by_room_sid",
  "sessions_by_visit",
  "sessions_by_doctor",
  "sessions_by_patient",
  "session_active",
  "session_on_demand",
  "session_planned",
  "session_waiting",
  "outbox",
  "message_unread",
  "calls_by_patient",
  "call_waiting",
  "call_offer",
  "call_accepted",
];

/** What was looked at, and what was found. */
export interface InvariantReport {
  sessions: number;
  visits: number;
  calls: number;
  violations: Violation[];
}

/** How often a storage is looked at that is written to meanwhile. */
const LOOKS_MAX = 5;

/**
 * Checks the invariants over the whole storage. On one that is being
 * written to a look may see half of what belongs together: what it finds is
 * believed when it is found again and again.
 */
export async function checkInvariants(
  kv: Deno.Kv,
): Promise<InvariantReport> {
  let report = await look(kv);
  for (let n = 1; n < LOOKS_MAX && report.violations.length > 0; n++) {
    report = await look(kv);
  }
  return report;
}

async function look(kv: Deno.Kv): Promise<InvariantReport> {
  const violations: Violation[] = [];
  const expected = new Map<string, [invariant: string, value: string]>();
  const planned = new Map<string, string[]>();
  const busy = new Map<string, Session[]>();
  let sessions = 0;
  for await (const { value } of kv.list<Session>({ prefix: ["session"] })) {
    const session = upgrade(value);
    sessions++;
    const chain = await listChain(kv, `s:${session.id}`);
    violations.push(...sessionViolations({ session, chain }));
    if (session.status === "SCHEDULED") {
      const { id, visitId } = session;
      planned.set(visitId, [...planned.get(visitId) ?? [], id]);
    }
    if (isBusyWith(session)) {
      const { id: doctorId } = session.doctor;
      busy.set(doctorId, [...busy.get(doctorId) ?? [], session]);
    }
    for (const [invariant, key, entry] of expectedEntries(session)) {
      expected.set(JSON.stringify(key), [invariant, JSON.stringify(entry)]);
    }
  }
  for (const [doctorId, live] of busy) {
    violations.push(...doctorViolations(doctorId, live));
  }
  for await (const stored of readThreads(kv)) {
    violations.push(...threadViolations(stored));
    for (const [key, unread] of expectedUnread(stored)) {
      expected.set(JSON.stringify(key), ["I11", JSON.stringify(unread)]);
    }
  }
  let calls = 0;
  const requests = kv.list<StoredCallRequest>({ prefix: ["call"] });
  for await (const { value } of requests) {
    calls++;
    const call = upgradeCall(value);
    violations.push(...callViolations(await readCall(kv, call)));
    for (const [invariant, key, entry] of expectedCallEntries(call)) {
      expected.set(JSON.stringify(key), [invariant, JSON.stringify(entry)]);
    }
  }
  for await (const stored of readAvailabilities(kv)) {
    violations.push(...availabilityViolations(stored));
  }
  violations.push(...await compare(kv, expected));
  let visits = 0;
  for await (const { value } of kv.list<Visit>({ prefix: ["visit"] })) {
    visits++;
    const chain = await listChain(kv, `v:${value.id}`);
    violations.push(...chainViolations(value.id, chain, value));
    const closing = await kv.get(["visit_closing", value.id]);
    violations.push(...visitViolations({
      visit: value,
      planned: planned.get(value.id) ?? [],
      isClosing: closing.value !== null,
    }));
  }
  const heads = kv.list<ChainHead>({ prefix: ["audit", "head"] });
  for await (const { key, value } of heads) {
    const name = String(key[2]);
    const chain = await listChain(kv, name);
    violations.push(...chainViolations(name, chain, value));
  }
  return { sessions, visits, calls, violations };
}

/** Whether it keeps its doctor from taking a call. */
function isBusyWith({ onDemand, status }: Session): boolean {
  return status === "IN_PROGRESS" || (onDemand && !isOver(status));
}

/** The request with everything that it has to agree with. */
async function readCall(kv: Deno.Kv, call: CallRequest): Promise<StoredCall> {
  const [visit, session, last, underWay, account] = await kv.getMany<
    [Visit, Session, string, string, Account]
  >([
    ["visit", call.visitId ?? ""],
    ["session", call.sessionId ?? ""],
    ["call_last", call.patient.id],
    ["call_under_way", call.id],
    ["account", call.offer?.doctorId ?? ""],
  ]);
  return {
    call,
    chain: await listChain(kv, `c:${call.id}`),
    visit: visit.value,
    session: session.value === null ? null : upgrade(session.value),
    lastId: last.value,
    underWayId: underWay.value,
    ringsAtDoctor: call.offer === null
      ? null
      : account.value?.role === "doctor",
  };
}

/** Who takes calls, with everything that it has to agree with. */
async function* readAvailabilities(
  kv: Deno.Kv,
): AsyncGenerator<StoredAvailability> {
  const stored = kv.list<Availability>({ prefix: ["doctor_availability"] });
  for await (const { value } of stored) {
    const { id } = value.doctor;
    yield {
      availability: upgradeAvailability(value),
      isDoctor: (await kv.get<Account>(["account", id])).value?.role ===
        "doctor",
      chain: await listChain(kv, `u:${id}`),
    };
  }
}

/** The messages of each visit, with everything that they have to agree with. */
async function* readThreads(kv: Deno.Kv): AsyncGenerator<StoredThread> {
  const written = new Map<string, Message[]>();
  for await (const { value } of kv.list<Message>({ prefix: ["message"] })) {
    const messages = written.get(value.visitId) ?? [];
    messages.push(value);
    written.set(value.visitId, messages);
  }
  const threads = kv.list<Thread>({ prefix: ["message_thread"] });
  for await (const { value: thread } of threads) {
    const { visitId } = thread;
    const visit = (await kv.get<Visit>(["visit", visitId])).value;
    const chain = await listChain(kv, `m:${visitId}`);
    const messages = written.get(visitId) ?? [];
    written.delete(visitId);
    yield { visitId, thread, visit, messages, chain };
  }
  for (const [visitId, messages] of written) {
    yield { visitId, thread: null, visit: null, messages, chain: [] };
  }
}

/** What is stored besides the records, against what should be. */
async function compare(
  kv: Deno.Kv,
  expected: Map<string, [invariant: string, value: string]>,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const prefix of DERIVED) {
    for await (const { key, value } of kv.list({ prefix: [prefix] })) {
      const where = JSON.stringify(key);
      const known = expected.get(where);
      expected.delete(where);
      const invariant = prefix === "outbox" ? "I7" : "I8";
      // Of a promise only that it is there counts, not how often it was tried.
      const said = prefix === "outbox" ? dutyName(value as OutboxRow) : value;
      if (known === undefined) {
        violations.push({ invariant, where, what: "belongs to nothing" });
      } else if (known[1] !== JSON.stringify(said)) {
        violations.push({ invariant, where, what: "says something else" });
      }
    }
  }
  for (const [where, [invariant]] of expected) {
    violations.push({ invariant, where, what: "is missing" });
  }
  return violations;
}
