import assert from "node:assert/strict";
import {
  eventually,
  serveEmulator,
} from "@/tests/lib/twilio_emulator/harness.ts";
import { Socket } from "@/tests/lib/twilio_emulator/socket.ts";
import { CALLBACK, providerOf } from "./clinic_service.ts";

const ROOM = { voiceOnly: false };
const unknown = (kind: string) => kind + "0".repeat(32);

Deno.test("recording: everybody or nobody, and only in a room that is open", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const { sid } = await video.openRoom("visit-1", ROOM);
  const rules = async () => {
    const { recordingRules } = served.client.video.v1.rooms(sid);
    return (await recordingRules.fetch()).rules.map(({ type, all }) => ({
      type,
      all,
    }));
  };
  await video.setRecording(sid, true);
  await video.setRecording(sid, true);
  assert.deepEqual(await rules(), [{ type: "include", all: true }]);
  await video.setRecording(sid, false);
  assert.deepEqual(await rules(), [{ type: "exclude", all: true }]);
  assert.deepEqual(await video.listRecordings(sid), []);
  await video.closeRoom(sid);
  await video.setRecording(sid, false);
  await video.setRecording(unknown("RM"), false);
  await assert.rejects(video.setRecording(sid, true), {
    code: "video_rejected",
  });
});

Deno.test("composition: asked for again it is the same, unless that failed; then it can be deleted", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const { compositions } = served.client.video.v1;
  const { sid } = await video.openRoom("visit-1", ROOM);
  const { socket, connected } = await Socket.join(served, "alice", "visit-1");
  await using _alice = socket;
  const alice = connected.participant.sid;
  const back = unknown("PA");

  const wanted = await video.compose(sid, [alice, back], ROOM);
  assert.deepEqual(wanted, {
    sid: wanted.sid,
    status: "processing",
    durationSeconds: null,
    sizeBytes: null,
  });
  assert.deepEqual(await video.compose(sid, [back, alice], ROOM), wanted);
  const made = await compositions(wanted.sid).fetch();
  assert.deepEqual(made.audioSources, [alice, back]);
  assert.deepEqual(made.videoLayout.single.video_sources, [alice, back]);
  assert.deepEqual(
    [made.format, made.trim, made.statusCallback],
    ["webm", false, CALLBACK],
  );
  const other = await video.compose(sid, [alice], { voiceOnly: true });
  assert.notEqual(other.sid, wanted.sid);
  assert.deepEqual(
    (await compositions(other.sid).fetch()).videoLayout,
    {},
  );
  await assert.rejects(video.deleteComposition(wanted.sid), {
    code: "video_unavailable",
  });
  // Not there yet.
  assert.equal(await video.openMedia(wanted.sid, null), null);

  // Nothing was recorded.
  await video.closeRoom(sid);
  await eventually(
    () => video.fetchComposition(wanted.sid),
    (composition) => composition?.status === "failed",
    "a composition that failed",
  );
  assert.notEqual(
    (await video.compose(sid, [alice, back], ROOM)).sid,
    wanted.sid,
  );
  await video.deleteComposition(wanted.sid);
  await video.deleteComposition(unknown("CJ"));
  await video.deleteRecording(unknown("RT"));
  assert.equal(await video.fetchComposition(unknown("CJ")), null);
});
