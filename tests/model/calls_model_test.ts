/**
 * Calls on demand against everything at once: patients who ask, come, leave and take
 * back, doctors who accept, decline, come, end, and start what they had
 * planned, sweeps of two processes, the clock, and a video service that is
 * down or refuses; several of these at the same moment. Twenty minutes after
 * the last trouble nobody is stuck. `MODEL_RUNS` and `MODEL_SEED` as in
 * `sessions_model_test.ts`.
 *
 * It was tried on broken products. Within 60 courses it finds each of:
 * acceptances without the check of the doctor's sessions; starts in spite of
 * the doctor's call; requests at whose end nobody looks; starts that are not
 * asked for again; visits that never took place and stay open.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { noteWaitingPatient } from "@/lib/calls/presence_service.ts";
import { isGivenUp, isToReturn } from "@/lib/calls/returning.ts";
import {
  acceptCall,
  cancelCall,
  declineCall,
  findOpenCall,
  requestCall,
} from "@/lib/calls/service.ts";
import { findCall, sessionOf } from "@/lib/calls/store.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import { findSessionOfDoctor } from "@/lib/calls/taken_store.ts";
import { AppError, type ErrorCode } from "@/lib/errors.ts";
import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import type { Services } from "@/lib/services.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  endSession,
  leaveSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { sweepSessions } from "@/lib/sessions/sweep_service.ts";
import { findVisit } from "@/lib/visits/store.ts";
import { assertInvariants } from "../support/invariants.ts";
import { quiet } from "../support/quiet.ts";
import {
  addPerson,
  createWorld,
  type Person,
  type World,
} from "../support/world.ts";

const RUNS = Number(Deno.env.get("MODEL_RUNS") ?? 20);
const SEED = Number(Deno.env.get("MODEL_SEED") ?? Date.now() % 1e9);

const WISH = {
  mode: "voice",
  reason: "",
  urgency: "routine",
  specialty: null,
  language: null,
} as const;

/** What happens; `on`: in which of the two processes. */
type Act = {
  name:
    | "ask"
    | "accept"
    | "decline"
    | "take back"
    | "come"
    | "patient comes"
    | "patient leaves"
    | "patient closes the page"
    | "end"
    | "start what is planned"
    | "sweep calls"
    | "sweep sessions"
    | "keep promises";
  doctor: number;
  patient: number;
  on: 0 | 1;
};
/** What happens at the same moment, and what comes after it. */
interface Moment {
  acts: Act[];
  seconds: number;
  video: "works" | "is down" | "refuses" | "as before";
}

const WEIGHTS: Record<Act["name"], number> = {
  ask: 5,
  accept: 6,
  decline: 1,
  "take back": 1,
  come: 1,
  "patient comes": 3,
  "patient leaves": 1,
  "patient closes the page": 1,
  end: 3,
  "start what is planned": 3,
  "sweep calls": 6,
  "sweep sessions": 4,
  "keep promises": 3,
};

const act: fc.Arbitrary<Act> = fc.record({
  name: fc.oneof(
    ...Object.entries(WEIGHTS).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name as Act["name"]),
    })),
  ),
  doctor: fc.nat({ max: 1 }),
  patient: fc.nat({ max: 2 }),
  on: fc.constantFrom(0, 1),
});

const moments: fc.Arbitrary<Moment[]> = fc.array(
  fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: 4 }),
    seconds: fc.oneof(fc.nat({ max: 5 }), fc.integer({ min: 20, max: 150 })),
    video: fc.oneof(
      { weight: 6, arbitrary: fc.constant("as before" as const) },
      { weight: 3, arbitrary: fc.constant("works" as const) },
      { weight: 1, arbitrary: fc.constant("is down" as const) },
      { weight: 1, arbitrary: fc.constant("refuses" as const) },
    ),
  }),
  { minLength: 15, maxLength: 30 },
);

/** How people may be refused here, whatever they do. */
const REFUSALS: readonly ErrorCode[] = [
  "call_taken",
  "call_over",
  "doctor_busy",
  "rate_limited",
  "invalid_transition",
  "not_started",
  "session_over",
  "session_running",
  "conflict",
  "storage_busy",
  "video_unavailable",
  "video_rejected",
];

const NEVER = new AbortController().signal;

/** One clinic, and what happens there. */
class Course {
  readonly #world: World;
  readonly #processes: Services[];
  readonly #doctors: Person[];
  readonly #patients: Person[];
  readonly #asked = new Set<string>();
  #plannedId: string;

  private constructor(world: World, third: Person, plannedId: string) {
    this.#world = world;
    this.#processes = [world.services, { ...world.services }];
    this.#doctors = [world.doctor, world.otherDoctor];
    this.#patients = [world.patient, world.otherPatient, third];
    this.#plannedId = plannedId;
  }

  static async begin(world: World): Promise<Course> {
    const third = await addPerson(world.services, "Thea Third", "patient");
    return new Course(world, third, (await world.plan()).id);
  }

