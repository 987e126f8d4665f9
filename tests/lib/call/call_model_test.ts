import { deepEqual, equal } from "node:assert/strict";
import { ApiError } from "@/lib/api_client.ts";
import { ConnectionError } from "@/lib/call/connection.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import type { SessionAction } from "@/lib/sessions/policy.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import {
  aCall,
  aParticipant,
  aView,
  fakeOf,
  MOVED,
  settled,
} from "@/tests/lib/call/fake_line.ts";

Deno.test("join() asks for the devices once, then for a token, then connects", async () => {
  const { call, devices, line, api } = aCall();
  await call.join();

  equal(call.phase.value, "connected");
  deepEqual(devices.asked, [{ camera: true, microphone: true }]);
  deepEqual(api.log, ["access"]);
  deepEqual(line.log, ["prepare", "connect token-1"]);
});

Deno.test("join() sends the tracks of the preview, not new ones (S1.19)", async () => {
  const { call, media, devices, line } = aCall();
  await media.open();
  await call.join();

  equal(devices.asked.length, 1);
  equal(line.sent[0]!.camera, media.camera.value);
  equal(line.sent[0]!.microphone, media.microphone.value);
});

Deno.test("a second join() while the first is under way does nothing", async () => {
  const { call, line } = aCall();
  await Promise.all([call.join(), call.join()]);
  deepEqual(line.log.filter((entry) => entry.startsWith("connect")), [
    "connect token-1",
  ]);
});

Deno.test("join() stays with the device check when the devices are refused, and asks nothing of the server", async () => {
  const { call, media, devices, api } = aCall();
  devices.refuse.set(
    "camera+microphone",
    new DOMException("Permission denied", "NotAllowedError"),
  );
  await call.join();

  equal(call.phase.value, "ready");
  equal(media.failure.value?.name, "NotAllowedError");
  deepEqual(api.log, []);
});

Deno.test("one can join with neither camera nor microphone", async () => {
  const { call, media, devices, line } = aCall();
  devices.refuse.set(
    "camera+microphone",
    new DOMException("Permission denied", "NotAllowedError"),
  );
  await call.join();
  media.goWithout();
  await call.join();

  equal(call.phase.value, "connected");
  deepEqual(line.sent[0], {
    camera: null,
    microphone: null,
    microphoneOn: true,
  });
});

Deno.test("a patient who comes early waits, and is connected as soon as the doctor starts (S3.21)", async () => {
  const { call, api, line } = aCall({ status: "SCHEDULED" });
  api.waiting = true;
  await call.join();
  equal(call.phase.value, "waiting");
  deepEqual(line.log, ["prepare"]);

  api.waiting = false;
  api.session = aView({ status: "IN_PROGRESS" });
  api.tell(api.session);
  await settled();
  equal(call.phase.value, "connected");
  deepEqual(api.log, ["access", "access"]);
});

Deno.test("a waiting patient who does not look is called instead of connected", async () => {
  const { call, api, page, line } = aCall({ status: "SCHEDULED" });
  api.waiting = true;
  await call.join();
  page.visible = false;
  api.waiting = false;
  api.tell(aView({ status: "IN_PROGRESS" }));
  await settled();
  equal(call.phase.value, "called");
  deepEqual(line.log, ["prepare"]);

  await call.join();
  equal(call.phase.value, "connected");
});

Deno.test("a waiting patient whose line was away says again that they wait", async () => {
  const { call, api } = aCall({ status: "SCHEDULED" });
  api.waiting = true;
  await call.join();
  const seen = (state: "waiting" | "disconnected") =>
    api.tell(aView({
      status: "SCHEDULED",
      presence: { doctor: null, patient: { state, at: "" } },
    }));
  seen("waiting");
  deepEqual(api.log, ["access"]);
  seen("disconnected");
  await settled();
  deepEqual(api.log, ["access", "access"]);
  equal(call.phase.value, "waiting");
});

