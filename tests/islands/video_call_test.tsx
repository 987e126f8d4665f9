import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { signal } from "@preact/signals";
import { renderToString } from "preact-render-to-string";
import VideoCall from "@/islands/VideoCall.tsx";
import { callFacts } from "@/lib/call/call_facts.ts";
import type { ConnectionEvents } from "@/lib/call/connection.ts";
import { type Me, meIn } from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import CallStage, { RecordingPlate } from "@/lib/ui/call/CallStage.tsx";
import CallTrouble from "@/lib/ui/call/CallTrouble.tsx";
import DeviceHelp from "@/lib/ui/call/DeviceHelp.tsx";
import { Choices, Mirror } from "@/lib/ui/call/DeviceCheck.tsx";
import { Door } from "@/lib/ui/call/Door.tsx";
import { Lost, problems } from "@/lib/ui/call/Lost.tsx";
import MoreDialog from "@/lib/ui/call/MoreDialog.tsx";
import Over from "@/lib/ui/call/Over.tsx";
import RecordingDialog from "@/lib/ui/call/RecordingDialog.tsx";
import RecordingQuestion from "@/lib/ui/call/RecordingQuestion.tsx";
import Replaced from "@/lib/ui/call/Replaced.tsx";
import { SelfCheck } from "@/lib/ui/call/SelfCheck.tsx";
import VideoSwitch from "@/lib/ui/call/VideoSwitch.tsx";
import WaitingRoom from "@/lib/ui/call/WaitingRoom.tsx";
import {
  aCall,
  aParticipant,
  aView,
  settled,
} from "@/tests/lib/call/fake_line.ts";
import { newChat } from "@/lib/call/chat_state.ts";
import { ConnectionError } from "@/lib/call/connection.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";

const doctor: Me = { identity: "01DOCTOR", role: "doctor" };
const patient: Me = { identity: "01PATIENT", role: "patient" };
const WHEN = "Today 14:30";
const nothing = () => {};

function room(me: Me, changes: Partial<SessionView> = {}): string {
  const { room_name: roomName, ...session } = aView(changes);
  return renderToString(
    <VideoCall
      roomName={roomName}
      identity={me.identity}
      session={session}
      video={{ service: "emulator", signaling: "/signaling" }}
      when={WHEN}
      now="2026-11-20T12:00:00.000Z"
    />,
  );
}

/** The accessible names of the buttons, as far as text and `aria-label` make them. */
function buttons(html: string): string[] {
  return [...html.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)].map((
    [, attributes, content],
  ) =>
    /aria-label="([^"]*)"/.exec(attributes!)?.[1] ??
      content!.replace(/<[^>]*>/g, "").replace(/\s+/g, " ").trim()
  );
}

async function onStage(
  me: Me,
  changes: Partial<SessionView> = {},
  tell: (events: ConnectionEvents) => void = nothing,
) {
  const world = aCall(changes);
  await world.call.join();
  if (world.line.events !== null) tell(world.line.events);
  await settled();
  const html = () =>
    renderToString(
      <CallStage
        call={world.call}
        me={me}
        chat={newChat(0)}
        onLeave={nothing}
      />,
    );
  return { ...world, html };
}

Deno.test("S2.15 VideoCall takes roomName and identity: whose side it shows is told by the identity", () => {
  match(room(doctor), /Your session with Asha Kumar/);
  match(room(patient), /Your session with Dr Meera Rao/);
  deepEqual(meIn(aView(), "01DOCTOR"), doctor);
  deepEqual(meIn(aView(), "01PATIENT"), patient);
});

Deno.test("before joining, the doctor of a running session finds Join Call (S3.10)", () => {
  const html = room(doctor);
  equal(buttons(html).includes("Join Call"), true);
  equal(buttons(html).includes("Start Session"), false);
});

Deno.test("before joining, the doctor of a planned session finds Start Session (S3.9)", () => {
  const html = room(doctor, {
    status: "SCHEDULED",
    actions: ["start", "cancel"],
  });
  equal(buttons(html).includes("Start Session"), true);
  equal(buttons(html).includes("Join Call"), false);
});

