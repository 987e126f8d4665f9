import { deepEqual, equal, match, ok } from "node:assert/strict";
import { AUDIT_ACTIONS, type AuditEntry } from "@/lib/audit/entry.ts";
import { ERRORS } from "@/lib/errors.ts";
import { newRecording } from "@/lib/sessions/recording.ts";
import type { Presence, Session } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { doctorWords } from "@/lib/ui/doctor_words.ts";
import { initials } from "@/lib/call/people.ts";
import { historyLines } from "@/lib/ui/history_words.ts";
import { patientWords } from "@/lib/ui/patient_words.ts";
import { errorCode, problemHelp } from "@/lib/ui/problem_help.ts";
import { aSession, doctor, patient } from "../../support/fixtures.ts";

const FROM = { timeZone: "UTC", now: "2026-11-21T12:04:00.000Z" };

const present = (state: Presence["state"]): Presence => ({
  state,
  at: "2026-11-21T12:01:00.000Z",
});

const doctors: [about: Partial<Session>, lead: RegExp, more: RegExp][] = [
  [{}, /^Video$/, /Pat can already open the waiting room/],
  [{ recording: newRecording(true) }, /^Video, recording asked for$/, /./],
  [{ voiceOnly: true }, /^Voice only$/, /./],
  [{ status: "IN_PROGRESS" }, /^Video$/, /Pat is not here yet\./],
  [
    {
      status: "IN_PROGRESS",
      presence: { doctor: null, patient: present("connected") },
    },
    /^Video$/,
    /Pat is there since 12:01\./,
  ],
  [
    {
      status: "IN_PROGRESS",
      presence: {
        doctor: present("disconnected"),
        patient: present("disconnected"),
      },
    },
    /^Video$/,
    /Pat left at 12:01\. You left at 12:01\./,
  ],
  [
    {
      status: "IN_PROGRESS",
      presence: { doctor: null, patient: present("joining") },
    },
    /^Video$/,
    /Pat is joining\./,
  ],
  [{ status: "COMPLETED" }, /^Video, 18 minutes$/, /Ended by you at 12:18\./],
  [{ status: "COMPLETED", endReason: "no_show" }, /^Video$/, /Nobody joined/],
  [
    { status: "COMPLETED", endReason: "room_ended" },
    /18 minutes/,
    /The video service closed/,
  ],
  [
    { status: "CANCELLED" },
    /^Cancelled by you at 11:00$/,
    /did not take place/,
  ],
  [{ status: "COMPLETED", endReason: "doctor_absent" }, /./, /ten minutes/],
  [{ status: "COMPLETED", endReason: "max_duration" }, /./, /four hours/],
  [
    { status: "COMPLETED", admitted: { doctor: true, patient: false } },
    /./,
    /Pat did not come\./,
  ],
  [{ status: "CANCELLED", endReason: "expired" }, /^Never started$/, /a day/],
  [{ status: "FAILED", endReason: "video_unreachable" }, /./, /not answer/],
  [
    { status: "CANCELLED", endReason: "visit_closed" },
    /Cancelled/,
    /visit was closed/,
  ],
  [{ status: "FAILED" }, /^Session failed to start$/, /nothing you did/],
];
for (const [about, lead, more] of doctors) {
  Deno.test(`doctorWords() of ${JSON.stringify(about)}`, () => {
    const words = doctorWords(viewSession(aSession(about), doctor), FROM);
    match(words.lead, lead);
    match(words.more, more);
  });
}

const patients: [about: Partial<Session>, when: string, more: RegExp][] = [
  [{}, "4 minutes ago", /You can come early and wait\./],
  [
    { status: "IN_PROGRESS" },
    "live for 4 minutes",
    /The doctor has started it\./,
  ],
  [
    {
      status: "IN_PROGRESS",
      presence: { patient: null, doctor: present("connected") },
    },
    "live for 4 minutes",
    /Dr Ada Day is there\./,
  ],
  [{ status: "COMPLETED" }, "18 minutes", /^Video$/],
  [{ status: "CANCELLED" }, "did not take place", /Cancelled by the clinic\./],
  [{ status: "FAILED" }, "did not take place", /not your device/],
];
for (const [about, when, more] of patients) {
  Deno.test(`patientWords() of ${JSON.stringify(about)}`, () => {
    const words = patientWords(viewSession(aSession(about), patient), FROM);
    equal(words.lead, doctor.name);
    equal(words.when, when);
    match(words.more, more);
  });
}

