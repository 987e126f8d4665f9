import assert from "node:assert/strict";
import fc from "fast-check";
import {
  afterRinging,
  type Availability,
  type SignOfLife,
  signOfLife,
  UNANSWERED_MAX,
  wished,
} from "@/lib/calls/availability.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { type DoctorOnDuty, isFree, suits } from "@/lib/calls/doctors.ts";
import {
  HEAD_START_MS,
  inOrder,
  match,
  PEACE_MS,
} from "@/lib/calls/matcher.ts";
import { type CallEvent, decide, OFFER_MS } from "@/lib/calls/transitions.ts";
import { AppError } from "@/lib/errors.ts";
import { aCall, onDuty } from "../../support/fixtures.ts";
import { NOON } from "../../support/noon.ts";

const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const iso = (seconds: number) => at(seconds).toISOString();

/** The steps, as short as can be. */
function told(...[calls, doctors, now]: Parameters<typeof match>): string[] {
  return match(calls, doctors, now).map(({ callId, event }) =>
    `${callId} ${event.type} ${event.doctorId}`
  );
}

const A = aCall({ id: "A", createdAt: iso(0) });
const B = aCall({ id: "B", createdAt: iso(60) });

Deno.test("S2.25 S2.33 the first in the queue rings at whoever was idle longest, and nobody hears two", () => {
  const doctors = [
    onDuty({ id: "new", idleSince: 5 }),
    onDuty({ id: "old", idleSince: 1 }),
  ];
  assert.deepEqual(told([B, A], doctors, at(60)), [
    "A offered old",
    "B offered new",
  ]);
  assert.deepEqual(told([B, A], doctors.slice(0, 1), at(60)), [
    "A offered new",
  ]);
});

Deno.test("who is away, busy or does not take calls is not asked, and loses what rings there", () => {
  const offer = { doctorId: "d", at: iso(0), until: iso(30) };
  for (
    const about of [
      { isHere: false },
      { busySince: 0 },
      { isAvailable: false },
    ]
  ) {
    const doctors = [onDuty({ id: "d", ...about })];
    assert.deepEqual(told([A], doctors, at(1)), []);
    assert.deepEqual(told([{ ...A, offer }], doctors, at(1)), [
      "A withdrawn d",
    ]);
  }
});

Deno.test("a request for a specialty or a language rings only where it is known", () => {
  const skin = { ...A, specialty: "dermatology", language: "es" };
  const both = onDuty({
    id: "both",
    specialties: ["dermatology"],
    languages: ["en", "es"],
  });
  const one = onDuty({ id: "one", specialties: ["dermatology"] });
  assert.deepEqual(told([skin, B], [one, both], at(60)), [
    "A offered both",
    "B offered one",
  ]);
  assert.deepEqual(told([skin], [one], at(60)), []);
});

Deno.test("a doctor whom others need for what they know is asked after those who know less", () => {
  const skin = { ...B, specialty: "dermatology" };
  const doctors = [
    onDuty({ id: "skin", specialties: ["dermatology"], idleSince: 0 }),
    onDuty({ id: "any", idleSince: 9 }),
  ];
  assert.deepEqual(told([A, skin], doctors, at(60)), [
    "A offered any",
    "B offered skin",
  ]);
  // Nobody else needs them.
  assert.deepEqual(told([A], doctors, at(60)), ["A offered skin"]);
  // Nobody else is there.
  assert.deepEqual(told([A, skin], doctors.slice(0, 1), at(60)), [
    "A offered skin",
  ]);
});

Deno.test("a language is understood with any region, and written in any case", () => {
  const call = { ...A, language: "es-MX" };
  for (const [spoken, told1] of [["es", 1], ["es-ES", 1], ["en", 0]] as const) {
    const doctors = [onDuty({ id: "d", languages: [spoken] })];
    assert.equal(told([call], doctors, at(0)).length, told1, spoken);
  }
});

Deno.test("who is away keeps the place, and rings nowhere until they are back", () => {
  const away = new Set(["A"]);
  const doctors = [onDuty({ id: "d" })];
  const steps = (call: CallRequest) =>
    match([call, B], doctors, at(60), away).map(({ callId, event }) =>
      `${callId} ${event.type}`
    );
  assert.deepEqual(steps(A), ["B offered"]);
  const offer = { doctorId: "d", at: iso(40), until: iso(70) };
  assert.deepEqual(steps({ ...A, offer }), ["A withdrawn", "B offered"]);
  assert.deepEqual(told([A, B], doctors, at(60)), ["A offered d"]);
});