Deno.test("a start that overtakes the answer to the patient is not missed", async () => {
  const { call, api } = aCall({ status: "SCHEDULED" });
  api.waiting = true;
  let answer = () => {};
  api.gate = new Promise((resolve) => answer = resolve);
  const joining = call.join();
  await settled();
  api.tell(aView({ status: "IN_PROGRESS" }));
  equal(call.phase.value, "connecting");
  api.waiting = false;
  answer();
  await joining;
  await settled();
  equal(call.phase.value, "connected");
});

const ASKED = {
  actions: ["join", "consent"] as SessionAction[],
  recording: {
    ...aView().recording,
    requested: true,
  },
};

Deno.test("S3.6 nobody enters before they have said whether to record; then joining goes on by itself", async () => {
  for (const granted of [true, false]) {
    const { call, api, line, devices } = aCall(ASKED, "patient");
    await call.join();
    equal(call.phase.value, "ready");
    equal(call.asking.value, true);
    deepEqual([api.log, line.log, devices.asked], [[], [], []]);

    await call.consent(granted, CONSENT_VERSION);
    equal(call.asking.value, false);
    equal(call.phase.value, "connected");
    deepEqual(api.answers, [{ granted, text_version: CONSENT_VERSION }]);
    deepEqual(api.log, ["consent", "access"]);
  }
});

Deno.test("S3.6 an answer that did not arrive is told, and joining still waits for it", async () => {
  const { call, api } = aCall(ASKED, "patient");
  await call.join();
  api.refuse.set("consent", new ApiError("network", 0, "No answer"));
  await call.consent(true, CONSENT_VERSION);
  equal(call.failure.value?.code, "network");
  deepEqual([call.asking.value, call.phase.value], [true, "ready"]);
  await call.consent(true, CONSENT_VERSION);
  equal(call.phase.value, "connected");
});

Deno.test("S3.6 a second answer while the first is on its way is not sent, and does not pass for given", async () => {
  for (const refusal of [null, new ApiError("network", 0, "No answer")]) {
    const { call, api } = aCall(ASKED, "patient");
    let answer = () => {};
    api.gate = new Promise((resolve) => answer = resolve);
    const first = call.consent(false, CONSENT_VERSION);
    equal(await call.consent(false, CONSENT_VERSION), false);
    if (refusal !== null) api.refuse.set("consent", refusal);
    answer();
    equal(await first, refusal === null);
    equal(call.failure.value?.code, refusal?.code);
    deepEqual(api.log.filter((entry) => entry === "consent"), ["consent"]);
  }
});

Deno.test("S3.6 an answer that arrives after newer news does not undo it", async () => {
  const { call, api } = aCall(ASKED, "patient");
  await call.consent(true, CONSENT_VERSION);
  const { session } = api;
  api.tell({
    ...session,
    rev: session.rev + 1,
    recording: { ...session.recording, active: true },
  });
  api.tell(session);
  equal(call.session.value.recording.active, true);
});

Deno.test("S3.6 who has answered, or is not asked, joins at once; the answer can be changed in the call", async () => {
  const answered = {
    ...ASKED,
    recording: {
      ...ASKED.recording,
      consents: {
        doctor: null,
        patient: { granted: true, at: "2026-11-20T12:00:00.000Z" },
      },
    },
  };
  for (const changes of [answered, {}]) {
    const { call } = aCall(changes, "patient");
    await call.join();
    equal(call.phase.value, "connected");
  }
  const { call, api } = aCall(answered, "patient");
  await call.join();
  await call.consent(false, CONSENT_VERSION);
  equal(call.phase.value, "connected");
  deepEqual(api.answers, [{ granted: false, text_version: CONSENT_VERSION }]);
});