Deno.test("every error has an explanation that ends like a sentence", () => {
  for (const code of Object.keys(ERRORS)) {
    match(problemHelp(errorCode(code)!), /^[A-Z].*\.$/);
  }
  equal(errorCode("constructor"), null);
  equal(errorCode(undefined), null);
});

Deno.test("historyLines() tells every entry it knows and names who did it", () => {
  const session = viewSession(aSession(), doctor);
  const entries = AUDIT_ACTIONS.map((action, index) => ({
    action,
    actor: {
      id: index % 2 ? doctor.accountId : patient.accountId,
      role: "doctor",
    },
    ts: FROM.now,
  })) as unknown as AuditEntry[];
  const lines = historyLines(entries, session);
  ok(lines.some(({ fact }) => fact === "Session created"));
  ok(
    lines.every(({ fact, icon, at }) =>
      fact !== "" && icon.length > 0 && at === FROM.now
    ),
  );
  ok(!lines.some(({ fact }) => fact.includes("undefined")));
});

Deno.test("S3.38 historyLines() tells who came and who went, by the stays and in their order", () => {
  const stay = (from: string, to: string | null) => ({
    participantSid: from,
    joinedAt: `2026-11-21T12:${from}:00.000Z`,
    leftAt: to === null ? null : `2026-11-21T12:${to}:00.000Z`,
  });
  const session = viewSession(
    aSession({
      status: "IN_PROGRESS",
      attendance: {
        doctor: [stay("01", null)],
        patient: [stay("02", "03"), stay("05", null)],
      },
    }),
    doctor,
  );
  equal(
    historyLines([], session).map(({ fact }) => fact).join(", "),
    "Dr Ada Day joined, Pat Night joined, Pat Night left, Pat Night joined",
  );
});

Deno.test("S3.7 historyLines() tells nobody but the doctor that there are notes", () => {
  const entry = { action: "session.edit", reason: "notes", actor: {}, ts: "" };
  const told = (who: typeof doctor) =>
    historyLines(
      [entry as unknown as AuditEntry],
      viewSession(aSession(), who),
    ).length;
  equal(told(doctor), 1);
  equal(told(patient), 0);
});

Deno.test("initials() are of the first and the last name, without the title", () => {
  equal(initials("Dr Meera Rao"), "MR");
  equal(initials("Asha"), "A");
  equal(initials("Tomás de la Herrera"), "TH");
  equal(initials(""), "");
});

Deno.test("S3.38 historyLines() tells once that the recording is ready", () => {
  const session = viewSession(aSession({ status: "COMPLETED" }), doctor);
  const entry = (reason: string, action = "recording.settle") =>
    ({ action, reason, actor: { id: "system" }, ts: FROM.now }) as AuditEntry;
  const facts = historyLines([
    entry("processing", "recording.compose"),
    entry("processing"),
    entry("ready"),
  ], session).map(({ fact }) => fact);
  deepEqual(facts, ["Recording ready"]);
});

Deno.test("historyLines() tells who asked for video, and what came of it", () => {
  const session = viewSession(aSession(), doctor);
  const told = ([action, reason]: string[]) =>
    historyLines(
      [{ action, reason, actor: {}, ts: "" } as unknown as AuditEntry],
      session,
    )[0]?.fact;
  deepEqual(
    [
      ["session.video_offer", "doctor:offered"],
      ["session.video_offer", "patient:accepted"],
      ["session.video_answer", "patient:accepted"],
      ["session.video_answer", "patient:refused"],
      ["session.video_answer", "doctor:withdrawn"],
      ["session.room_moved", ""],
      ["session.move_given_up", ""],
      ["session.past_room_closed", ""],
    ].map(told),
    [
      "Dr Ada Day asked to switch to video",
      "Pat Night agreed to video",
      "Pat Night agreed to video",
      "Pat Night stayed on voice",
      "Dr Ada Day took back the question about video",
      "The call switched to video",
      "Switching to video did not work",
      undefined,
    ],
  );
});
