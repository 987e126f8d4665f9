import { type ListQuery, listSessions } from "@/lib/sessions/service.ts";
import type { Row } from "./row.ts";
import {
  type Clinic,
  createClinic,
  instantServices,
} from "./support/clinic.ts";
import { compare, median } from "./support/compare.ts";
import { openStorage } from "./support/storage.ts";

/** How much is measured. */
export interface ListOptions {
  few?: number;
  many?: number;
  calls?: number;
  rounds?: number;
}

/** A page of a list, and as many sessions as each visit has: every list measured is of the same length. */
const PAGE = 50;

/**
 * A page of 50 sessions where many are stored, against one where few are. All
 * are the same doctor's, the worst there can be: what a page costs must not
 * depend on what else is in the index it is read from.
 */
export async function measureList(
  { few = 1_000, many = 100_000, calls = 100, rounds = 5 }: ListOptions = {},
): Promise<Row[]> {
  await using small = await openStorage();
  await using large = await openStorage();
  const clinics = {
    small: await fill(small.kv, few),
    large: await fill(large.kv, many),
  };
  const lists: [
    what: string,
    calls: number,
    query: (clinic: Clinic) => ListQuery,
  ][] = [
    ["a doctor's newest 50", calls, () => ({ limit: PAGE })],
    // Far fewer calls, so that it ends in time when each reads the whole index.
    ["the 50 of one visit", Math.ceil(calls / 50), ({ bookings }) => ({
      limit: PAGE,
      visitId: bookings[0]!.visitId,
    })],
  ];
  const rows: Row[] = [];
  for (const [what, calls, query] of lists) {
    const time = (kv: Deno.Kv, clinic: Clinic) =>
      milliseconds(calls, async () => {
        const services = instantServices(kv);
        const page = await listSessions(services, clinic.doctor, query(clinic));
        if (page.sessions.length !== PAGE) throw new Error("not a whole page");
      });
    rows.push({
      what: `list of sessions, ${what}, of ${many.toLocaleString("en")}`,
      unit: "ms",
      target: { atMost: 1.2 },
      note: `of ${few.toLocaleString("en")}`,
      ...await compare(
        rounds,
        () => time(large.kv, clinics.large),
        () => time(small.kv, clinics.small),
      ),
    });
  }
  return rows;
}

function fill(kv: Deno.Kv, sessions: number): Promise<Clinic> {
  return createClinic(instantServices(kv), {
    patients: sessions / PAGE,
    sessionsEach: PAGE,
  });
}

/** What one call takes, one after the other: their median. */
async function milliseconds(
  calls: number,
  call: () => Promise<void>,
): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < calls; n++) {
    const begin = performance.now();
    await call();
    times.push(performance.now() - begin);
  }
  return median(times);
}