Deno.test("start() puts the session in progress; joining is another step (S3.9, S3.10)", async () => {
  const { call, line } = aCall({
    status: "SCHEDULED",
    actions: ["start", "cancel"],
  });
  await call.start();
  equal(call.session.value.status, "IN_PROGRESS");
  equal(call.phase.value, "ready");
  deepEqual(line.log, []);
});

Deno.test("a refused start says why and shows the session as it is now", async () => {
  const { call, api } = aCall({ status: "SCHEDULED" });
  api.refuse.set(
    "start",
    new ApiError("invalid_transition", 409, "The session cannot do this now"),
  );
  api.session = aView({ status: "CANCELLED" });
  await call.start();
  equal(call.phase.value, "over");
  equal(call.session.value.status, "CANCELLED");
});

Deno.test("leave() hangs up, tells the server and leaves the session as it is (S1.28, S3.16, S3.22)", async () => {
  const { call, media, line, api } = aCall();
  await call.join();
  const camera = fakeOf(media.camera.value);
  await call.leave();

  equal(call.phase.value, "left");
  equal(call.session.value.status, "IN_PROGRESS");
  equal(line.log.at(-1), "disconnect");
  equal(api.log.at(-1), "leave");
  equal(camera.readyState, "ended");
});

Deno.test("leaving while connecting hangs up the line that comes too late", async () => {
  const { call, line } = aCall();
  let open = () => {};
  line.gate = new Promise((resolve) => open = resolve);
  const joining = call.join();
  await settled();
  equal(call.phase.value, "connecting");
  await call.leave();
  open();
  await joining;
  equal(call.phase.value, "left");
  equal(line.log.at(-1), "disconnect");
});

Deno.test("end() ends the session for everyone (S3.17)", async () => {
  const { call, api, line } = aCall();
  await call.join();
  await call.end();
  equal(call.phase.value, "over");
  equal(call.session.value.status, "COMPLETED");
  equal(api.log.at(-1), "end");
  equal(line.log.at(-1), "disconnect");
});

Deno.test("an end that does not work leaves the call on and says why", async () => {
  const { call, api } = aCall();
  await call.join();
  api.refuse.set(
    "end",
    new ApiError("storage_busy", 503, "The records are busy"),
  );
  await call.end();
  equal(call.phase.value, "connected");
  equal(call.failure.value?.code, "storage_busy");
  equal(call.busy.value, false);
});

Deno.test("an end by the doctor is seen at once, by the live session", async () => {
  const { call, api, media } = aCall();
  await call.join();
  api.tell(aView({ status: "COMPLETED" }));
  equal(call.phase.value, "over");
  equal(media.camera.value, null);
});

Deno.test("an end by the doctor is seen at once, by the room that is completed (53118)", async () => {
  const { call, api, line } = aCall();
  await call.join();
  api.session = aView({ status: "COMPLETED" });
  line.events!.onDisconnected(new ConnectionError(53118, "Room completed"));
  await settled();
  equal(call.phase.value, "over");
  equal(call.failure.value, null);
});

Deno.test("an older view of the session does not bring it back", async () => {
  const { call, api } = aCall();
  await call.join();
  api.tell(aView({ rev: 2, status: "COMPLETED" }));
  api.tell(aView({ status: "IN_PROGRESS" }));
  equal(call.session.value.status, "COMPLETED");
});

Deno.test("the status follows the line (S3.13)", async () => {
  const { call, line } = aCall();
  await call.join();
  line.events!.onReconnecting();
  equal(call.phase.value, "reconnecting");
  line.events!.onReconnected();
  equal(call.phase.value, "connected");
});

Deno.test("a line that is lost for good can be taken up again", async () => {
  const { call, line } = aCall();
  await call.join();
  line.events!.onDisconnected(
    new ConnectionError(53405, "Media connection failed"),
  );
  await settled();
  equal(call.phase.value, "disconnected");
  equal(call.failure.value?.code, "53405");
  deepEqual(call.participants.value, []);

  await call.join();
  equal(call.phase.value, "connected");
  equal(call.failure.value, null);
});