Deno.test("before joining, the patient finds Join Session, started or not (S3.21)", () => {
  for (const status of ["SCHEDULED", "IN_PROGRESS"] as const) {
    equal(buttons(room(patient, { status })).includes("Join Session"), true);
  }
});

Deno.test("the browser's question is explained before it is asked (S3.11)", () => {
  match(
    room(patient),
    /Next, your browser asks to use your camera and microphone/,
  );
  match(
    room(patient, { voice_only: true }),
    /Next, your browser asks to use your microphone\./,
  );
});

Deno.test("a session that is over says what became of it and where to go (S3.26 to S3.28)", () => {
  const over = (me: Me, changes: Partial<SessionView>) =>
    renderToString(<Over session={aView(changes)} me={me} />);
  match(
    over(patient, { status: "COMPLETED", duration_seconds: 1080 }),
    /has ended.*18 minutes/s,
  );
  match(
    over(patient, { status: "CANCELLED" }),
    /was cancelled.*\/patient-portal\/telemedicine/s,
  );
  match(
    over(doctor, { status: "FAILED" }),
    /could not start.*\/visits\/01VISIT\/telemedicine/s,
  );
});

Deno.test("no style attribute anywhere: the policy forbids it", async () => {
  const { html } = await onStage(
    doctor,
    {},
    (events) => events.onParticipants([aParticipant()]),
  );
  for (const page of [room(doctor), room(patient), html()]) {
    doesNotMatch(page, /\sstyle=/);
  }
});

Deno.test("the device check offers devices, Mute and Camera once they are on", async () => {
  const { call, media } = aCall();
  await media.open();
  const html = renderToString(
    <>
      <Mirror media={media} />
      <Choices media={media} />
      <Door call={call} me={patient} when={WHEN} />
    </>,
  );
  const names = buttons(html);
  for (
    const name of [
      "Mute microphone",
      "Turn camera off",
      "Join Session",
      "Voice only",
    ]
  ) {
    equal(names.includes(name), true, name);
  }
  match(html, /<label[^>]*for="check-camera"[^>]*>Camera<\/label>/);
});

Deno.test("the waiting room says who is expected, and that one may leave", async () => {
  const { call, api } = aCall({ status: "SCHEDULED" });
  api.waiting = true;
  await call.join();
  const html = renderToString(
    <WaitingRoom
      call={call}
      me={patient}
      when={WHEN}
      onLeave={nothing}
    />,
  );
  match(html, /<h1[^>]*>Waiting for Dr Meera Rao<\/h1>/);
  match(html, /You may leave/);
  equal(buttons(html).includes("Leave waiting room"), true);
});

Deno.test("a called patient finds Join now", async () => {
  const { call, api, page } = aCall({ status: "SCHEDULED" });
  api.waiting = true;
  await call.join();
  page.visible = false;
  api.tell(aView());
  const html = renderToString(
    <WaitingRoom
      call={call}
      me={patient}
      when={WHEN}
      onLeave={nothing}
    />,
  );
  match(html, /Dr Meera Rao is ready/);
  equal(buttons(html).includes("Join now"), true);
});

Deno.test("the doctor's call has the controls of the handbook (S3.14 to S3.17)", async () => {
  const { html } = await onStage(doctor);
  const names = buttons(html());
  for (
    const name of [
      "Mute microphone",
      "Turn camera off",
      "Leave Call",
      "End Session",
    ]
  ) {
    equal(names.includes(name), true, name);
  }
  match(html(), /role="status"[^>]*>.*?Connected/s);
});

Deno.test("the patient's call has Leave Session and no End Session (S3.17, S3.22)", async () => {
  const names = buttons((await onStage(patient)).html());
  equal(names.includes("Leave Session"), true);
  equal(names.includes("Leave Call"), false);
  equal(names.includes("End Session"), false);
});

