import assert from "node:assert/strict";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import type { PlayView } from "@/lib/recordings/view.ts";
import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { answerVideo, offerVideo } from "@/lib/sessions/switching_service.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import type { TrackRecording, VideoProvider } from "@/lib/video/provider.ts";
import { assertInvariants } from "../../../../support/invariants.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

const BASE = "/api/v1/telemedicine/";

function consent(
  world: World,
  person: Person | null,
  { id }: Session,
  granted: unknown,
  textVersion: string = CONSENT_VERSION,
): Promise<Response> {
  return world.ask(person, "POST", `${BASE}${id}/consent/`, {
    json: { granted, text_version: textVersion },
  });
}

/** Keeps what is promised to the video service, as the worker would in the next minute. */
async function keepPromises(world: World): Promise<void> {
  const outbox = RECONCILERS.find(({ name }) => name === "outbox")!;
  for (let second = 0; second < 10; second++) {
    world.pass(6);
    await reconcile(world.services, outbox, "test");
  }
}

/** Writes down what the rooms are told about recording, and tells them. */
function listenToRules(world: World): string[] {
  const said: string[] = [];
  const { video } = world.services;
  world.services.video = {
    ...video,
    setRecording(roomSid, on) {
      said.push(on ? "on" : "off");
      return video.setRecording(roomSid, on);
    },
  };
  return said;
}

/** A session that runs, for which the doctor has asked for a recording. */
async function running(world: World): Promise<Session> {
  const { id } = await world.plan({ recordingEnabled: true });
  return await startSession(world.services, world.doctor, id);
}

async function view(
  world: World,
  person: Person,
  { id }: Session,
): Promise<SessionView> {
  return await (await world.ask(person, "GET", `${BASE}${id}/`)).json();
}

async function actions(world: World, { id }: Session): Promise<string[]> {
  const chain = await listHistory(world.services.kv, id);
  return chain.map(({ action, reason }) => `${action} ${reason ?? ""}`.trim());
}

Deno.test("S3.6 recording begins when both have allowed it, and stops when either takes it back", async () => {
  await using world = await createWorld();
  const said = listenToRules(world);
  const session = await running(world);
  assert.equal((await consent(world, world.doctor, session, true)).status, 200);
  await keepPromises(world);
  assert.deepEqual(said, []);

  const answer = await consent(world, world.patient, session, true);
  const { recording }: SessionView = await answer.json();
  assert.equal(recording.consents.patient?.granted, true);
  assert.equal(recording.consents.doctor?.granted, true);
  await keepPromises(world);
  assert.deepEqual(said, ["on"]);
  assert.equal(
    (await view(world, world.doctor, session)).recording.active,
    true,
  );

  await consent(world, world.patient, session, false);
  await keepPromises(world);
  assert.deepEqual(said, ["on", "off"]);
  const { recording: stopped } = await view(world, world.patient, session);
  assert.equal(stopped.active, false);
  assert.equal(stopped.consents.patient?.granted, false);

  const history = await actions(world, session);
  for (
    const entry of [
      `session.consent doctor:granted:${CONSENT_VERSION}`,
      `session.consent patient:granted:${CONSENT_VERSION}`,
      "recording.switch on",
      `session.consent patient:refused:${CONSENT_VERSION}`,
      "recording.switch off",
    ]
  ) assert(history.includes(entry), entry);
});

Deno.test("S3.6 who says no is let in all the same, and nothing is recorded", async () => {
  await using world = await createWorld();
  const said = listenToRules(world);
  const session = await running(world);
  await consent(world, world.doctor, session, true);
  await consent(world, world.patient, session, false);
  for (const person of [world.doctor, world.patient]) {
    const access = await world.ask(person, "POST", `${BASE}token/`, {
      json: { session_id: session.id },
    });
    assert.equal(access.status, 200);
  }
  await keepPromises(world);
  await endSession(world.services, world.doctor, session.id);
  await keepPromises(world);
  assert.deepEqual(said, []);
  const { recording } = await view(world, world.patient, session);
  assert.deepEqual([recording.state, recording.active], ["none", false]);
});