Deno.test("joining elsewhere switches this page off, until one wants it back (53205)", async () => {
  const { call, media, line } = aCall();
  await call.join();
  line.events!.onDisconnected(new ConnectionError(53205, "Duplicate identity"));
  await settled();
  equal(call.phase.value, "replaced");
  equal(media.camera.value, null);

  await call.join();
  equal(call.phase.value, "connected");
  equal(fakeOf(media.camera.value).readyState, "live");
});

Deno.test("an expired token is renewed once while joining (20104)", async () => {
  const { call, line, api } = aCall();
  line.answers.push(new ConnectionError(20104, "Access Token expired"));
  await call.join();
  equal(call.phase.value, "connected");
  deepEqual(api.log, ["access", "access"]);
  deepEqual(line.log.slice(1), ["connect token-1", "connect token-2"]);
});

Deno.test("a token that is refused twice is a failure", async () => {
  const { call, line } = aCall();
  line.answers.push(
    new ConnectionError(20104, "expired"),
    new ConnectionError(20104, "expired"),
  );
  await call.join();
  equal(call.phase.value, "failed");
  equal(call.failure.value?.code, "20104");
});

Deno.test("a token that runs out during the call brings one back by itself", async () => {
  const { call, line } = aCall();
  await call.join();
  line.events!.onDisconnected(new ConnectionError(20104, "expired"));
  await settled();
  equal(call.phase.value, "connected");
  deepEqual(line.log.filter((entry) => entry.startsWith("connect")), [
    "connect token-1",
    "connect token-2",
  ]);
});

Deno.test("a refused connection is caught and can be tried again (S1.25)", async () => {
  const { call, line } = aCall();
  line.answers.push(new ConnectionError(53106, "Room not found"));
  await call.join();
  equal(call.phase.value, "failed");
  deepEqual(call.failure.value, {
    from: "room",
    code: "53106",
    message: "Room not found",
  });
  await call.join();
  equal(call.phase.value, "connected");
});

Deno.test("a session that is over turns a failed join into the end", async () => {
  const { call, api } = aCall();
  api.refuse.set(
    "access",
    new ApiError("session_over", 409, "The session is over"),
  );
  api.session = aView({ status: "COMPLETED" });
  await call.join();
  equal(call.phase.value, "over");
});

Deno.test("who comes and goes is announced by the name in the session (S1.21, S1.22)", async () => {
  const { call, line } = aCall();
  await call.join();
  line.events!.onParticipants([aParticipant()]);
  equal(call.announcement.value, "Asha Kumar joined");
  line.events!.onParticipants([aParticipant({ camera: "off" })]);
  equal(call.announcement.value, "Asha Kumar joined");
  line.events!.onParticipants([]);
  equal(call.announcement.value, "Asha Kumar left");
});

Deno.test("camera and microphone changes go to the line at once", async () => {
  const { call, media, line } = aCall();
  await call.join();
  await media.toggleMicrophone();
  equal(line.sent.at(-1)!.microphoneOn, false);
  await media.toggleCamera();
  equal(line.sent.at(-1)!.camera, null);
  await media.toggleCamera();
  equal(line.sent.at(-1)!.camera, media.camera.value);
});

Deno.test("a line that was given up is not listened to any more", async () => {
  const { call, line } = aCall();
  await call.join();
  const { events } = line;
  await call.leave();
  events!.onParticipants([aParticipant()]);
  events!.onDisconnected(new ConnectionError(53001, "late"));
  await settled();
  equal(call.phase.value, "left");
  deepEqual(call.participants.value, []);
});

Deno.test("unload() hangs up and tells the server, but only from inside (S2.19)", async () => {
  const { call, line, api } = aCall();
  call.unload();
  deepEqual(api.log, []);
  await call.join();
  call.unload();
  equal(line.log.at(-1), "disconnect");
  equal(api.log.at(-1), "beacon");
});

