import type { AuditEntry } from "@/lib/audit/entry.ts";
import { listChain } from "@/lib/audit/store.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import type { EmulatorProcess } from "../support/emulator_process.ts";
import type { Client } from "./client.ts";
import { pause } from "./random.ts";
import type { Act, Story } from "./story.ts";

async function readAll<T>(kv: Deno.Kv, prefix: string): Promise<T[]> {
  const values: T[] = [];
  for await (const { value } of kv.list<T>({ prefix: [prefix] })) {
    values.push(value);
  }
  return values;
}

/** What is still under way: promises in the outbox, starts without an answer, rooms to be closed. */
export async function unsettled(kv: Deno.Kv): Promise<string[]> {
  const rows: string[] = [];
  for await (const { key } of kv.list({ prefix: ["outbox"] })) {
    rows.push(`owed: ${key.slice(1).join(" ")}`);
  }
  const sessions = await readAll<Session>(kv, "session");
  return [
    ...rows,
    ...sessions.filter(({ startIntent }) => startIntent !== null)
      .map(({ id }) => `starting: ${id}`),
    ...sessions.filter(({ close }) => close === "PENDING")
      .map(({ id }) => `closing: ${id}`),
  ];
}

const LOOK_MS = 250;

/** Waits until nothing is under way. Answers how many ms that took, and what was left at the end of the wait. */
export async function settled(
  kv: Deno.Kv,
  withinMs: number,
): Promise<{ ms: number; left: string[] }> {
  const start = performance.now();
  for (;;) {
    const left = await unsettled(kv);
    const ms = Math.round(performance.now() - start);
    if (left.length === 0 || ms > withinMs) return { ms, left };
    await pause(LOOK_MS);
  }
}

/** A session that was acknowledged to be so is so. */
const KEPT: Record<Act, (session: Session, told: Told) => boolean> = {
  create: ({ visitId }, told) => visitId === told.visit_id,
  start: ({ startedAt, roomSid }, told) =>
    told.started_at !== null && startedAt === told.started_at &&
    roomSid !== null,
  leave: ({ presence }) => presence.patient?.state !== "connected",
  cancel: ({ status }) => status === "CANCELLED",
  end: ({ status, endedAt, durationSeconds }, told) =>
    status === "COMPLETED" && told.ended_at !== null &&
    endedAt === told.ended_at && durationSeconds === told.duration_seconds,
};

type Told = NonNullable<Story["told"]["create"]>;

/** By which entries the history knows that it was done. */
const ACTIONS: Record<Act, AuditEntry["action"][]> = {
  create: ["session.create"],
  start: ["session.start"],
  // A sweep may have noticed before that they had left the room.
  leave: ["session.leave", "session.roster"],
  cancel: ["session.cancel"],
  end: ["session.end"],
};

function isNoted(act: Act, chain: readonly AuditEntry[]): boolean {
  return chain.some(({ action }) => ACTIONS[act].includes(action));
}

/** What the storage was found to hold. */
export interface Findings {
  /** Each is a broken promise. */
  wrong: string[];
  /** Changes that nobody was told of, and that happened all the same. */
  doneUntold: number;
  /** Sessions of the stories by their status. */
  statuses: Record<string, number>;
  /** Sessions of the stories that run: nobody has ended them. */
  running: { id: string; doctor: Client }[];
}

