import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import {
  authorize,
  availableActions,
  SESSION_ACTIONS,
} from "@/lib/sessions/policy.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { aSession, doctor, patient, stranger } from "../../support/fixtures.ts";

const PEOPLE = {
  doctor,
  patient,
  "another doctor": stranger,
  "another patient": { ...patient, accountId: "patient-2" },
  "an admin": { ...doctor, role: "admin" as const },
  // Roles and seats go together: a doctor's id in the patient's role is nobody.
  "a patient with the doctor's id": { ...doctor, role: "patient" as const },
  "a doctor with the patient's id": { ...patient, role: "doctor" as const },
};

const DECISIONS: Record<keyof typeof PEOPLE, string[]> = {
  // start, join, leave, end, cancel, edit, consent, offer_video, answer_video, play_recording, delete_recording
  doctor: Array(11).fill("doctor"),
  patient: [
    "role_forbidden",
    "patient",
    "patient",
    "role_forbidden",
    "role_forbidden",
    "role_forbidden",
    "patient",
    "patient",
    "patient",
    "patient",
    "role_forbidden",
  ],
  "another doctor": Array(11).fill("session_not_found"),
  "another patient": Array(11).fill("session_not_found"),
  "an admin": Array(11).fill("session_not_found"),
  "a patient with the doctor's id": Array(11).fill("session_not_found"),
  "a doctor with the patient's id": Array(11).fill("session_not_found"),
};

for (const [name, actor] of Object.entries(PEOPLE)) {
  Deno.test(`S3.36 S3.48 authorize() decides every action for ${name}`, () => {
    const actual = SESSION_ACTIONS.map((action) => {
      try {
        return authorize(actor, action, aSession());
      } catch (error) {
        return (error as AppError).code;
      }
    });
    assert.deepEqual(actual, DECISIONS[name as keyof typeof PEOPLE]);
  });
}

const OFFERED = {
  SCHEDULED: { doctor: ["start", "cancel", "edit"], patient: ["join"] },
  IN_PROGRESS: { doctor: ["join", "end", "edit"], patient: ["join"] },
  COMPLETED: { doctor: ["edit"], patient: [] },
  CANCELLED: { doctor: [], patient: [] },
  FAILED: { doctor: [], patient: [] },
} as const;

const ROWS = {
  SCHEDULED: "S3.24",
  IN_PROGRESS: "S3.25",
  COMPLETED: "S3.26",
  CANCELLED: "S3.27",
  FAILED: "S3.28",
} as const;

for (const [status, offered] of Object.entries(OFFERED)) {
  const key = status as keyof typeof OFFERED;
  Deno.test(`${ROWS[key]} availableActions() offers what a ${status} session can take`, () => {
    const session = aSession({ status: key });
    assert.deepEqual(availableActions(doctor, session), offered.doctor);
    assert.deepEqual(availableActions(patient, session), offered.patient);
    assert.deepEqual(availableActions(stranger, session), []);
  });
}

Deno.test("availableActions() offers to leave to whoever is there", () => {
  const session = aSession({
    status: "IN_PROGRESS",
    presence: {
      doctor: { state: "connected", at: "" },
      patient: { state: "disconnected", at: "" },
    },
  });
  assert(availableActions(doctor, session).includes("leave"));
  assert(!availableActions(patient, session).includes("leave"));
});

Deno.test("availableActions() offers video in a voice call, and an answer to whoever is asked or asks", () => {
  const voice = aSession({ status: "IN_PROGRESS", voiceOnly: true });
  const asked = { ...voice, videoOffer: { by: "doctor" as const, at: "" } };
  const moving = { ...voice, moving: { roomName: "r2", at: "", deadline: "" } };
  const offered = (session: Session) =>
    [doctor, patient].map((actor) =>
      availableActions(actor, session).filter((one) => /video/.test(one))
    );
  assert.deepEqual(offered(voice), [["offer_video"], ["offer_video"]]);
  assert.deepEqual(offered(asked), [["answer_video"], ["answer_video"]]);
  for (
    const session of [
      moving,
      aSession({ status: "IN_PROGRESS" }),
      aSession({ voiceOnly: true }),
      aSession({ status: "COMPLETED", voiceOnly: true }),
    ]
  ) assert.deepEqual(offered(session), [[], []]);
});