Deno.test("a voice session never asks for a camera (S2.29)", async () => {
  const { call, devices, line } = aCall({ voice_only: true });
  await call.join();
  deepEqual(devices.asked, [{ microphone: true }]);
  equal(line.sent[0]!.camera, null);
});

Deno.test("a session that is over when the page opens cannot be joined", async () => {
  const { call, line } = aCall({ status: "COMPLETED" });
  equal(call.phase.value, "over");
  await call.join();
  deepEqual(line.log, []);
});

const ASKED_BY_PATIENT: Partial<SessionView> = {
  voice_only: true,
  video_offer: { by: "patient", at: "2026-11-20T12:00:00.000Z" },
};

Deno.test("S2.29 who offers video is asked for the camera when the other has agreed, not before; the voice goes on", async () => {
  const { call, api, devices, line, page } = aCall({ voice_only: true });
  await call.join();
  const old = line.events!;
  old.onParticipants([aParticipant()]);
  await call.offerVideo();
  equal(call.session.value.video_offer?.by, "doctor");
  deepEqual(devices.asked, [{ microphone: true }]);

  api.session = { ...api.session, ...MOVED, video_offer: null };
  api.tell(api.session);
  await settled();
  deepEqual(devices.asked, [{ microphone: true }, { camera: true }]);
  deepEqual(line.log, ["prepare", "connect token-1", "connect token-2"]);
  equal(call.phase.value, "connected");
  equal(call.announcement.value, "The call is with video now.");
  equal(line.sent.at(-1)!.camera?.kind, "video");

  equal(call.participants.value.length, 1);
  line.events!.onParticipants([aParticipant()]);
  page.later();
  equal(line.log.at(-1), "disconnect");
  equal(line.log.filter((entry) => entry === "disconnect").length, 1);
  equal(call.participants.value.length, 1);
  // From now on a lost line is just that.
  old.onDisconnected(new ConnectionError(53118, "Room completed"));
  equal(call.phase.value, "connected");
});

Deno.test("S2.29 who agrees to video gets there, and no camera is asked for before", async () => {
  const { call, devices, line, api } = aCall(ASKED_BY_PATIENT);
  await call.join();
  deepEqual(devices.asked, [{ microphone: true }]);
  await call.answerVideo(true);
  await settled();
  deepEqual(api.log, ["access", "video_answer", "access"]);
  equal(line.sent.at(-1)!.camera?.kind, "video");
  equal(call.session.value.room_name, "bs-video");
});

Deno.test("S2.29 who stays on voice is asked for nothing", async () => {
  const { call, devices, line } = aCall(ASKED_BY_PATIENT);
  await call.join();
  await call.answerVideo(false);
  await settled();
  equal(call.notice.value, null);
  deepEqual(devices.asked, [{ microphone: true }]);
  deepEqual(line.log, ["prepare", "connect token-1"]);
});

Deno.test("S2.29 a refused camera leaves the person in the video call with their voice, and it can be turned on later", async () => {
  const { call, devices, line, media, page } = aCall(ASKED_BY_PATIENT);
  devices.refuse.set("camera", new DOMException("no", "NotAllowedError"));
  await call.join();
  await call.answerVideo(true);
  await settled();
  equal(call.phase.value, "connected");
  equal(line.log.filter((entry) => entry.startsWith("connect")).length, 2);
  equal(media.failure.value?.kind, "camera");
  deepEqual([media.voiceOnly.value, media.cameraOn.value], [false, false]);
  equal(line.sent.at(-1)!.microphone, media.microphone.value);

  page.later();
  devices.refuse.clear();
  await media.toggleCamera();
  equal(line.sent.at(-1)!.camera, media.camera.value);
});

