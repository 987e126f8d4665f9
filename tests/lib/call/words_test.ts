import { deepEqual, equal } from "node:assert/strict";
import { latest } from "@/lib/call/latest.ts";
import { loudness } from "@/lib/call/loudness.ts";
import {
  absenceWord,
  calledName,
  comings,
  domId,
  homeOf,
  type Me,
  otherOf,
  personOf,
} from "@/lib/call/people.ts";
import { wayOn } from "@/lib/call/way_on.ts";
import { recordingWord } from "@/lib/call/recording_word.ts";
import { remoteWords, statusWord } from "@/lib/call/words.ts";
import { stopwatch } from "@/lib/ui/stopwatch.ts";
import type { RecordingView, SessionView } from "@/lib/sessions/view.ts";
import { aParticipant, aView } from "@/tests/lib/call/fake_line.ts";

const doctor = {
  identity: "01DOCTOR",
  role: "doctor",
  name: "Dr Meera Rao",
} as const;
const patient = {
  identity: "01PATIENT",
  role: "patient",
  name: "Asha Kumar",
} as const;

Deno.test("the status has four words (S3.13)", () => {
  deepEqual(
    (["connecting", "connected", "reconnecting", "disconnected"] as const).map(
      statusWord,
    ),
    ["Connecting…", "Connected", "Reconnecting…", "Disconnected"],
  );
});

Deno.test("what is missing of somebody is said in words (S3.43)", () => {
  deepEqual(remoteWords(aParticipant(), false), []);
  deepEqual(remoteWords(aParticipant({ camera: "off" }), false), [
    "Camera off",
  ]);
  deepEqual(
    remoteWords(aParticipant({ camera: "off", microphone: "off" }), false),
    ["Camera off", "Muted"],
  );
  deepEqual(remoteWords(aParticipant({ camera: "off" }), true), []);
  deepEqual(
    remoteWords(aParticipant({ microphone: "off", reconnecting: true }), false),
    ["Reconnecting…"],
  );
});

Deno.test("who is not there is not here yet, joining, or gone", () => {
  const at = "2026-11-20T12:00:00Z";
  equal(absenceWord(null), "Not here yet");
  equal(absenceWord({ state: "joining", at }), "Joining…");
  equal(absenceWord({ state: "disconnected", at }), "Left the call");
});

Deno.test("the clock shows hours only when there are some", () => {
  deepEqual([0, 277, 3729, -5].map(stopwatch), [
    "00:00",
    "04:37",
    "1:02:09",
    "00:00",
  ]);
});

Deno.test("an identity becomes an id that any selector takes (S1.23)", () => {
  equal(domId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  equal(domId('a b<"#1'), "a_b___1");
  equal(/^[\w-]*$/.test(domId("üñí \u{1F600}")), true);
});

Deno.test("people are who the session says they are", () => {
  const session = aView();
  equal(otherOf(session, doctor).name, "Asha Kumar");
  equal(otherOf(session, patient).name, "Dr Meera Rao");
  equal(personOf(session, "01DOCTOR")?.name, "Dr Meera Rao");
  equal(personOf(session, "01STRANGER"), null);
  equal(calledName(session, session.doctor), "Dr Meera Rao");
  equal(calledName(session, session.patient), "Asha");
});

Deno.test("each goes back to where they came from (S3.22)", () => {
  equal(homeOf(aView(), doctor), "/visits/01VISIT/telemedicine");
  equal(homeOf(aView(), patient), "/patient-portal/telemedicine");
});

Deno.test("from a call on demand the doctor goes back to the queue, the patient home, or to the line if nobody came", () => {
  const back = (me: Me, changes: Partial<SessionView> = {}) => {
    const session = aView({ on_demand: true, ...changes });
    const { words, href } = wayOn(session, me);
    return [words, href];
  };
  deepEqual(back(doctor), ["Back to the queue", "/doctor/queue"]);
  const home = ["Back to your home page", "/patient-portal/dashboard"];
  const ask = "/patient-portal/dashboard#ask";
  deepEqual(back(patient), home);
  const stays = { doctor: [{ joined_at: "", left_at: null }], patient: [] };
  for (
    const changes of [
      { status: "COMPLETED", attendance: stays, no_show: ["patient"] },
      // The video service told nothing, but the doctor was let in and ended it.
      { status: "COMPLETED", end_reason: "ended_by_doctor" },
    ] as const
  ) deepEqual(back(patient, changes as Partial<SessionView>), home);
  for (
    const changes of [
      { status: "FAILED" },
      { status: "CANCELLED" },
      { status: "COMPLETED", no_show: ["doctor"] },
      { status: "COMPLETED", no_show: ["doctor", "patient"] },
    ] as const
  ) {
    const view = changes as Partial<SessionView>;
    deepEqual(back(patient, view), ["Ask again", ask]);
    // What the server says of the request is what counts.
    const returns = { ...view, returns_to_line: true, call_id: "01CALL" };
    deepEqual(back(patient, returns), ["Back to the line", "/calls/01CALL"]);
    deepEqual(back(doctor, returns), ["Back to the queue", "/doctor/queue"]);
  }
  // A planned session was not asked for at a line.
  const planned = aView({ status: "FAILED" });
  equal(wayOn(planned, patient).href, "/patient-portal/telemedicine");
});

Deno.test("comings and goings are told, changes are not", () => {
  const name = (identity: string) => identity;
  equal(comings([], [aParticipant({ identity: "a" })], name), "a joined");
  equal(
    comings([aParticipant({ identity: "a" })], [
      aParticipant({ identity: "b" }),
    ], name),
    "b joined. a left",
  );
  equal(comings([aParticipant()], [aParticipant({ camera: "off" })], name), "");
});

Deno.test("of two views of a session the one with the larger revision is shown", () => {
  const before = aView({ rev: 3, start_pending: true });
  const after = aView({ rev: 4 });
  equal(latest(before, after), after);
  equal(latest(after, before), after);
});

Deno.test("silence is 0, a loud voice is 1", () => {
  equal(loudness(new Float32Array(64)), 0);
  equal(loudness(new Float32Array(64).fill(0.5)), 1);
  equal(loudness(new Float32Array(0)), 0);
});

const at = "2026-11-20T12:01:00.000Z";
const yes = { granted: true, at };
const no = { granted: false, at };

Deno.test("S3.6 the plate in the call says whether it is recorded, and if not, for whom it waits or who said no", () => {
  const says = (about: Partial<RecordingView>) =>
    [doctor, patient].map((me) =>
      recordingWord(
        aView({
          recording: { ...aView().recording, requested: true, ...about },
        }),
        me,
      )
    );
  equal(recordingWord(aView(), doctor), null);
  const consents = (doctor: typeof yes | null, patient: typeof yes | null) => ({
    consents: { doctor, patient },
  });
  deepEqual(says({ active: true, ...consents(yes, yes) }), [
    "Recording",
    "Recording",
  ]);
  deepEqual(says(consents(yes, yes)), [
    "Recording starts…",
    "Recording starts…",
  ]);
  deepEqual(says({ active: true, ...consents(yes, no) }), [
    "Recording stops…",
    "Recording stops…",
  ]);
  deepEqual(says(consents(yes, null)), [
    "Not recorded: waiting for consent of Asha",
    "Not recorded: waiting for consent of you",
  ]);
  deepEqual(says(consents(null, null)), [
    "Not recorded: waiting for consent of you",
    "Not recorded: waiting for consent of you",
  ]);
  deepEqual(says(consents(yes, no)), [
    "Not recorded: Asha said no",
    "Not recorded: you said no",
  ]);
});
