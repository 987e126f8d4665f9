import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { listHistory } from "@/lib/sessions/store.ts";
import { upgrade } from "@/lib/sessions/upgrade.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { assertInvariants } from "../support/invariants.ts";
import {
  type CommitResult,
  handledKv,
  type KvHandling,
  type Write,
} from "../support/handled_kv.ts";
import type { Call, History, Version } from "../support/linearizability.ts";
import { quiet } from "../support/quiet.ts";
import { randomOf } from "../support/random.ts";
import { createWorld, type Person, type World } from "../support/world.ts";

/** How a crowd of clients goes about it. */
export interface Crowd {
  seed: number;
  /** For how long. */
  ms: number;
  /** What is wrong with the storage, and must be found out. */
  defect?: "forgets checks" | "reads what was";
}

const CLIENTS = 20;
/** Few, so that they meet. */
const POOL = 4;
const BASE = "/api/v1/telemedicine/";

/** Chance of a commit that goes wrong, and of a client that hangs up. */
const COMMIT_FAULTS = 0.015;
const HANG_UPS = 0.02;

/** What clients ask for, by how often. */
const WISHES = {
  start: 4,
  end: 2,
  cancel: 1,
  leave: 3,
  token: 6,
  read: 6,
  list: 1,
  create: 1,
};
type Wish = keyof typeof WISHES;
const LOTS = Object.entries(WISHES)
  .flatMap(([wish, count]) => Array<Wish>(count).fill(wish as Wish));

/** A call, and what its answer showed; that is compared with the states when all are known. */
type Answered = Omit<Call, "looksLike"> & {
  sessionId: string;
  shown: { role: "doctor" | "patient"; view: string } | string[] | null;
};

/**
 * Lets twenty clients loose on the app over HTTP, while commits and the video
 * service fail now and then and two processes reconcile, and answers the
 * history of each session.
 */