Deno.test("an offer whose time is up passes on to the next doctor", () => {
  const offer = { doctorId: "d1", at: iso(0), until: iso(30) };
  const doctors = [onDuty({ id: "d1" }), onDuty({ id: "d2", idleSince: 9 })];
  assert.deepEqual(told([{ ...A, offer }], doctors, at(29)), []);
  assert.deepEqual(told([{ ...A, offer }], doctors, at(30)), [
    "A passed d1",
    "A offered d2",
  ]);
});

Deno.test("what rang at nobody was not left unanswered: the doctor had gone, or was in a call", () => {
  const offer = { doctorId: "d", at: iso(0), until: iso(30) };
  for (const about of [{ isHere: false }, { busySince: 0 }]) {
    const doctors = [onDuty({ id: "d", ...about })];
    assert.deepEqual(told([{ ...A, offer }], doctors, at(99)), [
      "A withdrawn d",
    ]);
  }
});

Deno.test("who lets the last of several pass is not offered the next one in the same breath", () => {
  const offer = { doctorId: "d", at: iso(0), until: iso(30) };
  const told30 = (unanswered: number) =>
    told([{ ...A, offer }, B], [onDuty({ id: "d", unanswered })], at(30));
  assert.deepEqual(told30(UNANSWERED_MAX - 2), ["A passed d", "B offered d"]);
  assert.deepEqual(told30(UNANSWERED_MAX - 1), ["A passed d"]);
});

Deno.test("who did not take it is asked again when all others have not either, after a minute of peace", () => {
  const refusals = [
    { doctorId: "d1", at: iso(0), kind: "passed" as const },
    { doctorId: "d2", at: iso(30), kind: "declined" as const },
  ];
  const call = { ...A, refusals };
  const doctors = ["d1", "d2", "d3"].map((id) => onDuty({ id }));
  assert.deepEqual(told([call], doctors, at(90)), ["A offered d3"]);
  assert.deepEqual(told([call], doctors.slice(0, 2), at(59)), []);
  assert.deepEqual(told([call], doctors.slice(0, 2), at(120)), [
    "A offered d1",
  ]);
});

Deno.test("who hears another request first is waited for, before somebody is asked again", () => {
  const refusals = [{ doctorId: "d1", at: iso(0), kind: "passed" as const }];
  const ringing = {
    ...B,
    offer: { doctorId: "d2", at: iso(100), until: iso(130) },
  };
  const doctors = [onDuty({ id: "d1" }), onDuty({ id: "d2" })];
  assert.deepEqual(told([{ ...A, refusals }, ringing], doctors, at(100)), []);
});

Deno.test("an urgent request goes before those who came up to ten minutes earlier, and no others", () => {
  const urgent = (seconds: number) =>
    aCall({ id: "U", createdAt: iso(seconds), urgency: "urgent" });
  const order = (calls: CallRequest[]) => inOrder(calls).map(({ id }) => id);
  const lead = HEAD_START_MS / 1000;
  assert.deepEqual(order([A, urgent(lead - 1)]), ["U", "A"]);
  assert.deepEqual(order([urgent(lead + 1), A]), ["A", "U"]);
});

/** A clinic as the property test plays it: only rules, no storage. */
class Clinic {
  now = NOON;
  /** Those that wait. */
  calls = new Map<string, CallRequest>();
  /** Those that are over. */
  past = new Map<string, CallRequest>();
  doctors = new Map<string, DoctorOnDuty>();
  /** What each doctor says of taking calls, and how they answer. */
  said = new Map<string, Availability>();
  /** How often the app has switched somebody off. */
  stops = 0;
  /** What each doctor has let pass, or taken without coming, since they were last there. */
  missed = new Map<string, number>();
  /** Whose call each doctor is in. */
  inCall = new Map<string, string>();
  asked = 0;

  constructor(skills: Pick<DoctorOnDuty, "specialties" | "languages">[]) {
    skills.forEach((known, index) => {
      const id = `d${index}`;
      this.doctors.set(id, onDuty({ id, isHere: false, ...known }));
      this.say(id, true);
    });
  }

  /** Doctors as they are now: busy is who is in a call. */
  onDuty(): DoctorOnDuty[] {
    return [...this.doctors.values()].map((doctor) => ({
      ...doctor,
      isAvailable: this.said.get(doctor.id)!.available,
      unanswered: this.said.get(doctor.id)!.unanswered,
      busySince: this.inCall.has(doctor.id) ? 0 : null,
    }));
  }

  say(id: string, available: boolean): void {
    const before = this.said.get(id) ?? null;
    if (before?.available !== false || available) this.missed.set(id, 0);
    const next = wished(before, { id, name: id }, { available }, this.now);
    this.said.set(id, next);
    this.doctors.get(id)!.idleSince = this.now.getTime();
  }