Deno.test("names say what a press does, and what is off is pressed", async () => {
  const { html, media } = await onStage(doctor);
  await media.toggleMicrophone();
  await media.toggleCamera();
  const names = buttons(html());
  equal(names.includes("Unmute microphone"), true);
  equal(names.includes("Turn camera on"), true);
  match(html(), /aria-pressed="true"[^>]*aria-label="Turn camera on"/);
  match(html(), /You are muted\. Asha cannot hear you\./);
});

Deno.test("own and other pictures have their containers, the room its heading (S1.19, S1.23, S2.20, S3.12)", async () => {
  const { html } = await onStage(
    doctor,
    {},
    (events) => events.onParticipants([aParticipant()]),
  );
  match(html(), /<div id="local-media-container"/);
  match(
    html(),
    /<div id="remote-media-container"[^>]*><div id="01PATIENT" data-identity="01PATIENT"/,
  );
  match(html(), /<h1[^>]*>Video Call - Room: bs-7f3k<\/h1>/);
});

Deno.test("S2.21 the stage and the two pictures have the ids of the first pages, with and without pictures", async () => {
  for (const voice_only of [false, true]) {
    const { html } = await onStage(
      doctor,
      { voice_only },
      (events) => events.onParticipants([aParticipant()]),
    );
    for (const id of ["video-container", "local-video", "remote-video"]) {
      equal(html().split(`id="${id}"`).length - 1, 1, id);
    }
    match(
      html(),
      /id="remote-video"[^>]*><div id="remote-media-container"[^>]*><div id="01PATIENT"/,
    );
    match(html(), /id="local-media-container"[^>]*><div id="local-video"/);
  }
});

Deno.test("somebody without a picture is named, with what is missing (S3.43)", async () => {
  const { html } = await onStage(
    doctor,
    {},
    (events) =>
      events.onParticipants([
        aParticipant({ camera: "off", microphone: "off" }),
      ]),
  );
  match(html(), /aria-label="Asha Kumar, Camera off, Muted"/);
});

Deno.test("who is not there is not here yet", async () => {
  match(
    (await onStage(patient)).html(),
    /Dr Meera Rao<\/p><p[^>]*>Not here yet/,
  );
});

Deno.test("somebody unknown is not shown as a person", async () => {
  const { html } = await onStage(
    doctor,
    {},
    (events) =>
      events.onParticipants([aParticipant({ identity: "01STRANGER" })]),
  );
  match(html(), /Somebody unknown is in this call/);
  doesNotMatch(html(), /01STRANGER/);
});

Deno.test("a voice session has initials and no camera control (S2.30)", async () => {
  const { html } = await onStage(
    patient,
    { voice_only: true },
    (events) =>
      events.onParticipants([
        aParticipant({ identity: "01DOCTOR", camera: "off" }),
      ]),
  );
  match(html(), /<text[^>]*>MR<\/text>/);
  doesNotMatch(html(), /camera/i);
});

Deno.test("a lost connection says so and offers Rejoin", async () => {
  const { call, html } = await onStage(
    patient,
    {},
    (events) =>
      events.onDisconnected(
        new ConnectionError(53405, "Media connection failed"),
      ),
  );
  match(html(), /Disconnected/);
  const lost = () => renderToString(<Lost call={call} />);
  // The words for the reason are fetched, and the network may be gone.
  match(lost(), /The connection was lost/);
  equal(buttons(lost()).includes("Rejoin"), true);
  await problems.load();
  match(lost(), /Your network is blocking video/);
  equal(buttons(lost()).includes("Rejoin"), true);
});

Deno.test("joined elsewhere offers to come back here", () => {
  const { call } = aCall();
  const html = renderToString(<Replaced call={call} me={patient} />);
  match(html, /You joined from another device or tab/);
  equal(buttons(html).includes("Use this device instead"), true);
});

Deno.test("a failed join says why, with its code and a way to try again (S3.39, S1.25)", async () => {
  const { call, line } = aCall();
  line.answers.push(new ConnectionError(53106, "Room not found"));
  await call.join();
  const html = renderToString(<CallTrouble call={call} me={patient} />);
  match(html, /Failed to join session/);
  match(html, /Error connecting to the room: Room not found/);
  match(html, /53106/);
  equal(buttons(html).includes("Try again"), true);
});

