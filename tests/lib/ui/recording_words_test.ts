import assert from "node:assert/strict";
import { finished, newRecording } from "@/lib/sessions/recording.ts";
import type { RecordingView } from "@/lib/sessions/view.ts";
import {
  consentSentence,
  recordingFact,
  recordingSentence,
} from "@/lib/ui/recording/recording_words.ts";
import { aView } from "@/tests/lib/call/fake_line.ts";

const at = "2026-11-20T12:01:00.000Z";
const yes = { granted: true, at };
const no = { granted: false, at };

function recording(about: Partial<RecordingView>) {
  return {
    recording: { ...aView().recording, requested: true, ...about },
  };
}

Deno.test("S3.18 what became of the recording is said in words, for each state", () => {
  const over = { status: "COMPLETED" as const, ended_at: at };
  const cases: [Partial<RecordingView>, fact: RegExp, sentence: RegExp][] = [
    [
      { state: "none" },
      /^Nothing/,
      /^Nothing was recorded\. You were not asked/,
    ],
    [
      { state: "none", consents: { doctor: yes, patient: no } },
      /^Nothing/,
      /Asha said no\.$/,
    ],
    [
      { state: "none", consents: { doctor: yes, patient: yes } },
      /^Nothing/,
      /never began\.$/,
    ],
    [{ state: "processing" }, /prepared$/, /will appear here/],
    [
      { state: "ready", duration_seconds: 1061 },
      /^Ready, 17 minutes$/,
      /ready: 17 minutes\.$/,
    ],
    [{ state: "failed" }, /^Could not/, /nothing you did/],
    [{ state: "deleting" }, /^Deleted$/, /^You deleted/],
    [{ state: "deleted" }, /^Deleted$/, /^You deleted/],
  ];
  for (const [about, fact, sentence] of cases) {
    const session = aView({ ...over, ...recording(about) });
    assert.match(recordingFact(session)!, fact);
    assert.match(recordingSentence(session, "doctor")!, sentence);
  }
  const deleted = aView({ ...over, ...recording({ state: "deleted" }) });
  assert.match(recordingSentence(deleted, "patient")!, /^Dr Meera Rao deleted/);
  assert.equal(recordingFact(aView()), null);
  assert.equal(recordingSentence(aView(), "doctor"), null);
  assert.equal(recordingFact(aView(recording({}))), "Asked for");
  assert.equal(recordingFact(aView(recording({ active: true }))), "Running");
});

Deno.test("S3.18 a recording that somebody refused is not told as being prepared when the session has just ended", () => {
  const cases: [
    doctor: typeof yes | null,
    patient: typeof yes | null,
    taken: boolean,
    sentence: RegExp,
  ][] = [
    [no, yes, false, /^Nothing was recorded\. You said no\.$/],
    [yes, no, false, /^Nothing was recorded\. Asha said no\.$/],
    [null, null, false, /^Nothing was recorded\. You were not asked\.$/],
    [yes, null, false, /^Nothing was recorded\. Asha was not asked\.$/],
    [yes, yes, false, /is being prepared/],
    // Taken back after it began: what was recorded until then is there.
    [yes, no, true, /is being prepared/],
  ];
  for (const [doctor, patient, taken, sentence] of cases) {
    const { state } = finished({
      ...newRecording(true),
      consents: {
        doctor: doctor && { ...doctor, textVersion: "2026-11" },
        patient: patient && { ...patient, textVersion: "2026-11" },
      },
      taken,
    });
    const session = aView({
      status: "COMPLETED",
      ended_at: at,
      ...recording({ state, consents: { doctor, patient } }),
    });
    assert.match(recordingSentence(session, "doctor")!, sentence);
    assert.equal(
      recordingFact(session),
      state === "none" ? "Nothing was recorded" : "Being prepared",
    );
  }
});

Deno.test("who agreed and when, each from where they sit", () => {
  const session = aView(recording({ consents: { doctor: yes, patient: no } }));
  assert.equal(
    consentSentence(session, "doctor", "UTC"),
    "You agreed at 12:01. Asha said no at 12:01.",
  );
  assert.equal(
    consentSentence(session, "patient", "UTC"),
    "You said no at 12:01. Dr Meera Rao agreed at 12:01.",
  );
  assert.equal(consentSentence(aView(), "patient", "UTC"), "");
});