  async happens({ acts, seconds, video }: Moment): Promise<void> {
    const { faults, services, pass } = this.#world;
    if (video === "works") faults.clear();
    if (video === "is down" || video === "refuses") {
      const status = video === "refuses" ? 400 : 503;
      faults.set({ rest: [{ kind: "error", status }] });
    }
    await Promise.all(
      acts.map((act) =>
        this.#does(act).catch((error) => {
          const isFine = error instanceof AppError &&
            REFUSALS.includes(error.code);
          if (!isFine) throw error;
        })
      ),
    );
    await assertInvariants(services.kv);
    pass(seconds);
  }

  async #does({ name, doctor: d, patient: p, on }: Act): Promise<unknown> {
    const services = this.#processes[on]!;
    const { kv } = services;
    const doctor = this.#doctors[d]!;
    const patient = this.#patients[p]!;
    const isIn = async () =>
      (await findSessionOfDoctor(kv, doctor.actor.accountId))?.id ?? null;
    const isCalled = async () =>
      (await findOpenCall(services, patient))?.session?.id ?? null;
    const call = async () =>
      (await findOpenCall(services, patient))?.call.id ?? null;
    switch (name) {
      case "ask": {
        const { call: { id } } = await requestCall(services, patient, WISH);
        return this.#asked.add(id);
      }
      case "accept":
        return await given(call, (id) => acceptCall(services, doctor, id));
      case "decline":
        return await given(call, (id) => declineCall(services, doctor, id));
      case "take back":
        return await given(call, (id) => cancelCall(services, patient, id));
      case "come":
        return await given(isIn, (id) => requestAccess(services, doctor, id));
      case "patient comes":
        return await given(
          isCalled,
          (id) => requestAccess(services, patient, id),
        );
      case "patient leaves":
      case "patient closes the page":
        return await given(
          isCalled,
          (id) =>
            leaveSession(services, patient, id, {
              isOnPurpose: name === "patient leaves",
            }),
        );
      case "end":
        return await given(isIn, (id) => endSession(services, doctor, id));
      case "start what is planned": {
        const { status } = await findSession(kv, this.#plannedId);
        if (isOver(status)) this.#plannedId = (await this.#world.plan()).id;
        // The world's doctor has planned it.
        return await startSession(
          services,
          this.#world.doctor,
          this.#plannedId,
        );
      }
      case "sweep calls":
        return await sweepCalls(services, SYSTEM_VOICE, NEVER);
      case "sweep sessions":
        return await sweepSessions(services, SYSTEM_VOICE);
      case "keep promises":
        return await this.#reconcile("outbox", on);
    }
  }

  #reconcile(name: string, on: 0 | 1): Promise<boolean> {
    const one = RECONCILERS.find((one) => one.name === name)!;
    return reconcile(this.#processes[on]!, one, `process ${on}`);
  }

  /** The trouble is over, and everybody who waits goes on waiting. */
  async comesToRest(): Promise<void> {
    const { faults, pass, services } = this.#world;
    faults.clear();
    for (let seconds = 0; seconds < 20 * 60; seconds += 10) {
      pass(10);
      for (const patient of this.#patients) {
        const open = await findOpenCall(services, patient);
        if (open !== null) {
          await noteWaitingPatient(services, patient, open.call);
        }
      }
      await this.#reconcile("outbox", 0);
      await this.#reconcile("calls", 1);
      if (seconds % 30 === 0) await this.#reconcile("sessions", 0);
    }
  }

  /** Nobody is in anything any more, and whoever waits can be taken. */
  async nobodyIsStuck(): Promise<void> {
    const { kv } = this.#world.services;
    await assertInvariants(kv);
    const waiting: string[] = [];
    const held = new Set<string>();
    for (const id of this.#asked) {
      const call = await findCall(kv, id);
      const session = await sessionOf(kv, call);
      if (call.status === "WAITING") waiting.push(id);
      if (session === null) continue;
      held.add(session.id);
      assert(isOver(session.status), `${id} goes on without anybody`);
      assert(!isToReturn(call, session), `${id} is lost`);
      assert(!isGivenUp(call, session), `${id} was given up and goes on`);
    }
    for (const doctor of this.#doctors) {
      const busy = await findSessionOfDoctor(kv, doctor.actor.accountId);
      assert.equal(busy, null);
    }
    for (const prefix of ["call_under_way", "outbox", "session_on_demand"]) {
      const rows = await Array.fromAsync(kv.list({ prefix: [prefix] }));
      assert.deepEqual(rows, [], prefix);
    }
    for await (const { value } of kv.list<Session>({ prefix: ["session"] })) {
      if (!value.onDemand || held.has(value.id)) continue;
      const { status } = await findVisit(kv, value.visitId);
      assert.equal(status, "CLOSED", "a visit that never took place is open");
    }
    for (const id of waiting) {
      const services = this.#processes[0]!;
      const [doctor] = this.#doctors;
      const { session } = await acceptCall(services, doctor!, id);
      assert.equal(session.status, "IN_PROGRESS");
      await endSession(services, doctor!, session.id);
    }
    await assertInvariants(kv);
  }
}

/** Does something with what there is, if there is something. */
async function given(
  find: () => Promise<string | null>,
  work: (id: string) => Promise<unknown>,
): Promise<void> {
  const id = await find();
  if (id !== null) await work(id);
}

Deno.test(`${RUNS} courses of calls on demand leave nobody stuck and no doctor in two calls, seed ${SEED}`, async () => {
  using _ = quiet();
  await fc.assert(
    fc.asyncProperty(moments, async (moments) => {
      await using world = await createWorld();
      const course = await Course.begin(world);
      for (const moment of moments) await course.happens(moment);
      await course.comesToRest();
      await course.nobodyIsStuck();
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
