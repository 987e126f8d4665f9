import assert from "node:assert/strict";
import { dedupeId, StatusCallback } from "@/lib/callbacks/status_callback.ts";

const ROOM = {
  AccountSid: "AC1",
  RoomSid: "RM1",
  RoomName: "visit-1",
  StatusCallbackEvent: "participant-connected",
  Timestamp: "2026-07-09T01:02:03.123Z",
  SequenceNumber: "7",
  ParticipantSid: "PA1",
  ParticipantIdentity: "alice",
  ParticipantStatus: "connected",
};

const RECORDING = {
  ...ROOM,
  StatusCallbackEvent: "recording-completed",
  RecordingSid: "RT1",
  SourceSid: "MT1",
};

const COMPOSITION = {
  AccountSid: "AC1",
  RoomSid: "RM1",
  StatusCallbackEvent: "composition-available",
  Timestamp: "2026-07-09T01:02:03.123Z",
  CompositionSid: "CJ1",
  MediaUri: "/v1/Compositions/CJ1/Media",
};

Deno.test("callbacks of rooms, recordings and compositions are understood", () => {
  const { ParticipantStatus: _, ...known } = ROOM;
  assert.deepEqual(StatusCallback.parse(ROOM), {
    ...known,
    SequenceNumber: 7,
  });
  assert.equal(StatusCallback.parse(RECORDING).RecordingSid, "RT1");
  const composition = StatusCallback.parse(COMPOSITION);
  assert.equal(composition.CompositionSid, "CJ1");
  assert.equal(composition.RoomName, undefined);
});

Deno.test("two deliveries of a callback are one, two compositions are not", () => {
  const id = (fields: Record<string, string>) =>
    dedupeId(StatusCallback.parse(fields));
  assert.equal(id(COMPOSITION), id({ ...COMPOSITION, More: "x" }));
  assert.notEqual(
    id(COMPOSITION),
    id({ ...COMPOSITION, CompositionSid: "CJ2" }),
  );
  assert.notEqual(id(RECORDING), id({ ...RECORDING, RecordingSid: "RT2" }));
});
