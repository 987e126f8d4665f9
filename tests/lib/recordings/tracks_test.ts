import assert from "node:assert/strict";
import {
  groupBySeat,
  isComplete,
  leadSeconds,
} from "@/lib/recordings/tracks.ts";
import type { TrackRecording } from "@/lib/video/provider.ts";
import { aSession, doctor, patient } from "../../support/fixtures.ts";

function aTrack(about: Partial<TrackRecording> = {}): TrackRecording {
  return {
    sid: "RT1",
    participantSid: "PA1",
    kind: "audio",
    status: "completed",
    startedAt: "2026-11-21T12:00:05.000Z",
    offsetMs: 0,
    durationSeconds: 60,
    ...about,
  };
}

Deno.test("tracks are grouped by person, however often they came; strangers and failures are left out", () => {
  const people = [
    { sid: "PA1", identity: doctor.accountId },
    { sid: "PA2", identity: patient.accountId },
    { sid: "PA3", identity: patient.accountId },
    { sid: "PA4", identity: "somebody else" },
  ];
  const tracks = [
    aTrack(),
    aTrack({ kind: "video" }),
    aTrack({ participantSid: "PA2" }),
    aTrack({ participantSid: "PA3" }),
    aTrack({ participantSid: "PA4" }),
    aTrack({ participantSid: "PA5" }),
  ];
  assert.deepEqual(groupBySeat(tracks, people, aSession()), [
    { seat: "doctor", participantSids: ["PA1"] },
    { seat: "patient", participantSids: ["PA2", "PA3"] },
  ]);
  assert.deepEqual(
    groupBySeat([aTrack({ status: "failed" })], people, aSession()),
    [],
  );
});

Deno.test("a recording is complete when no track is being written", () => {
  assert.equal(isComplete([]), true);
  assert.equal(isComplete([aTrack(), aTrack({ status: "failed" })]), true);
  assert.equal(isComplete([aTrack(), aTrack({ status: "processing" })]), false);
});

Deno.test("the lead is the time from the opening of the room to the first track, never negative", () => {
  const late = aTrack({ startedAt: "2026-11-21T12:10:00.000Z" });
  assert.equal(leadSeconds([late, aTrack()], "2026-11-21T12:00:00.000Z"), 5);
  assert.equal(leadSeconds([aTrack()], "2026-11-21T12:00:05.900Z"), 0);
  assert.equal(leadSeconds([], "2026-11-21T12:00:00.000Z"), 0);
});