Deno.test("a refused camera shows steps and every way around it (S1.33)", async () => {
  const { call, devices } = aCall();
  devices.permissions.camera = "denied";
  devices.refuse.set(
    "camera+microphone",
    new DOMException("Permission denied", "NotAllowedError"),
  );
  await call.join();
  const html = renderToString(<DeviceHelp call={call} me={patient} />);
  match(html, /Your browser is blocking the camera/);
  match(html, /<ol/);
  for (const name of ["Try again", "Join with voice only", "Just listen"]) {
    equal(buttons(html).includes(name), true, name);
  }
});

const ASKED: Partial<SessionView> = {
  actions: ["join", "consent"],
  recording: { ...aView().recording, requested: true },
};

Deno.test("S3.6 the question whether to record gives both answers the same weight, to the doctor too", () => {
  for (
    const [me, seat] of [[doctor, "doctor"], [patient, "patient"]] as const
  ) {
    const { call } = aCall(ASKED, seat);
    const html = renderToString(<RecordingQuestion call={call} me={me} />);
    match(html, /May this session be recorded\?/);
    deepEqual(buttons(html), ["Allow recording", "Don't record"]);
    equal(html.match(/class="btn btn-quiet btn-lg grow"/g)?.length, 2);
    doesNotMatch(html, /Please answer first/);
  }
});

Deno.test("S3.6 whoever wants to join without an answer is asked for it first", async () => {
  const { call } = aCall(ASKED, "patient");
  await call.join();
  match(
    renderToString(<RecordingQuestion call={call} me={patient} />),
    /role="alert"[^>]*>.*Please answer first/,
  );
});

Deno.test("S3.6 an answer can be changed before the call, and taken back in it", async () => {
  const { call, api } = aCall(ASKED, "patient");
  await call.consent(true, CONSENT_VERSION);
  const before = renderToString(<RecordingQuestion call={call} me={patient} />);
  match(before, /You allow recording\./);
  deepEqual(buttons(before), ["Change your answer about recording"]);

  const dialog = () =>
    renderToString(
      <RecordingDialog call={call} me={patient} onClose={nothing} />,
    );
  match(dialog(), /Nothing has been recorded yet/);
  api.tell({
    ...api.session,
    recording: { ...api.session.recording, active: true },
  });
  match(dialog(), /It stops for both of you/);
  match(dialog(), /until Dr Meera Rao deletes it/);
  deepEqual(buttons(dialog()), ["Keep recording", "Stop recording"]);
});

Deno.test("S3.6 a call that may be recorded says so in words, with a red frame for the patient, and a way to stop", async () => {
  const active: Partial<SessionView> = {
    ...ASKED,
    recording: {
      ...ASKED.recording!,
      active: true,
      consents: {
        doctor: { granted: true, at: "2026-11-20T12:00:00.000Z" },
        patient: { granted: true, at: "2026-11-20T12:00:00.000Z" },
      },
    },
  };
  const { html } = await onStage(patient, active);
  await RecordingPlate.load();
  match(html(), /class="plate rec" role="status">.*Recording<\/p>/);
  match(html(), /rec-frame/);
  equal(buttons(html()).includes("Stop recording"), true);
  const asDoctor = (await onStage(doctor, active)).html();
  doesNotMatch(asDoctor, /rec-frame/);
  equal(buttons(asDoctor).includes("Stop recording"), true);
  const plain = (await onStage(patient)).html();
  doesNotMatch(plain, /recording/i);
});

const VOICE: Partial<SessionView> = { voice_only: true };
const askedBy = (by: "doctor" | "patient"): Partial<SessionView> => ({
  ...VOICE,
  video_offer: { by, at: "2026-11-20T12:00:00.000Z" },
});

async function question(me: Me, changes: Partial<SessionView>) {
  const world = aCall(changes, me.role === "doctor" ? "doctor" : "patient");
  await world.call.join();
  const html = () => renderToString(<VideoSwitch call={world.call} me={me} />);
  return { ...world, html };
}