Deno.test("consent is everybody's own, to a text that there is, before the end", async () => {
  await using world = await createWorld();
  const session = await running(world);
  const refusals: [Person | null, unknown, string, number, string][] = [
    [null, true, CONSENT_VERSION, 401, "unauthenticated"],
    [world.otherPatient, true, CONSENT_VERSION, 404, "session_not_found"],
    [world.otherDoctor, true, CONSENT_VERSION, 404, "session_not_found"],
    [world.admin, true, CONSENT_VERSION, 404, "session_not_found"],
    [world.patient, "yes", CONSENT_VERSION, 400, "validation"],
    [world.patient, true, "never written", 400, "validation"],
  ];
  for (const [person, granted, version, status, code] of refusals) {
    const answer = await consent(world, person, session, granted, version);
    assert.deepEqual([answer.status, (await answer.json()).code], [
      status,
      code,
    ]);
  }
  const { recording } = await findSession(world.services.kv, session.id);
  assert.deepEqual(recording.consents, { doctor: null, patient: null });
  await endSession(world.services, world.doctor, session.id);
  const late = await consent(world, world.patient, session, true);
  assert.deepEqual([late.status, (await late.json()).code], [
    409,
    "session_over",
  ]);
});

/** A video service that has recorded both, and how it was asked. */
function recorder(world: World) {
  const asked: string[] = [];
  const deleted: string[] = [];
  const { video } = world.services;
  const people = [
    { sid: "PA1", identity: world.doctor.actor.accountId },
    { sid: "PA2", identity: world.patient.actor.accountId },
  ];
  let room: string | null = null;
  const track = (n: number): TrackRecording => ({
    sid: `RT${n}`,
    participantSid: `PA${n}`,
    kind: "video",
    status: "completed",
    startedAt: new Date(world.services.now().getTime() + 7_000).toISOString(),
    offsetMs: 0,
    durationSeconds: 60,
  });
  let done = false;
  const composition = (sid: string) => ({
    sid,
    status: done ? "ready" as const : "processing" as const,
    durationSeconds: done ? 67 : null,
    sizeBytes: done ? 1000 : null,
  });
  const recording: Partial<VideoProvider> = {
    listRecordings: () => Promise.resolve([track(1), track(2)]),
    listParticipants: () => Promise.resolve(people),
    fetchRoom: (sid) => {
      room = sid;
      return Promise.resolve({
        sid,
        name: "",
        status: "completed",
        createdAt: world.services.now().toISOString(),
      });
    },
    compose: (_, [sid]) =>
      Promise.resolve(composition(sid!.replace("PA", "CJ"))),
    fetchComposition: (sid) => Promise.resolve(composition(sid)),
    listCompositions: () =>
      Promise.resolve([composition("CJ1"), composition("CJ2")]),
    openMedia: (sid, range) => {
      asked.push(`${sid} ${range}`);
      return Promise.resolve(
        new Response("moving pictures", {
          status: range === null ? 200 : 206,
          headers: { "content-type": "video/webm", "accept-ranges": "bytes" },
        }),
      );
    },
    deleteComposition: (sid) => Promise.resolve(void deleted.push(sid)),
    deleteRecording: (sid) => Promise.resolve(void deleted.push(sid)),
  };
  world.services.video = { ...video, ...recording };
  return {
    asked,
    deleted,
    finish: () => done = true,
    roomOf: () => room,
  };
}

/** A session whose recording is being put together. */
async function recorded(world: World): Promise<Session> {
  const session = await running(world);
  await consent(world, world.doctor, session, true);
  await consent(world, world.patient, session, true);
  await keepPromises(world);
  await endSession(world.services, world.doctor, session.id);
  await keepPromises(world);
  return session;
}

const recordingOf = (world: World, person: Person, { id }: Session) =>
  world.ask(person, "GET", `${BASE}${id}/recording/`);
const media = (
  world: World,
  person: Person | null,
  { id }: Session,
  part: string,
  headers: Record<string, string> = {},
) =>
  world.ask(person, "GET", `${BASE}${id}/recording/${part}/media/`, {
    headers,
  });