export async function runCrowd(
  { seed, ms, defect }: Crowd,
): Promise<History[]> {
  using _ = quiet();
  await using world = await createWorld();
  const commits: { versionstamp: string; session: Session; by: string }[] = [];
  const random = randomOf(seed);
  const faults = { on: true };
  const { kv } = world.services;
  world.services.kv = handledKv(kv, {
    dropsChecks: defect === "forgets checks",
    read: defect === "reads what was" ? late() : (_, run) => run(),
    commit: async (writes, run) => {
      const lot = faults.on ? random() / COMMIT_FAULTS : 1;
      if (lot < 1 / 3) throw new TypeError("database is locked");
      if (lot < 2 / 3) throw new Error("disk is full");
      const result = await run();
      if (result.ok) commits.push(...committed(writes, result));
      if (lot < 1) throw new Error("no answer");
      return result;
    },
  });
  world.faults.set({
    rest: [
      { kind: "error", status: 500, probability: 0.1 },
      { kind: "truncate", probability: 0.05 },
    ],
  });
  const deadline = performance.now() + ms;
  const isOn = () => performance.now() < deadline;
  const pool: string[] = [];
  const answered: Answered[] = [];
  const clients = Array.from({ length: CLIENTS }, async (_, n) => {
    const client = new Client(world, n % 2 === 0, randomOf(seed + n), pool);
    while (isOn()) answered.push(...await client.asks());
  });
  const workers = ["one", "two"].map(async (owner) => {
    while (isOn()) {
      world.pass(2);
      for (const one of RECONCILERS) {
        await reconcile(world.services, one, owner);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  await Promise.all([...clients, ...workers]);
  faults.on = false;
  world.faults.clear();
  if (defect === undefined) await assertInvariants(kv);
  commits.sort((a, b) => a.versionstamp < b.versionstamp ? -1 : 1);
  const states = Map.groupBy(commits, ({ session }) => session.id);
  const calls = Map.groupBy(answered, ({ sessionId }) => sessionId);
  return await Promise.all(
    [...states].map(async ([id, states]) => ({
      calls: compared(world, calls.get(id) ?? [], states),
      commits: states.map(({ session, by }) => versionOf(session, by)),
      audit: await auditOf(kv, id),
    })),
  );
}

/** Answers every read with what the one before has found. */
function late(): KvHandling["read"] {
  const before = new Map<string, unknown>();
  return async (what, run) => {
    const now = await run();
    const last = before.get(what) ?? now;
    before.set(what, now);
    return last as typeof now;
  };
}

/** The session that a commit wrote, and the request that its audit entry names. */
function committed(writes: readonly Write[], result: CommitResult) {
  const session = writes.find(({ key }) => key[0] === "session")?.value;
  if (session === undefined || !result.ok) return [];
  const entry = writes.find(({ key }) => key[0] === "audit")!.value;
  return [{
    versionstamp: result.versionstamp,
    session: upgrade(session as Session),
    by: (entry as { requestId: string }).requestId,
  }];
}

function versionOf({ rev, status }: Session, requestId: string): Version {
  return { rev, status, requestId };
}

/** What the audit log knows: a revision is the number of its entry. */
async function auditOf(kv: Deno.Kv, id: string): Promise<Version[]> {
  let status: Session["status"] = "SCHEDULED";
  return (await listHistory(kv, id)).map(({ seq, change, requestId }) => {
    status = (change?.to ?? status) as Session["status"];
    return { rev: seq, status, requestId };
  });
}

/** The calls, with the revisions that look like what their answers showed. */
function compared(
  { doctor, patient }: World,
  calls: Answered[],
  states: { session: Session }[],
): Call[] {
  const actors = { doctor: doctor.actor, patient: patient.actor };
  const looks = new Map<string, number[]>();
  for (const role of ["doctor", "patient"] as const) {
    for (const { session } of states) {
      const view = role + JSON.stringify(viewSession(session, actors[role]));
      looks.set(view, [...looks.get(view) ?? [], session.rev]);
    }
  }
  return calls.map(({ shown, ...call }) => ({
    ...call,
    looksLike: shown === null
      ? null
      : Array.isArray(shown)
      ? states.filter(({ session }) => shown.includes(session.status))
        .map(({ session }) => session.rev)
      : looks.get(shown.role + shown.view) ?? [],
  }));
}

/** One browser of the doctor's or of the patient's. */
class Client {
  readonly #world: World;
  readonly #person: Person;
  readonly #role: "doctor" | "patient";
  readonly #random: () => number;
  readonly #pool: string[];

  constructor(
    world: World,
    isDoctor: boolean,
    random: () => number,
    pool: string[],
  ) {
    this.#world = world;
    this.#role = isDoctor ? "doctor" : "patient";
    this.#person = world[this.#role];
    this.#random = random;
    this.#pool = pool;
  }

  /** Asks for something, and answers what came of it for each session it is about. */
  async asks(): Promise<Answered[]> {
    const isFirst = this.#pool.length === 0;
    const wish = isFirst ? "create" : this.#one(LOTS);
    if (wish === "create" && this.#role === "doctor") return this.#create();
    if (isFirst) return await this.#list();
    const id = this.#one(this.#pool);
    switch (wish) {
      case "create":
      case "read":
        return [await this.#about(id, wish, "GET", `${BASE}${id}/`)];
      case "list":
        return await this.#list();
      case "token":
        return [
          await this.#about(id, wish, "POST", `${BASE}token/`, {
            session_id: id,
          }),
        ];
      default:
        return [await this.#about(id, wish, "POST", `${BASE}${id}/${wish}/`)];
    }
  }

  /** A visit with two sessions, of which one can run at a time. */
  async #create(): Promise<Answered[]> {
    const visit = await this.#fetch("POST", "/api/v1/visits/", {
      patient_email: this.#world.patient.actor.email,
      reason: "Cough",
    });
    if (visit.status !== 201) return [];
    const made: Answered[] = [];
    for (let n = 0; n < 2; n++) {
      const answer = await this.#fetch("POST", BASE, {
        visit_id: visit.body.id,
        scheduled_start: this.#world.services.now().toISOString(),
      });
      // Of one that nobody heard of nobody can say anything.
      if (answer.status !== 201) continue;
      const id = String(answer.body.id);
      made.push(this.#answered(id, "create", answer));
      this.#pool.push(id);
      if (this.#pool.length > POOL) this.#pool.shift();
    }
    return made;
  }

  async #list(): Promise<Answered[]> {
    const answer = await this.#fetch("GET", `${BASE}?limit=6`);
    if (answer.status !== 200) return [];
    return (answer.body.results as { id: string }[]).map((body) =>
      this.#answered(body.id, "list", { ...answer, requestId: null, body })
    );
  }

  async #about(
    id: string,
    op: Wish,
    method: string,
    path: string,
    json?: unknown,
  ): Promise<Answered> {
    return this.#answered(id, op, await this.#fetch(method, path, json));
  }

  #answered(
    sessionId: string,
    op: Wish,
    { invoked, returned, requestId, status, body }: Answer,
  ): Answered {
    const outcome = status >= 500
      ? "unknown" as const
      : status >= 400
      ? "refused" as const
      : "done" as const;
    const isView = outcome === "done" && op !== "token";
    return {
      op: `${this.#role} ${op} (${requestId})`,
      sessionId,
      invoked,
      returned,
      requestId,
      outcome,
      shown: outcome === "refused"
        ? statusesOf(body)
        : isView
        ? { role: this.#role, view: JSON.stringify(body) }
        : null,
    };
  }

  async #fetch(
    method: string,
    path: string,
    json?: unknown,
  ): Promise<Answer> {
    const patience = this.#random() < HANG_UPS
      ? AbortSignal.timeout(Math.floor(this.#random() * 10))
      : null;
    const invoked = performance.now();
    try {
      const response = await fetch(this.#world.origin + path, {
        method,
        headers: {
          cookie: this.#person.cookie,
          "sec-fetch-site": "same-origin",
          ...(json === undefined ? {} : { "content-type": "application/json" }),
        },
        body: json === undefined ? null : JSON.stringify(json),
        signal: patience,
      });
      const body = await response.json();
      const requestId = response.headers.get("x-request-id");
      const returned = performance.now();
      return { invoked, returned, requestId, status: response.status, body };
    } catch (error) {
      if (!patience?.aborted) throw error;
      const returned = performance.now();
      return { invoked, returned, requestId: null, status: 599, body: {} };
    }
  }

  #one<T>(among: readonly T[]): T {
    return among[Math.floor(this.#random() * among.length)]!;
  }
}

/** An answer over HTTP; 599: there was none. */
interface Answer {
  invoked: number;
  returned: number;
  requestId: string | null;
  status: number;
  body: Record<string, unknown>;
}

/** The statuses in which a session is when something is refused like this; null: the refusal tells nothing. */
function statusesOf(
  { code, detail }: Record<string, unknown>,
): string[] | null {
  if (code === "not_started") return ["SCHEDULED"];
  const said = /current status is (\w+)/.exec(String(detail))?.[1];
  return said === undefined ? null : [said];
}

/** How many sessions went through how much, to know that something was tested. */
export function countOf(histories: readonly History[]) {
  const all = histories.flatMap(({ calls }) => calls);
  return {
    sessions: histories.length,
    over: histories.filter(({ commits }) => isOver(commits.at(-1)!.status))
      .length,
    commits: histories.reduce((sum, { commits }) => sum + commits.length, 0),
    done: all.filter(({ outcome }) => outcome === "done").length,
    refused: all.filter(({ outcome }) => outcome === "refused").length,
    unknown: all.filter(({ outcome }) => outcome === "unknown").length,
  };
}