Deno.test("S2.30 a voice call shows the timer under the name, and a way to switch to video", async () => {
  const { html } = await onStage(
    patient,
    VOICE,
    (events) =>
      events.onParticipants([
        aParticipant({ identity: "01DOCTOR", camera: "off" }),
      ]),
  );
  match(html(), /Dr Meera Rao<\/p>.*Call time/s);
  equal(html().match(/Call time/g)?.length, 1);
  equal(buttons(html()).includes("Switch to video"), true);
  const asked = await onStage(doctor, askedBy("doctor"));
  match(asked.html(), /aria-label="Switch to video" aria-disabled="true"/);
  const video = await onStage(patient);
  equal(buttons(video.html()).includes("Switch to video"), false);
});

Deno.test("S2.29 whoever is asked for video finds both answers, and that the camera is off until then", async () => {
  const { html, call, api } = await question(patient, askedBy("doctor"));
  match(html(), /Dr Meera Rao would like to switch to video/);
  match(html(), /Your camera stays off unless you turn on video/);
  deepEqual(buttons(html()), ["Turn on video", "Stay on voice"]);
  doesNotMatch(html(), /recording/);
  api.tell({
    ...api.session,
    recording: { ...api.session.recording, active: true },
  });
  match(html(), /the recording stops until both of you allow it again/);
  call.notice.value = "Something older";
  doesNotMatch(html(), /Something older/);
});

Deno.test("S2.29 whoever asked for video waits, and may withdraw; then sees what became of it", async () => {
  const { html, call, api } = await question(doctor, askedBy("doctor"));
  match(html(), /Waiting for Asha to agree…/);
  match(html(), /Your camera turns on when Asha agrees, not before/);
  deepEqual(buttons(html()), ["Withdraw"]);
  api.tell({ ...api.session, video_offer: null, video_pending: true });
  match(html(), /Switching to video…/);
  deepEqual(buttons(html()), []);
  api.tell({ ...api.session, video_offer: null });
  match(html(), /Switching to video did not work\. The call stays on voice\./);
  deepEqual(buttons(html()), ["OK"]);
  call.notice.value = {
    from: "server",
    code: "video_unavailable",
    message: "",
  };
  match(html(), /The video service does not answer/);
  call.notice.value = null;
  equal(html(), "");
});

Deno.test("S1.34 More shows who sees and hears whom, the devices, and a test sound", async () => {
  const { call } = await onStage(
    doctor,
    {},
    (events) => events.onParticipants([aParticipant()]),
  );
  const more = (kind: "camera" | null) =>
    renderToString(
      <MoreDialog
        call={call}
        me={doctor}
        kind={kind}
        shortcuts={signal(true)}
        onClose={nothing}
      />,
    );
  match(more(null), /Who sees and hears whom.*for="call-camera"/s);
  match(more("camera"), /for="call-camera".*Who sees and hears whom/s);
  match(more(null), /aria-live="polite".*Checking whether Asha can see you…/s);
  match(more(null), /sends microphone not published/);
  deepEqual(buttons(more(null)), [
    "Play a test sound",
    "Copy",
    "Back to the call",
  ]);
});

Deno.test("S3.42 what is wrong stands there with what to do, and with the button that does it", async () => {
  const { call, media } = await onStage(
    patient,
    {},
    (events) => events.onParticipants([aParticipant({ identity: "01DOCTOR" })]),
  );
  const check = () => {
    const facts = callFacts(call, patient, {
      line: { sent: { camera: null, microphone: null }, received: new Map() },
      hearing: "yes",
      isPlayed: true,
      around: { userAgent: "", isSecure: true },
    });
    return renderToString(<SelfCheck facts={facts} media={media} />);
  };
  match(check(), /Dr Meera Rao cannot see you: your picture is not sent\./);
  match(check(), /reload this page/);
  deepEqual(buttons(check()), []);
  await media.toggleCamera();
  await media.toggleMicrophone();
  match(check(), /data-state="bad"[^]*your camera is off/);
  deepEqual(buttons(check()), ["Unmute microphone", "Turn camera on"]);
  doesNotMatch(check(), /\sstyle=/);
});