Deno.test("S3.18 the recording is linked to its session: being prepared, then ready for both, each view in the history", async () => {
  await using world = await createWorld();
  const { asked, finish, roomOf } = recorder(world);
  const session = await recorded(world);
  const early: PlayView =
    await (await recordingOf(world, world.patient, session)).json();
  assert.equal(early.state, "processing");
  assert.deepEqual(early.sections[0]!.parts.map(({ url }) => url), [
    null,
    null,
  ]);
  const before = await media(world, world.patient, session, "doctor");
  assert.deepEqual([before.status, (await before.json()).code], [
    404,
    "recording_not_found",
  ]);

  finish();
  await keepPromises(world);
  const stored = await findSession(world.services.kv, session.id);
  assert.equal(roomOf(), stored.roomSid);
  const { recording } = await view(world, world.doctor, session);
  assert.deepEqual(
    [recording.state, recording.duration_seconds, recording.url],
    ["ready", 60, `/telemedicine/${session.id}/recording`],
  );
  const ready: PlayView =
    await (await recordingOf(world, world.patient, session)).json();
  assert.deepEqual(ready.sections, [{
    voice_only: false,
    starts_at_seconds: 7,
    duration_seconds: 60,
    parts: ["doctor", "patient"].map((seat) => ({
      seat,
      status: "ready",
      url: `${BASE}${session.id}/recording/${seat}/media/`,
    })),
  }]);

  const whole = await media(world, world.patient, session, "doctor");
  assert.equal(whole.status, 200);
  assert.equal(whole.headers.get("content-type"), "video/webm");
  assert.equal(whole.headers.get("cache-control"), "no-store");
  assert.equal(await whole.text(), "moving pictures");
  const range = { range: "bytes=5-" };
  const piece = await media(world, world.patient, session, "patient", range);
  assert.equal(piece.status, 206);
  await piece.body?.cancel();
  assert.deepEqual(asked, ["CJ1 null", "CJ2 bytes=5-"]);

  const views = async () =>
    (await listHistory(world.services.kv, session.id))
      .filter(({ action }) => action === "recording.view")
      .map(({ actor }) => actor.role);
  assert.deepEqual(await views(), ["patient"]);
  await (await media(world, world.doctor, session, "patient", range)).text();
  assert.deepEqual(await views(), ["patient", "doctor"]);
  // The patient goes on watching: signed in, and written down once an hour.
  for (let twentyMinutes = 0; twentyMinutes < 3; twentyMinutes++) {
    world.pass(1201);
    await view(world, world.patient, session);
  }
  await (await media(world, world.patient, session, "patient", range)).text();
  assert.deepEqual(await views(), ["patient", "doctor", "patient"]);
});

Deno.test("a recording is played by its two people only, and the view is written down before the video service is asked", async () => {
  await using world = await createWorld();
  const { asked, finish } = recorder(world);
  finish();
  const session = await recorded(world);
  const refusals: [Person | null, string, number, string][] = [
    [null, "doctor", 401, "unauthenticated"],
    [world.otherDoctor, "doctor", 404, "session_not_found"],
    [world.otherPatient, "patient", 404, "session_not_found"],
    [world.admin, "patient", 404, "session_not_found"],
    [world.patient, "nobody", 404, "not_found"],
  ];
  for (const [person, part, status, code] of refusals) {
    const answer = await media(world, person, session, part);
    assert.deepEqual([answer.status, (await answer.json()).code], [
      status,
      code,
    ]);
  }
  assert.deepEqual(asked, []);
  const { openMedia } = world.services.video;
  let seen: string[] = [];
  world.services.video = {
    ...world.services.video,
    async openMedia(...query) {
      seen = await actions(world, session);
      return await openMedia(...query);
    },
  };
  await (await media(world, world.doctor, session, "doctor")).text();
  assert.equal(seen.at(-1), "recording.view doctor");
});

Deno.test("a recording that the video service has lost is not found, rather than broken", async () => {
  await using world = await createWorld();
  const { finish } = recorder(world);
  finish();
  const session = await recorded(world);
  world.services.video = {
    ...world.services.video,
    openMedia: () => Promise.resolve(null),
  };
  const answer = await media(world, world.doctor, session, "doctor");
  assert.deepEqual([answer.status, (await answer.json()).code], [
    404,
    "recording_not_found",
  ]);
});

Deno.test("the doctor deletes a recording: gone here at once, and then at the video service, with what it was made from", async () => {
  await using world = await createWorld();
  const { deleted, finish } = recorder(world);
  finish();
  const session = await recorded(world);
  const remove = (person: Person) =>
    world.ask(person, "DELETE", `${BASE}${session.id}/recording/`);
  const refused = await remove(world.patient);
  assert.deepEqual([refused.status, (await refused.json()).code], [
    403,
    "role_forbidden",
  ]);
  assert.equal((await remove(world.otherDoctor)).status, 404);
  const answer = await remove(world.doctor);
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).state, "deleting");
  assert.equal((await remove(world.doctor)).status, 200);
  assert.equal(
    (await media(world, world.doctor, session, "doctor")).status,
    404,
  );
  await keepPromises(world);
  assert.deepEqual(deleted.toSorted(), ["CJ1", "CJ2", "RT1", "RT2"]);
  const gone: PlayView = await (await recordingOf(world, world.doctor, session))
    .json();
  assert.deepEqual([gone.state, gone.sections], ["deleted", []]);
  const history = await actions(world, session);
  assert(history.includes("recording.delete"));
  assert(history.includes("recording.erase"));
});

