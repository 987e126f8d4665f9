import assert from "node:assert/strict";
import { CallStatus } from "@/lib/calls/call_request.ts";
import { NO_SKILLS } from "@/lib/calls/doctors.ts";
import { CALL_OPERATIONS, type CallOperation } from "@/lib/access/table.ts";
import { authorizeCall, availableCallActions } from "@/lib/calls/policy.ts";
import { AppError } from "@/lib/errors.ts";
import { aCall, doctor, patient, stranger } from "../../support/fixtures.ts";

const TAKEN = {
  status: "ACCEPTED" as const,
  acceptedBy: { id: doctor.accountId, name: doctor.name },
};

const OPERATIONS = Object.keys(CALL_OPERATIONS) as CallOperation[];
const NOT_FOUND = OPERATIONS.map(() => "call_not_found");
const F = "role_forbidden";

/** see, follow, accept, decline, cancel, widen: of a request that waits, and of one that `doctor` has taken. */
const DECISIONS: [string, typeof patient, string[], string[]][] = [
  [
    "its patient",
    patient,
    ["patient", "patient", F, F, "patient", "patient"],
    ["patient", "patient", F, F, "patient", "patient"],
  ],
  [
    "the doctor who takes it",
    doctor,
    ["candidate", F, "candidate", "candidate", F, F],
    ["taker", "taker", "taker", "taker", F, F],
  ],
  [
    "another doctor",
    stranger,
    ["candidate", F, "candidate", "candidate", F, F],
    [
      "call_not_found",
      "call_not_found",
      "candidate",
      "candidate",
      "call_not_found",
      "call_not_found",
    ],
  ],
  [
    "another patient",
    { ...patient, accountId: "patient-2" },
    NOT_FOUND,
    NOT_FOUND,
  ],
  ["an admin", { ...doctor, role: "admin" as const }, NOT_FOUND, NOT_FOUND],
];

for (const [name, actor, waiting, taken] of DECISIONS) {
  Deno.test(`authorizeCall() decides every action for ${name}`, () => {
    const decisions = (call: ReturnType<typeof aCall>) =>
      OPERATIONS.map((operation) => {
        try {
          return authorizeCall(actor, operation, call, NO_SKILLS);
        } catch (error) {
          return (error as AppError).code;
        }
      });
    assert.deepEqual(decisions(aCall()), waiting);
    assert.deepEqual(decisions(aCall(TAKEN)), taken);
  });
}

Deno.test("a request for a specialty does not exist for doctors of others", () => {
  const call = aCall({ specialty: "dermatology" });
  assert.throws(
    () => authorizeCall(doctor, "accept", call, NO_SKILLS),
    ({ code }: AppError) => code === "call_not_found",
  );
  const skills = { specialties: ["dermatology"], languages: [] };
  assert.equal(authorizeCall(doctor, "accept", call, skills), "candidate");
});

Deno.test("the buttons are what can be done now", () => {
  for (const status of CallStatus.options) {
    const call = aCall({ status });
    const waits = status === "WAITING";
    assert.deepEqual(
      availableCallActions(patient, call, NO_SKILLS),
      waits ? ["cancel"] : [],
    );
    assert.deepEqual(
      availableCallActions(
        patient,
        aCall({ status, language: "es" }),
        NO_SKILLS,
      ),
      waits ? ["cancel", "widen"] : [],
    );
    assert.deepEqual(
      availableCallActions(doctor, call, NO_SKILLS),
      waits ? ["accept", "decline"] : [],
    );
  }
});

Deno.test("strangers are offered nothing", () => {
  const call = aCall({ specialty: "dermatology" });
  const otherPatient = { ...patient, accountId: "patient-2" };
  for (const actor of [doctor, otherPatient]) {
    assert.deepEqual(availableCallActions(actor, call, NO_SKILLS), []);
  }
});
