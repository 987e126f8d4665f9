/** Everything that can be wrong with the video service, at every step of a session at which it is asked. */
import assert from "node:assert/strict";
import { requestAccess } from "@/lib/sessions/service.ts";
import type { Session, SessionStatus } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { createVisit } from "@/lib/visits/service.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { settle, work, workFor } from "../../../../support/background.ts";
import { enter } from "../../../../support/guest.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import { quiet } from "../../../../support/quiet.ts";
import { createWorld, type World } from "../../../../support/world.ts";

type Faults = Parameters<World["faults"]["set"]>[0];
type Fault = NonNullable<Faults["rest"]>[number];

/** What is wrong, by what is said of it. */
const FAULTS = {
  "answers 400": { kind: "error", status: 400 },
  "answers 401": { kind: "error", status: 401 },
  "answers 403": { kind: "error", status: 403 },
  "answers 404": { kind: "error", status: 404 },
  "answers 429": { kind: "error", status: 429, retryAfterSeconds: 3 },
  "answers 500": { kind: "error", status: 500 },
  "answers 503": { kind: "error", status: 503 },
  "answers with a page of a proxy": { kind: "error", status: 502, code: null },
  "fails once": { kind: "error", status: 500, times: 1 },
  "fails by chance": { kind: "error", status: 500, probability: 0.5 },
  "breaks off its answer": { kind: "truncate" },
  "is slow": { kind: "latency", ms: 150 },
  "hangs": { kind: "hang" },
} satisfies Record<string, Fault>;

type Wrong = keyof typeof FAULTS;

/** What comes of it: an HTTP status, and the session's right after. */
type Outcome = `${number} ${SessionStatus}`;

/** A step at which the video service is asked. */
interface Step {
  what: string;
  /** The calls that are meant. */
  calls: Pick<Fault, "method" | "path">;
  /** Gets the session to where the step can be taken. */
  before(world: World, session: Session): Promise<unknown>;
  /** Takes it, and answers with the HTTP status. */
  take(world: World, session: Session): Promise<number>;
  /** What comes of most faults. */
  usually: Outcome;
  /** What comes of the others; by chance, one or the other. */
  but: Partial<Record<Wrong, Outcome>>;
}

const DONE = { "is slow": "200 IN_PROGRESS" } as const;
const REFUSED = "502 FAILED";

const STEPS: Step[] = [
  {
    what: "asked for a room",
    calls: { method: "POST", path: "/Rooms" },
    before: () => Promise.resolve(),
    take: (world, session) => post(world, session, "start"),
    usually: "503 SCHEDULED",
    but: {
      ...DONE,
      "answers 400": REFUSED,
      "answers 401": REFUSED,
      "answers 403": REFUSED,
      "answers 404": REFUSED,
    },
  },
  {
    what: "asked for the room of an answer that was lost",
    calls: { method: "GET", path: "/Rooms/*" },
    before: ({ services }, { roomName }) =>
      services.video.openRoom(roomName, { voiceOnly: false }),
    take: (world, session) => post(world, session, "start"),
    usually: "503 SCHEDULED",
    but: {
      ...DONE,
      "answers 400": REFUSED,
      "answers 401": REFUSED,
      "answers 403": REFUSED,
    },
  },
  {
    what: "told to close the room",
    calls: { method: "POST", path: "/Rooms/*" },
    before: start,
    take: (world, session) => post(world, session, "end"),
    usually: "200 COMPLETED",
    but: {},
  },
  {
    what: "asked whether the room is there",
    calls: { method: "GET", path: "/Rooms/RM*" },
    before: start,
    take: sweep,
    usually: "200 IN_PROGRESS",
    // It is believed; and the room is found by the next look at all rooms.
    but: { "answers 404": "200 COMPLETED" },
  },
  {
    what: "asked who is in the room",
    calls: { method: "GET", path: "/Rooms/RM*/Participants" },
    before: start,
    take: sweep,
    usually: "200 IN_PROGRESS",
    but: {},
  },
];

async function post(
  world: World,
  { id }: Session,
  command: "start" | "end",
): Promise<number> {
  const path = `/api/v1/telemedicine/${id}/${command}/`;
  const answer = await world.ask(world.doctor, "POST", path);
  await answer.body?.cancel();
  assert.equal(answer.headers.has("retry-after"), answer.status === 503);
  return answer.status;
}

async function start(world: World, session: Session): Promise<void> {
  assert.equal(await post(world, session, "start"), 200);
  await requestAccess(world.services, world.doctor, session.id);
}

/** The background's look at running sessions, and what the doctor then sees. */
async function sweep(world: World, { id }: Session): Promise<number> {
  await work(world, "sessions");
  const path = `/api/v1/telemedicine/${id}/`;
  const answer = await world.ask(world.doctor, "GET", path);
  await answer.body?.cancel();
  return answer.status;
}

const statusOf = async ({ services }: World, { id }: Session) =>
  (await findSession(services.kv, id)).status;

/** Whatever has happened: once it is over, everything comes to a legal end, and nothing stays open. */
async function assertComesToAnEnd(
  world: World,
  session: Session,
): Promise<void> {
  const { kv, video } = world.services;
  await assertInvariants(kv);
  // Half a minute, in which an attempt to start goes on by itself.
  await workFor(world, 32);
  await assertInvariants(kv);
  const status = await statusOf(world, session);
  assert(
    ["IN_PROGRESS", "COMPLETED", "FAILED"].includes(status),
    `still ${status}`,
  );
  if (status === "IN_PROGRESS") {
    assert.equal(await post(world, session, "end"), 200);
  }
  await settle(world);
  const end = await findSession(kv, session.id);
  assert.equal(end.status, status === "FAILED" ? "FAILED" : "COMPLETED");
  assert.equal(end.close, "DONE");
  assert.deepEqual(await video.listOpenRooms(), []);
  const starts = (await listHistory(kv, session.id))
    .filter(({ action }) => action === "session.start");
  assert.equal(starts.length, status === "FAILED" ? 0 : 1);
  await assertInvariants(kv);
}