Deno.test("a recording that cannot be put together is told as such", async () => {
  await using world = await createWorld();
  recorder(world);
  world.services.video = {
    ...world.services.video,
    fetchComposition: (sid) =>
      Promise.resolve({
        sid,
        status: "failed",
        durationSeconds: null,
        sizeBytes: null,
      }),
  };
  const session = await recorded(world);
  const { recording } = await view(world, world.patient, session);
  assert.equal(recording.state, "failed");
  const none = await world.plan();
  const answer = await world.ask(
    world.doctor,
    "DELETE",
    `${BASE}${none.id}/recording/`,
  );
  assert.deepEqual([answer.status, (await answer.json()).code], [
    404,
    "recording_not_found",
  ]);
});

Deno.test("S2.29 a call that switched to video was recorded in two rooms: both are put together, played and deleted, and the picture only if it was allowed as well", async () => {
  await using world = await createWorld();
  const { asked, deleted, finish } = recorder(world);
  const { services } = world;
  const recorded = services.video;
  /** The second room's own. */
  const second = (sid: string) =>
    sid.replace(/\d/, (n) => String(Number(n) + 2));
  const voice: boolean[] = [];
  let first = "";
  services.video = {
    ...recorded,
    listRecordings: async (room) =>
      (await recorded.listRecordings(room)).map((track) => ({
        ...track,
        sid: room === first ? track.sid : second(track.sid),
      })),
    listCompositions: async (room) =>
      (await recorded.listCompositions(room)).map((made) => ({
        ...made,
        sid: room === first ? made.sid : second(made.sid),
      })),
    compose: async (room, sids, options) => {
      voice.push(options.voiceOnly);
      const made = await recorded.compose(room, sids, options);
      return { ...made, sid: room === first ? made.sid : second(made.sid) };
    },
  };
  const rules: string[] = [];
  const { setRecording } = services.video;
  services.video = {
    ...services.video,
    setRecording(room, on) {
      rules.push(`${room === first ? "voice" : "video"} ${on ? "on" : "off"}`);
      return setRecording(room, on);
    },
  };
  const { id } = await world.plan({ recordingEnabled: true, voiceOnly: true });
  const session = await startSession(services, world.doctor, id);
  first = session.roomSid!;
  const both = async () => {
    await consent(world, world.doctor, session, true);
    await consent(world, world.patient, session, true);
    await keepPromises(world);
  };
  await both();
  await offerVideo(services, world.doctor, id);
  const moved = await answerVideo(services, world.patient, id, {
    accepted: true,
  });
  assert.equal(moved.voiceOnly, false);
  const { recording } = await view(world, world.patient, session);
  assert.deepEqual(recording.consents, { doctor: null, patient: null });
  await keepPromises(world);
  assert.deepEqual(rules, ["voice on", "voice off"]);
  await both();
  assert.deepEqual(rules, ["voice on", "voice off", "video on"]);
  finish();
  await endSession(services, world.doctor, id);
  await keepPromises(world);
  await assertInvariants(services.kv);
  assert.deepEqual(voice, [true, true, false, false]);

  const ready: PlayView =
    await (await recordingOf(world, world.patient, session)).json();
  assert.deepEqual([ready.state, ready.duration_seconds], ["ready", 120]);
  assert.deepEqual(
    ready.sections.map(({ voice_only, parts }) => [
      voice_only,
      ...parts.map(({ url }) => url),
    ]),
    ["", "?section=2"].map((query) => [
      query === "",
      ...["doctor", "patient"].map((seat) =>
        `${BASE}${id}/recording/${seat}/media/${query}`
      ),
    ]),
  );
  for (const { parts } of ready.sections) {
    for (const { url } of parts) {
      const file = await world.ask(world.patient, "GET", url!);
      assert.equal(file.status, 200);
      await file.body?.cancel();
    }
  }
  assert.deepEqual(asked.map((what) => what.split(" ")[0]), [
    "CJ1",
    "CJ2",
    "CJ3",
    "CJ4",
  ]);
  for (
    const [section, status] of [["3", 404], ["0", 400], ["x", 400]] as const
  ) {
    const answer = await world.ask(
      world.patient,
      "GET",
      `${BASE}${id}/recording/doctor/media/?section=${section}`,
    );
    assert.equal(answer.status, status);
    await answer.body?.cancel();
  }
  await world.ask(world.doctor, "DELETE", `${BASE}${id}/recording/`);
  await keepPromises(world);
  assert.deepEqual(
    deleted.toSorted(),
    ["CJ1", "CJ2", "CJ3", "CJ4", "RT1", "RT2", "RT3", "RT4"],
  );
});
