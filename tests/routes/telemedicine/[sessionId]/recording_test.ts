import assert from "node:assert/strict";
import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import type { Recording, RecordingState } from "@/lib/sessions/recording.ts";
import {
  endSession,
  giveConsent,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { createWorld, type World } from "../../../support/world.ts";

const PART = {
  roomSid: "RM1",
  leadSeconds: 2,
  status: "ready" as const,
  durationSeconds: 60,
};

/** A session that is over, with a recording in this state. */
async function withRecording(
  world: World,
  state: RecordingState,
  about: Partial<Recording> = {},
): Promise<Session> {
  const { id } = await world.plan({ recordingEnabled: true });
  const session = await findSession(world.services.kv, id);
  const at = world.services.now().toISOString();
  const consent = { granted: true, at, textVersion: "2026-11" };
  const part = { ...PART, durationSeconds: 1063 };
  const over: Session = {
    ...session,
    status: "COMPLETED",
    startedAt: at,
    endedAt: at,
    durationSeconds: 1060,
    endReason: "ended_by_doctor",
    recording: {
      ...session.recording,
      consents: { doctor: consent, patient: consent },
      state,
      parts: [
        { ...part, seat: "doctor", compositionSid: "CJ1" },
        { ...part, seat: "patient", compositionSid: "CJ2" },
      ],
      ...about,
    },
  };
  await world.services.kv.set(["session", id], over);
  return over;
}

const text = async (response: Response) =>
  (await response.text()).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

const STATES: [
  RecordingState,
  says: RegExp,
  plays: boolean,
  deletes: boolean,
][] = [
  ["processing", /The recording is being prepared/, false, true],
  ["ready", /The recording is ready: 17 minutes\. You agreed/, true, true],
  ["failed", /could not be prepared\. It was nothing you did/, false, true],
  ["deleting", /You deleted the recording/, false, false],
  ["deleted", /You deleted the recording/, false, false],
  ["none", /Nothing was recorded\. It never began/, false, false],
];

for (const [state, says, plays, deletes] of STATES) {
  Deno.test(`S3.18 the details say that the recording is ${state}, and offer what can be done`, async () => {
    await using world = await createWorld();
    const { id } = await withRecording(world, state);
    const path = `/telemedicine/${id}`;
    const page = await world.ask(world.doctor, "GET", `${path}/details`);
    const html = await page.text();
    assert.match(await text(new Response(html)), says);
    assert.equal(html.includes(`href="${path}/recording"`), plays);
    assert.equal(html.includes(`href="${path}/recording/delete"`), deletes);
    const player = await world.ask(world.patient, "GET", `${path}/recording`);
    assert.equal(player.status, plays ? 200 : 303);
    await player.body?.cancel();
  });
}

Deno.test("S3.18 right after the end, a recording that the patient refused is not said to be prepared", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { id } = await world.plan({ recordingEnabled: true });
  const answer = (person: typeof doctor, granted: boolean) =>
    giveConsent(services, person, id, {
      granted,
      textVersion: CONSENT_VERSION,
    });
  await answer(doctor, true);
  await answer(patient, false);
  await startSession(services, doctor, id);
  await endSession(services, doctor, id);
  for (
    const [person, says] of [
      [doctor, /Nothing was recorded\. \w+ said no\./],
      [patient, /Nothing was recorded\. You said no\./],
    ] as const
  ) {
    const path = `/telemedicine/${id}`;
    const words = await text(await world.ask(person, "GET", `${path}/details`));
    assert.match(words, says);
    assert.doesNotMatch(words, /prepared/);
    const over = await text(await world.ask(person, "GET", path));
    assert.match(over, /has ended/);
    assert.doesNotMatch(over, /prepared/);
  }
});

Deno.test("S3.18 the player shows both parts from the first recorded moment on, also without script", async () => {
  await using world = await createWorld();
  const { id, doctor, patient } = await withRecording(world, "ready");
  const media = `/api/v1/telemedicine/${id}/recording`;
  for (const person of [world.doctor, world.patient]) {
    const page = await world.ask(
      person,
      "GET",
      `/telemedicine/${id}/recording`,
    );
    const html = await page.text();
    for (const seat of ["doctor", "patient"]) {
      assert(html.includes(`src="${media}/${seat}/media/#t=2"`), seat);
    }
    assert.equal(html.match(/<video[^>]* controls/g)?.length, 2);
    assert(html.includes(doctor.name) && html.includes(patient.name));
  }
});

Deno.test("of a side that was not recorded the player says so", async () => {
  await using world = await createWorld();
  const { id } = await withRecording(world, "ready", {
    parts: [{ ...PART, seat: "doctor", compositionSid: "CJ1" }],
  });
  const page = await world.ask(
    world.doctor,
    "GET",
    `/telemedicine/${id}/recording`,
  );
  assert.match(
    await text(page),
    /There is no recording of this side\. Pat Night/,
  );
});

Deno.test("only the doctor is asked whether to delete; strangers learn nothing", async () => {
  await using world = await createWorld();
  const { id } = await withRecording(world, "ready");
  const path = `/telemedicine/${id}/recording`;
  const question = await world.ask(world.doctor, "GET", `${path}/delete`);
  assert.match(
    await text(question),
    /Delete the recording\?.*cannot be undone/,
  );
  const refused: [typeof world.doctor, string, string, number][] = [
    [world.patient, "GET", `${path}/delete`, 403],
    [world.patient, "POST", `${path}/delete`, 403],
    [world.otherDoctor, "GET", `${path}/delete`, 404],
    [world.otherDoctor, "POST", `${path}/delete`, 404],
    [world.otherPatient, "GET", path, 404],
    [world.admin, "GET", path, 404],
  ];
  for (const [person, method, where, status] of refused) {
    const answer = await world.ask(
      person,
      method,
      where,
      method === "POST" ? { form: {} } : {},
    );
    assert.equal(answer.status, status, `${method} ${where}`);
    await answer.body?.cancel();
  }
  const done = await world.ask(world.doctor, "POST", `${path}/delete`, {
    form: {},
  });
  assert.equal(done.status, 303);
  assert.equal(done.headers.get("location"), `/telemedicine/${id}/details`);
  const { recording } = await findSession(world.services.kv, id);
  assert.equal(recording.state, "deleting");
});

Deno.test("S2.29 what was recorded before and after a switch to video plays one after the other", async () => {
  await using world = await createWorld();
  const part = (seat: "doctor" | "patient", roomSid: string) => ({
    ...PART,
    seat,
    roomSid,
    compositionSid: `${roomSid}-${seat}`,
  });
  const stored = await withRecording(world, "ready", {
    parts: ["RM0", "RM1"].flatMap((room) => [
      part("doctor", room),
      part("patient", room),
    ]),
  });
  const { id, endedAt } = stored;
  await world.services.kv.set(["session", id], {
    ...stored,
    roomSid: "RM1",
    pastRooms: [{
      roomName: "old",
      roomSid: "RM0",
      leftAt: endedAt!,
      closed: true,
    }],
  });
  const page = await world.ask(
    world.patient,
    "GET",
    `/telemedicine/${id}/recording`,
  );
  const html = await page.text();
  assert.match(
    await text(new Response(html)),
    /1 minute\b.*Part 1: voice.*Part 2: video/,
  );
  assert.equal(html.match(/<audio[^>]* controls/g)?.length, 2);
  assert.equal(html.match(/<video[^>]* controls/g)?.length, 2);
  assert(html.includes("/patient/media/?section=2#t=2"));
});