Deno.test("a refusal, a failure and a question that came to nothing are told, and can be put away", async () => {
  const { call, api } = aCall({ voice_only: true });
  await call.join();
  await call.offerVideo();
  api.session = { ...api.session, video_offer: null };
  api.tell(api.session);
  equal(
    call.notice.value,
    "Asha did not switch to video. The call stays on voice.",
  );
  await call.offerVideo();
  equal(call.notice.value, null);
  api.tell({ ...api.session, video_offer: null, video_pending: true });
  equal(call.announcement.value, "Switching to video…");
  api.session = { ...api.session, video_offer: null };
  api.tell(api.session);
  equal(
    call.notice.value,
    "Switching to video did not work. The call stays on voice.",
  );
  api.refuse.set("video_offer", new ApiError("network", 0, "No answer"));
  await call.offerVideo();
  deepEqual(call.notice.value, {
    from: "server",
    code: "network",
    message: "No answer",
  });
  // One's own withdrawal is no news.
  await call.offerVideo();
  await call.answerVideo(false);
  equal(call.notice.value, null);
});

Deno.test("a call whose new room cannot be entered goes on by voice, and tries again when the old one is closed", async () => {
  const { call, api, line } = aCall({ voice_only: true });
  await call.join();
  const old = line.events!;
  line.answers.push(new ConnectionError(53405, "Media connection failed"));
  api.session = { ...api.session, ...MOVED };
  api.tell(api.session);
  await settled();
  equal(call.phase.value, "connected");
  equal(line.events, old);
  old.onDisconnected(new ConnectionError(53118, "Room completed"));
  await settled();
  equal(call.phase.value, "connected");
  equal(call.failure.value, null);
  equal(line.log.filter((entry) => entry.startsWith("connect")).length, 3);
});

Deno.test("a page that did not hear of the move follows when the old room is closed", async () => {
  const { call, api, line } = aCall({ voice_only: true });
  await call.join();
  api.session = { ...api.session, ...MOVED };
  line.events!.onDisconnected(new ConnectionError(53118, "Room completed"));
  await settled();
  equal(call.phase.value, "connected");
  equal(line.log.filter((entry) => entry.startsWith("connect")).length, 2);
});

Deno.test("who was outside when the call switched may turn the camera on, and is not asked to", async () => {
  const { call, api, devices, media } = aCall({ voice_only: true });
  api.session = { ...api.session, ...MOVED };
  api.tell(api.session);
  await call.join();
  deepEqual([media.voiceOnly.value, media.cameraOn.value], [false, false]);
  deepEqual(devices.asked, [{ microphone: true }]);
  equal(call.phase.value, "connected");
  equal(call.announcement.value, "");
});

Deno.test("who leaves in the middle of a move leaves both rooms", async () => {
  const { call, api, line } = aCall({ voice_only: true });
  await call.join();
  let open = () => {};
  line.gate = new Promise((resolve) => open = resolve);
  api.session = { ...api.session, ...MOVED };
  api.tell(api.session);
  await settled();
  await call.leave();
  open();
  await settled();
  equal(call.phase.value, "left");
  deepEqual(line.log.slice(2), [
    "connect token-2",
    "disconnect",
    "disconnect",
  ]);
});

Deno.test("an answer that was overtaken by newer news is not believed", async () => {
  const { call, api } = aCall({ voice_only: true, rev: 3 });
  await call.join();
  api.tell({ ...api.session, ...MOVED, rev: 5 });
  api.tell({ ...api.session, rev: 4 });
  equal(call.session.value.room_name, "bs-video");
});

Deno.test("S3.6 who loses the line after the switch comes back without being asked about recording first", async () => {
  const { call, api, line } = aCall({ voice_only: true }, "patient");
  await call.join();
  api.tell({ ...api.session, ...ASKED });
  line.events!.onDisconnected(new ConnectionError(53405, "failed"));
  await settled();
  await call.join();
  deepEqual([call.asking.value, call.phase.value], [false, "connected"]);
});
