import assert from "node:assert/strict";
import type { Availability } from "@/lib/calls/availability.ts";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { acceptCall, requestCall } from "@/lib/calls/service.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { aWish } from "../../support/fixtures.ts";
import { createWorld } from "../../support/world.ts";

const WISH = aWish();

/** What is made wrong, and which invariant notices. */
const DAMAGE: [
  what: string,
  invariant: string,
  damage: (
    kv: Deno.Kv,
    ids: {
      taken: string;
      sessionId: string;
      waits: string;
      patientId: string;
      doctorId: string;
    },
  ) => Promise<unknown>,
][] = [
  [
    "a place in the queue that is lost",
    "I8",
    (kv, { waits }) => kv.delete(["call_waiting", waits]),
  ],
  [
    "a place in the queue that is nobody's",
    "I8",
    (kv, { taken }) => kv.set(["call_waiting", taken], taken),
  ],
  [
    "a doctor at whom nothing rings, and the storage says so",
    "I8",
    (kv) => kv.set(["call_offer", "somebody"], "something"),
  ],
  [
    "an offer to a patient",
    "I9",
    (kv, { waits, patientId }) =>
      edit(kv, waits, (call) => ({
        ...call,
        offer: { ...call.offer!, doctorId: patientId },
      })),
  ],
  [
    "an offer of a call that is over",
    "I9",
    async (kv, { taken, waits }) => {
      const { value } = await kv.get<CallRequest>(["call", waits]);
      const { offer } = value!;
      await edit(kv, taken, (call) => ({ ...call, offer }));
    },
  ],
  [
    "a patient who waits twice",
    "I9",
    (kv, { taken, patientId }) => kv.set(["call_last", patientId], taken),
  ],
  [
    "an accepted call whose session is gone",
    "I10",
    (kv, { taken }) =>
      edit(kv, taken, (call) => ({ ...call, sessionId: call.id })),
  ],
  [
    "an accepted call at whose end nobody would look",
    "I10",
    (kv, { taken }) => kv.delete(["call_under_way", taken]),
  ],
  [
    "a call that waits, and at whose end somebody would look",
    "I10",
    (kv, { waits, sessionId }) => kv.set(["call_under_way", waits], sessionId),
  ],
  [
    "a call that was never accepted and has a doctor",
    "I10",
    (kv, { waits }) =>
      edit(kv, waits, (call) => ({ ...call, acceptedBy: call.patient })),
  ],
  [
    "a doctor in a call on demand and in something else",
    "I14",
    async (kv, { sessionId }) => {
      const { value } = await kv.get<Session>(["session", sessionId]);
      await kv.set(["session", "another"], { ...value, id: "another" });
    },
  ],
  [
    "a doctor who is stopped and takes calls",
    "I13",
    (kv, { doctorId }) => said(kv, doctorId, { stopped: "unanswered" }),
  ],
  [
    "a doctor who lets everything pass and takes more",
    "I13",
    (kv, { doctorId }) => said(kv, doctorId, { unanswered: 3 }),
  ],
  [
    "a doctor who was switched off, and no entry tells of it",
    "I13",
    (kv, { doctorId }) =>
      said(kv, doctorId, {
        available: false,
        unanswered: 3,
        stopped: "unanswered",
      }),
  ],
  [
    "a patient who takes calls",
    "I13",
    (kv, { doctorId, patientId }) =>
      said(kv, doctorId, { doctor: { id: patientId, name: "Pat" } }),
  ],
  [
    "a status that no entry tells of",
    "I3",
    (kv, { waits }) =>
      edit(kv, waits, (call) => ({ ...call, status: "EXPIRED" })),
  ],
  [
    "a change without an entry",
    "I1",
    (kv, { waits }) => edit(kv, waits, (call) => ({ ...call, rev: 9 })),
  ],
  [
    "an entry that is missing",
    "I2",
    (kv, { waits }) => kv.delete(["audit", "e", `c:${waits}`, 1]),
  ],
];

async function edit(
  kv: Deno.Kv,
  id: string,
  change: (call: CallRequest) => CallRequest,
): Promise<void> {
  const { value } = await kv.get<CallRequest>(["call", id]);
  await kv.set(["call", id], change(value!));
}

async function said(
  kv: Deno.Kv,
  doctorId: string,
  about: Partial<Availability>,
): Promise<void> {
  const key = ["doctor_availability", doctorId];
  const { value } = await kv.get<Availability>(key);
  await kv.set(key, { ...value, ...about });
}

for (const [what, invariant, damage] of DAMAGE) {
  Deno.test(`${invariant} ${what} is found`, async () => {
    await using world = await createWorld();
    const { services, doctor, otherDoctor, patient, otherPatient } = world;
    const taken = (await requestCall(services, patient, WISH)).call.id;
    const { session } = await acceptCall(services, otherDoctor, taken);
    await setAvailability(services, doctor, { available: true });
    const waits = (await requestCall(services, otherPatient, WISH)).call.id;
    await sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
    const whole = await checkInvariants(services.kv);
    assert.deepEqual([whole.calls, whole.violations], [2, []]);
    await damage(services.kv, {
      taken,
      sessionId: session.id,
      waits,
      patientId: otherPatient.actor.accountId,
      doctorId: doctor.actor.accountId,
    });
    const { violations } = await checkInvariants(services.kv);
    assert(
      violations.some((one) => one.invariant === invariant),
      JSON.stringify(violations),
    );
  });
}