  /** What `changeCall` does with a doctor's availability, without its storage. */
  hear(sign: SignOfLife | null): void {
    if (sign === null) return;
    const before = this.said.get(sign.doctorId)!;
    if (before.available) {
      const missed = this.missed.get(sign.doctorId)!;
      this.missed.set(sign.doctorId, sign.answers ? 0 : missed + 1);
    }
    const next = afterRinging(before, sign.answers, this.now);
    if (next === null) return;
    this.said.set(sign.doctorId, next);
    if (next.stopped !== null) this.stops++;
  }

  waiting(): CallRequest[] {
    return inOrder([...this.calls.values()]);
  }

  request(about: Partial<CallRequest>): void {
    const id = `c${String(this.asked++).padStart(6, "0")}`;
    const createdAt = this.now.toISOString();
    this.calls.set(id, aCall({ id, createdAt, ...about }));
  }

  /** Answers whether the event was allowed. */
  happen(id: string, event: CallEvent): boolean {
    const call = this.calls.get(id) ?? this.past.get(id)!;
    try {
      const next = decide(call, event, this.now);
      if (next === null) return false;
      if (next.status === "WAITING") this.calls.set(id, next);
      else if (this.calls.delete(id)) this.past.set(id, next);
      else assert.fail("something happens to a call that is over");
      if (next.status === "WAITING") this.past.delete(id);
      this.hear(signOfLife(event));
      return true;
    } catch (error) {
      assert(error instanceof AppError);
      return false;
    }
  }

  /** What `acceptCall` does, without its storage. */
  accept(callId: string, doctorId: string): void {
    const doctor = this.doctors.get(doctorId)!;
    const call = this.calls.get(callId) ?? this.past.get(callId)!;
    if (this.inCall.has(doctorId) || !suits(doctor, call)) return;
    const accepted = this.happen(callId, {
      type: "accepted",
      doctor: { id: doctorId, name: doctorId },
      visitId: "v",
      sessionId: "s",
    });
    if (accepted) this.inCall.set(doctorId, callId);
  }

  hangUp(doctorId: string): void {
    if (!this.inCall.delete(doctorId)) return;
    this.doctors.get(doctorId)!.idleSince = this.now.getTime();
    this.hear({ doctorId, answers: true });
  }

  /** What `settleCall` does with a call to which its doctor never came. */
  neverCome(doctorId: string): void {
    const callId = this.inCall.get(doctorId);
    if (callId === undefined) return;
    this.inCall.delete(doctorId);
    this.doctors.get(doctorId)!.idleSince = this.now.getTime();
    this.happen(callId, { type: "returned", doctorId, sessionId: "s" });
    this.hear({ doctorId, answers: false });
  }

  sweep(): void {
    const steps = match([...this.calls.values()], this.onDuty(), this.now);
    for (const { callId, event } of steps) {
      assert(this.happen(callId, event), `${event.type} changes nothing`);
    }
    this.check();
  }

  /** What has to hold at any time. */
  check(): void {
    const doctors = this.onDuty();
    // Nothing is left to do: the same state gives no further steps.
    assert.deepEqual(match([...this.calls.values()], doctors, this.now), []);
    for (const { available, stopped, unanswered } of this.said.values()) {
      assert(!available || unanswered < UNANSWERED_MAX, "rings at nobody");
      assert.equal(stopped !== null, unanswered >= UNANSWERED_MAX);
    }
    // Whether they let it ring or take it and never come: three in a row, and it is over.
    for (const [id, missed] of this.missed) {
      const { available, stopped } = this.said.get(id)!;
      assert.equal(missed >= UNANSWERED_MAX, stopped !== null, id);
      assert(!available || missed < UNANSWERED_MAX);
    }
    const ringing = this.waiting().flatMap(({ offer }) =>
      offer === null ? [] : [offer.doctorId]
    );
    assert.equal(new Set(ringing).size, ringing.length, "hears two at once");
    // No double assignment: a call has one doctor, a doctor one call.
    const taken = [...this.inCall.values()];
    assert.equal(new Set(taken).size, taken.length, "one call, two doctors");
    for (const [doctorId, callId] of this.inCall) {
      assert.equal(this.past.get(callId)!.acceptedBy?.id, doctorId);
    }
    for (const call of this.waiting()) {
      const able = doctors.filter((one) => isFree(one) && suits(one, call));
      if (call.offer !== null) {
        assert(able.some(({ id }) => id === call.offer!.doctorId));
        continue;
      }
      // Nobody is forgotten: whoever could be asked hears another one, or has
      // not taken this one and has peace for now.
      const asked = new Set(call.refusals.map(({ doctorId }) => doctorId));
      const unasked = able.filter(({ id }) => !asked.has(id));
      for (const { id } of unasked) assert(ringing.includes(id), "forgotten");
      if (unasked.length > 0) continue;
      for (const { id } of able) {
        const { at } = call.refusals.find((one) => one.doctorId === id)!;
        const rested = Date.parse(at) + PEACE_MS <= this.now.getTime();
        assert(!rested || ringing.includes(id), "forgotten");
      }
    }
  }
}

