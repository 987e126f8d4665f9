import type { Services } from "@/lib/services.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import type { Row } from "./row.ts";
import {
  type Clinic,
  createClinic,
  instantServices,
} from "./support/clinic.ts";
import { compare } from "./support/compare.ts";
import {
  type Commit,
  interceptCommits,
  operationOf,
} from "./support/intercept.ts";
import { openStorage } from "./support/storage.ts";

/** How much is measured. */
export interface CommitsOptions {
  sessions?: number;
  rounds?: number;
  /** How many sessions are under way at the same time. */
  atOnce?: number[];
}

/** Everything that one run of the app committed. */
interface Script {
  /** What was there before the first session started. */
  before: Commit[];
  /** For each session, the commits of its start and its end. */
  sessions: Commit[][];
}

/**
 * Starting and ending a session, with everything that is read, decided,
 * checked, hashed and audited for it, against the bare commits: the very keys
 * and values that the app wrote in a rehearsal, written again without reading
 * or checking anything. Both write to a new SQLite file each time, into which
 * the sessions were planned beforehand. The video service answers at once,
 * because the row is about the app and its commits.
 */
export async function measureCommits(
  { sessions = 150, rounds = 5, atOnce = [1, 16] }: CommitsOptions = {},
): Promise<Row[]> {
  const script = await rehearse(sessions);
  const rows: Row[] = [];
  for (const width of atOnce) {
    const comparison = await compare(
      rounds,
      () => runApp(sessions, width),
      () => runScript(script, width),
    );
    rows.push({
      what: `session start + end with audit, ${width} at once`,
      unit: "sessions/s",
      target: { atLeast: 0.6 },
      note: "bare commits",
      ...comparison,
    });
  }
  return rows;
}

/** One patient, one visit, one session: nothing waits for anything else. */
function plan(services: Services, sessions: number): Promise<Clinic> {
  return createClinic(services, { patients: sessions, sessionsEach: 1 });
}

async function hold(services: Services, { doctor }: Clinic, id: string) {
  await startSession(services, doctor, id);
  await endSession(services, doctor, id);
}

const idsOf = ({ bookings }: Clinic) =>
  bookings.flatMap(({ sessions }) => sessions.map(({ id }) => id));

async function rehearse(sessions: number): Promise<Script> {
  using kv = await Deno.openKv(":memory:");
  let written: Commit[] = [];
  const services = instantServices(
    interceptCommits(kv, (commit) => {
      written.push(commit);
      return operationOf(kv, commit).commit();
    }),
  );
  const clinic = await plan(services, sessions);
  const before = written;
  const script: Script = { before, sessions: [] };
  for (const id of idsOf(clinic)) {
    written = [];
    await hold(services, clinic, id);
    script.sessions.push(written);
  }
  return script;
}

async function runApp(sessions: number, atOnce: number): Promise<number> {
  await using storage = await openStorage();
  const services = instantServices(storage.kv);
  const clinic = await plan(services, sessions);
  return await perSecond(
    idsOf(clinic),
    atOnce,
    (id) => hold(services, clinic, id),
  );
}

async function runScript(script: Script, atOnce: number): Promise<number> {
  await using storage = await openStorage();
  const write = ({ mutations }: Commit) =>
    operationOf(storage.kv, { checks: [], mutations }).commit();
  for (const commit of script.before) await write(commit);
  return await perSecond(script.sessions, atOnce, async (commits) => {
    for (const commit of commits) await write(commit);
  });
}

/** How many items per second are worked off, so many at the same time. */
async function perSecond<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<number> {
  const waiting = items.values();
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
  return items.length / (performance.now() - begin) * 1000;
}
