import assert from "node:assert/strict";
import type { Actor } from "@/lib/accounts/account.ts";
import { EMPTY_CHAIN } from "@/lib/audit/chain.ts";
import type { AppError } from "@/lib/errors.ts";
import { authorizeVisit, availableVisitActions } from "@/lib/visits/policy.ts";
import type { Visit, VisitStatus } from "@/lib/visits/visit.ts";
import { doctor, patient, stranger } from "../../support/fixtures.ts";

function aVisit(status: VisitStatus = "OPEN"): Visit {
  return {
    v: 2,
    id: "01JD0000000000000000000001",
    doctor: { id: doctor.accountId, name: doctor.name },
    patient: { id: patient.accountId, name: patient.name },
    reason: "Cough",
    status,
    plannedStart: null,
    createdAt: "2026-11-21T10:00:00.000Z",
    closedAt: null,
    rev: 1,
    ...EMPTY_CHAIN,
  };
}

function decide(actor: Actor, status?: VisitStatus): string[] {
  return (["see", "attend", "create_session", "close"] as const).map(
    (operation) => {
      try {
        authorizeVisit(actor, operation, aVisit(status));
        return "yes";
      } catch (error) {
        return (error as AppError).code;
      }
    },
  );
}

Deno.test("authorizeVisit() lets the doctor work with it, and the patient see it", () => {
  assert.deepEqual(decide(doctor), ["yes", "yes", "yes", "yes"]);
  assert.deepEqual(decide(doctor, "CLOSED"), [
    "yes",
    "yes",
    "visit_closed",
    "yes",
  ]);
  const refused = Array(3).fill("role_forbidden");
  for (const status of ["OPEN", "CLOSED"] as const) {
    assert.deepEqual(decide(patient, status), ["yes", ...refused]);
  }
});

Deno.test("authorizeVisit() knows a visit only for its doctor and its patient, each in their role", () => {
  const strangers: Actor[] = [
    stranger,
    { ...patient, accountId: "patient-2" },
    { ...doctor, role: "admin" },
    { ...doctor, role: "patient" },
    { ...patient, role: "doctor" },
  ];
  for (const actor of strangers) {
    assert.deepEqual(decide(actor), Array(4).fill("visit_not_found"));
    assert.deepEqual(availableVisitActions(actor, aVisit()), []);
  }
});

Deno.test("availableVisitActions() offers the doctor what an OPEN visit can take", () => {
  assert.deepEqual(availableVisitActions(doctor, aVisit()), [
    "create_session",
    "close",
  ]);
  assert.deepEqual(availableVisitActions(doctor, aVisit("CLOSED")), []);
  assert.deepEqual(availableVisitActions(patient, aVisit()), []);
});