const EVENTS = 10_000;
const PATIENTS_MAX = 12;

/** A die that any two runs with the same seed throw alike. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** One thing that somebody does, or that time does. */
function shake(clinic: Clinic, roll: (sides: number) => number): void {
  const waiting = clinic.waiting();
  const call = waiting[roll(Math.max(1, waiting.length))];
  const doctor = [...clinic.doctors.values()][roll(clinic.doctors.size)]!;
  switch (roll(10)) {
    case 0:
    case 1:
      if (waiting.length >= PATIENTS_MAX) break;
      clinic.request({
        urgency: roll(5) === 0 ? "urgent" : "routine",
        specialty: roll(4) === 0 ? "dermatology" : null,
        language: roll(4) === 0 ? "es" : null,
      });
      break;
    case 2:
      if (call && roll(4) === 0) clinic.happen(call.id, { type: "cancelled" });
      break;
    case 3: {
      // Two doctors press at once.
      if (!call) break;
      clinic.accept(call.id, doctor.id);
      clinic.accept(call.id, [...clinic.doctors.keys()][roll(4)]!);
      break;
    }
    case 4:
      if (call?.offer) {
        clinic.happen(call.id, {
          type: "declined",
          doctorId: call.offer.doctorId,
        });
      }
      break;
    case 5:
      if (roll(2) === 0) clinic.hangUp(doctor.id);
      else clinic.neverCome(doctor.id);
      break;
    case 6:
      doctor.isHere = !doctor.isHere;
      break;
    case 7:
      clinic.say(doctor.id, !clinic.said.get(doctor.id)!.available);
      break;
    default:
      clinic.now = new Date(clinic.now.getTime() + roll(2 * OFFER_MS));
  }
}

Deno.test("S2.25 S2.33 ten thousand random events: no double assignment, no lost request, nobody starves", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const roll = dice(seed);
      const clinic = new Clinic([
        { specialties: [], languages: [] },
        { specialties: ["dermatology"], languages: ["en"] },
        { specialties: [], languages: ["es"] },
        { specialties: ["dermatology"], languages: ["es"] },
      ]);
      for (let i = 0; i < EVENTS; i++) {
        shake(clinic, roll);
        clinic.sweep();
      }
      // No request is lost: each waits, or has an end.
      assert.equal(clinic.calls.size + clinic.past.size, clinic.asked);
      assert(clinic.asked > 100 && clinic.past.size > 100);
      assert(clinic.stops > 10, `${clinic.stops} stops`);
      serveAll(clinic);
    }),
    { numRuns: 3 },
  );
});

/** From now on every doctor is there and takes what rings: everybody is served, in the order of the queue as far as the doctors fit. */
function serveAll(clinic: Clinic): void {
  for (const doctor of clinic.doctors.values()) {
    clinic.hangUp(doctor.id);
    doctor.isHere = true;
    clinic.say(doctor.id, true);
  }
  let rounds = 0;
  while (clinic.waiting().length > 0) {
    assert(++rounds < 10 * PATIENTS_MAX, "somebody starves");
    clinic.now = new Date(clinic.now.getTime() + PEACE_MS);
    clinic.sweep();
    for (const call of clinic.waiting()) {
      if (call.offer !== null) clinic.accept(call.id, call.offer.doctorId);
    }
    for (const id of clinic.doctors.keys()) clinic.hangUp(id);
  }
}

Deno.test("nobody starves while others keep coming: of two that wait, who came ten minutes later never goes first", () => {
  const moment = fc.integer({ min: 0, max: 3_600_000 });
  const call = fc.record({
    createdMs: moment,
    urgency: fc.constantFrom("routine" as const, "urgent" as const),
  });
  fc.assert(fc.property(fc.array(call, { maxLength: 30 }), (said) => {
    const calls = said.map(({ createdMs, urgency }, index) =>
      aCall({
        id: `c${index}`,
        createdAt: new Date(NOON.getTime() + createdMs).toISOString(),
        urgency,
      })
    );
    const order = inOrder(calls);
    order.forEach((one, index) => {
      for (const later of order.slice(index + 1)) {
        const lead = Date.parse(one.createdAt) - Date.parse(later.createdAt);
        assert(lead <= HEAD_START_MS);
        if (one.urgency === later.urgency) assert(lead <= 0);
      }
    });
  }));
});