/** One step with one fault. */
async function tryStep(
  { calls, before, take, usually, but }: Step,
  wrong: Wrong,
): Promise<void> {
  await using world = await createWorld({}, new Date());
  const session = await world.plan();
  await before(world, session);
  world.faults.set({ rest: [{ ...FAULTS[wrong], ...calls }] });
  const outcome = `${await take(world, session)} ${await statusOf(
    world,
    session,
  )}`;
  const expected = but[wrong] ?? usually;
  if (wrong === "fails by chance") {
    const lucky = DONE["is slow"];
    assert([expected, lucky].includes(outcome as Outcome), outcome);
  } else assert.equal(outcome, expected);
  world.faults.clear();
  await assertComesToAnEnd(world, session);
}

for (const step of STEPS) {
  for (const wrong of Object.keys(FAULTS) as Wrong[]) {
    if (wrong === "hangs") continue;
    const { what, usually, but } = step;
    Deno.test(`S3.9 a video service that, ${what}, ${wrong}: ${but[wrong] ?? usually}, and all comes to an end`, async () => {
      using _ = quiet();
      await tryStep(step, wrong);
    });
  }
}

Deno.test("S3.9 a video service that hangs keeps nobody waiting for long, and all comes to an end", async () => {
  using _ = quiet();
  const startedAt = performance.now();
  // At once: each waits for as long as an answer may take.
  await Promise.all(STEPS.map((step) => tryStep(step, "hangs")));
  assert(performance.now() - startedAt < 15_000);
});

/** What can be wrong besides answers. */
const AROUND: Record<string, Faults> = {
  "callbacks late": { callbacks: { delayMs: 300 } },
  "callbacks several times": { callbacks: { copies: 4 } },
  "callbacks in another order": { callbacks: { shuffle: 6 } },
  "callbacks in another order and twice": {
    callbacks: { shuffle: 20, copies: 2 },
  },
  "every other callback lost": { callbacks: { lose: 0.5 } },
  "every callback lost": { callbacks: { lose: 1 } },
  "a clock five minutes ahead": { clockSkewMs: 300_000 },
  "a clock five minutes behind": { clockSkewMs: -300_000 },
  "a clock an hour behind": { clockSkewMs: -3_600_000 },
};

for (const [wrong, faults] of Object.entries(AROUND)) {
  Deno.test(`S3.38 a consultation with ${wrong}: who was there is known, and all comes to an end`, async () => {
    using _ = quiet();
    await using world = await createWorld({}, new Date());
    const { services, doctor, patient } = world;
    world.faults.set(faults);
    const session = await world.plan();
    await start(world, session);
    await requestAccess(services, patient, session.id);
    {
      await using _doctor = await enter(world, session, doctor.actor.accountId);
      await using _patient = await enter(
        world,
        session,
        patient.actor.accountId,
      );
      // What no callback tells, the next look at the room does.
      await eventually(
        async () => {
          await sweep(world, session);
          return await findSession(services.kv, session.id);
        },
        ({ everBoth }) => everBoth,
        "both",
      );
      world.pass(60);
      assert.equal(await post(world, session, "end"), 200);
    }
    await assertComesToAnEnd(world, session);
    const { startedAt, endedAt, attendance, durationSeconds } =
      await findSession(services.kv, session.id);
    assert.equal(durationSeconds, 60);
    for (const stays of [attendance.doctor, attendance.patient]) {
      assert.equal(stays.length, 1);
      const [{ joinedAt, leftAt }] = stays as [typeof stays[number]];
      assert(joinedAt >= startedAt! && leftAt! <= endedAt!, `${joinedAt}`);
    }
  });
}

Deno.test("S3.9 eight consultations while every other answer is wrong in some way all come to an end", async () => {
  using _ = quiet();
  await using world = await createWorld({}, new Date());
  const { services, doctor, patient } = world;
  const sessions: Session[] = [];
  for (let i = 0; i < 8; i++) {
    world.visit = await createVisit(services, doctor, {
      patientEmail: patient.actor.email,
      reason: "Cough",
    });
    sessions.push(await world.plan());
  }
  world.faults.set({
    rest: [
      { ...FAULTS["answers 500"], probability: 0.2 },
      { ...FAULTS["breaks off its answer"], probability: 0.2 },
      { ...FAULTS["answers with a page of a proxy"], probability: 0.2 },
    ],
    callbacks: { copies: 2, shuffle: 3, lose: 0.3 },
  });
  await Promise.all(sessions.map((session) => post(world, session, "start")));
  await workFor(world, 40);
  await assertInvariants(services.kv);
  await Promise.all(sessions.map((session) => post(world, session, "end")));
  await workFor(world, 40);
  await assertInvariants(services.kv);
  world.faults.clear();
  for (const session of sessions) {
    if (await statusOf(world, session) !== "SCHEDULED") continue;
    // An attempt that was given up: once more, and now it works.
    assert.equal(await post(world, session, "start"), 200);
    assert.equal(await post(world, session, "end"), 200);
  }
  for (const session of sessions) await assertComesToAnEnd(world, session);
});