/** Compares what was acknowledged with what is stored, and what is stored with itself. */
export async function examineStorage(
  kv: Deno.Kv,
  stories: readonly Story[],
): Promise<Findings> {
  const { violations } = await checkInvariants(kv);
  const found: Findings = {
    wrong: violations.map(({ invariant, where, what }) =>
      `${invariant} ${where}: ${what}`
    ),
    doneUntold: 0,
    statuses: {},
    running: [],
  };
  const visits = await readAll<Visit>(kv, "visit");
  const sessions = await readAll<Session>(kv, "session");
  for (const story of stories) {
    const own = visits.filter(({ reason }) => reason === story.reason);
    const ofVisits = sessions.filter(({ visitId }) =>
      own.some(({ id }) => id === visitId)
    );
    const [session] = ofVisits;
    const chain = session === undefined
      ? []
      : await listChain(kv, `s:${session.id}`);
    const say = (what: string) =>
      found.wrong.push(`lifecycle ${story.n} (${story.plot}): ${what}`);
    examineStory(story, { own, ofVisits, chain, say });
    if (session === undefined) continue;
    const { status } = session;
    found.statuses[status] = (found.statuses[status] ?? 0) + 1;
    if (status === "IN_PROGRESS") {
      found.running.push({ id: session.id, doctor: story.doctor });
    }
    for (const act of story.asked) {
      const isUntold = story.told[act] === undefined;
      if (isUntold && isNoted(act, chain)) found.doneUntold++;
    }
  }
  return found;
}

function examineStory(
  story: Story,
  { own, ofVisits, chain, say }: {
    own: Visit[];
    ofVisits: Session[];
    chain: AuditEntry[];
    say(what: string): void;
  },
): void {
  if (own.length > 1) say(`${own.length} visits of one request`);
  if (story.visitId !== null && own[0]?.id !== story.visitId) {
    say("the visit is lost");
  }
  if (ofVisits.length > 1) say(`${ofVisits.length} sessions of one request`);
  if (story.planned.size > 1) say("one request was answered two sessions");
  const [session] = ofVisits;
  const told = Object.entries(story.told) as [Act, Told][];
  for (const [act, view] of told) {
    const isKept = session?.id === view.id && KEPT[act](session, view) &&
      isNoted(act, chain);
    if (!isKept) {
      const history = chain.map(({ action, reason }) => `${action} ${reason}`);
      say(`the ${act} is lost: ${history.join(", ")}`);
    }
  }
  for (const email of story.admitted) {
    const who = email === story.doctor.email ? "doctor" : "patient";
    const isTokenNoted = chain.some(({ action, reason }) =>
      action === "session.token" && reason === who
    );
    if (!isTokenNoted) say(`the history knows nothing of the ${who}'s token`);
  }
  for (const action of ["session.start", "session.end", "session.cancel"]) {
    const times = chain.filter((entry) => entry.action === action).length;
    if (times > 1) say(`${times} times ${action}`);
  }
}

/** A room as the emulator lists it. */
interface OpenRoom {
  sid: string;
  unique_name: string;
}

/** Every open room has a session that runs in it, and the other way round. Answers what is wrong. */
export async function examineRooms(
  kv: Deno.Kv,
  emulator: EmulatorProcess,
): Promise<string[]> {
  const open = await openRooms(emulator);
  const sessions = await readAll<Session>(kv, "session");
  const byName = new Map(sessions.map((each) => [each.roomName, each]));
  const wrong = open.flatMap(({ sid, unique_name: name }) => {
    const session = byName.get(name);
    const isUsed = session?.status === "IN_PROGRESS" && session.roomSid === sid;
    return isUsed
      ? []
      : [`room ${sid} is open, and its session ${session?.status}`];
  });
  const isOpen = new Set<string | null>(open.map(({ sid }) => sid));
  const lonely = sessions.filter(({ status, roomSid }) =>
    status === "IN_PROGRESS" && !isOpen.has(roomSid)
  );
  return [
    ...wrong,
    ...lonely.map(({ id }) => `session ${id} runs without its room`),
  ];
}

async function openRooms(
  { baseUrl, environment }: EmulatorProcess,
): Promise<OpenRoom[]> {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = environment;
  const authorization = `Basic ${
    btoa(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`)
  }`;
  const rooms: OpenRoom[] = [];
  let url: string | null =
    `${baseUrl}/v1/Rooms?Status=in-progress&PageSize=100`;
  while (url !== null) {
    const page: { rooms: OpenRoom[]; meta: { next_page_url: string | null } } =
      await (await fetch(url, { headers: { authorization } })).json();
    rooms.push(...page.rooms);
    url = page.meta.next_page_url;
  }
  return rooms;
}
