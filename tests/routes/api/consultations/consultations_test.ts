import assert from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { claimsOf } from "../../../support/claims.ts";
import { enter } from "../../../support/guest.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../support/world.ts";

const BASE = "/api/consultations/";

/** Asks, and answers the status with the body. */
async function ask(
  world: World,
  person: Person | null,
  method: string,
  path: string,
  json?: unknown,
) {
  const response = await world.ask(
    person,
    method,
    BASE + path,
    json === undefined ? {} : { json },
  );
  return {
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  };
}

/** Tries to start, end, … and answers what came of it, in short. */
async function outcome(
  world: World,
  person: Person | null,
  method: string,
  path: string,
): Promise<string> {
  const { status, body } = await ask(world, person, method, path);
  return status === 200 ? "200" : `${status} ${body.code}`;
}

async function stored(world: World, id: string): Promise<Session> {
  return await findSession(world.services.kv, id);
}

Deno.test("S1.30 a doctor makes an appointment, and a consultation for it at its time", async () => {
  await using world = await createWorld();
  const at = "2026-11-22T09:30:00.000Z";
  const made = await world.ask(world.doctor, "POST", "/api/appointments/", {
    json: {
      patient_email: world.patient.actor.email,
      reason: "Cough",
      scheduled_start: "2026-11-22T10:30:00+01:00",
    },
  });
  const appointment = await made.json();
  assert.equal(made.status, 201);
  const { id, created_at, ...rest } = appointment;
  assert.match(id, /^[0-9A-Z]{26}$/);
  assert.equal(created_at, "2026-11-21T12:00:00.000Z");
  assert.deepEqual(rest, {
    doctor: { id: world.doctor.actor.accountId, name: "Dr Ada Day" },
    patient: { id: world.patient.actor.accountId, name: "Pat Night" },
    reason: "Cough",
    status: "OPEN",
    scheduled_start: at,
  });
  const created = await ask(world, world.doctor, "POST", "", {
    appointment_id: id,
  });
  assert.equal(created.status, 201);
  assert.equal(created.body.appointment_id, id);
  assert.equal(created.body.scheduled_start, at);
  assert.equal(created.body.status, "SCHEDULED");
  assert.equal(
    created.headers.get("location"),
    `${BASE}${created.body.id}/`,
  );
  for (const person of [world.doctor, world.patient]) {
    const seen = await ask(world, person, "GET", `${created.body.id}/`);
    assert.equal(seen.status, 200);
    const list = await ask(world, person, "GET", `?appointment_id=${id}`);
    assert.deepEqual(list.body, { results: [seen.body], next: null });
  }
  const strange = await ask(world, world.otherPatient, "GET", "");
  assert.deepEqual(strange.body, { results: [], next: null });
});

Deno.test("S1.30 a consultation says its own time where the appointment's is past, or there is none", async () => {
  await using world = await createWorld();
  const made = await world.ask(world.doctor, "POST", "/api/appointments/", {
    json: {
      patient_email: world.patient.actor.email,
      reason: "Cough",
      scheduled_start: "2026-11-21T12:05:00Z",
    },
  });
  const { id } = await made.json();
  // Past, and by more than a slow click.
  world.pass(15 * 60);
  for (
    const [appointment, message] of [
      [id, "is in the past"],
      [world.visit.id, "is missing"],
    ]
  ) {
    const refused = await ask(world, world.doctor, "POST", "", {
      appointment_id: appointment,
    });
    assert.equal(refused.status, 400);
    assert.deepEqual(refused.body.fields, [
      { field: "scheduled_start", message },
    ]);
    const created = await ask(world, world.doctor, "POST", "", {
      appointment_id: appointment,
      scheduled_start: "2026-11-21T14:00:00Z",
      voice_only: true,
      notes: "Ask about the cough.",
    });
    assert.equal(created.status, 201);
    assert.equal(created.body.voice_only, true);
    assert.equal(created.body.notes, "Ask about the cough.");
  }
});

Deno.test("S1.30 the consultation of an Idempotency-Key is made once", async () => {
  await using world = await createWorld();
  const send = async () => {
    const response = await world.ask(world.doctor, "POST", BASE, {
      json: {
        appointment_id: world.visit.id,
        scheduled_start: "2026-11-21T14:00:00Z",
      },
      headers: { "idempotency-key": "once" },
    });
    return (await response.json()).id;
  };
  assert.equal(await send(), await send());
});

Deno.test("a consultation is a session: same id, same record", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({ notes: "Only for the doctor." });
  for (const person of [world.doctor, world.patient]) {
    const { body } = await ask(world, person, "GET", `${id}/`);
    const session = await world.ask(
      person,
      "GET",
      `/api/v1/telemedicine/${id}/`,
    );
    assert.deepEqual(body, {
      ...await session.json(),
      appointment_id: world.visit.id,
    });
    assert.equal("notes" in body, person === world.doctor);
  }
});

Deno.test("S1.10 start_consultation/ starts, opens the room, and gives the doctor a token", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  const path = `${id}/start_consultation/`;
  const { status, headers, body } = await ask(
    world,
    world.doctor,
    "POST",
    path,
  );
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), [
    "consultation",
    "room_name",
    "token",
  ]);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(body.room_name, roomName);
  assert.equal(body.consultation.id, id);
  assert.equal(body.consultation.status, "IN_PROGRESS");
  assert.equal(body.consultation.presence.doctor.state, "joining");
  const { grants } = claimsOf(body.token).payload;
  assert.deepEqual(grants, {
    identity: world.doctor.actor.accountId,
    video: { room: roomName },
  });
  const room = await world.services.video.fetchRoom(roomName);
  assert.equal(room?.status, "in-progress");
  assert.equal((await stored(world, id)).roomSid, room?.sid);
});

Deno.test("S1.10 starting again finds the same room, with a fresh token", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const path = `${id}/start_consultation/`;
  const first = await ask(world, world.doctor, "POST", path);
  world.pass(60);
  const again = await ask(world, world.doctor, "POST", path);
  assert.equal(again.status, 200);
  assert.equal(again.body.room_name, first.body.room_name);
  assert.equal(
    again.body.consultation.started_at,
    first.body.consultation.started_at,
  );
  assert(claimsOf(again.body.token).payload.exp > Date.now() / 1000);
  const given = (await listHistory(world.services.kv, id))
    .filter(({ action }) => action === "session.token");
  assert.equal(given.length, 2, "another token, not the first once more");
});

Deno.test("S1.10 a start that is sent again with its Idempotency-Key starts once, and gives a token each time", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  for (let n = 0; n < 2; n++) {
    const answer = await world.ask(
      world.doctor,
      "POST",
      `${BASE}${id}/start_consultation/`,
      { headers: { "idempotency-key": "start" } },
    );
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("idempotent-replayed"), null);
    assert(claimsOf((await answer.json()).token).payload.exp > 0);
  }
  const starts = (await listHistory(world.services.kv, id))
    .filter(({ action }) => action === "session.start");
  assert.equal(starts.length, 1);
});

Deno.test("S1.10 starting is refused to everybody else, after the end, and while the video service is away", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const path = `${id}/start_consultation/`;
  const expected: [Person | null, string][] = [
    [null, "401 unauthenticated"],
    [world.patient, "403 role_forbidden"],
    [world.otherPatient, "404 session_not_found"],
    [world.otherDoctor, "404 session_not_found"],
  ];
  for (const [person, answer] of expected) {
    assert.equal(await outcome(world, person, "POST", path), answer);
  }
  const { openRoom } = world.services.video;
  world.services.video.openRoom = () =>
    Promise.reject(
      new AppError("video_unavailable", "Away", { retryAfterSeconds: 5 }),
    );
  const away = await ask(world, world.doctor, "POST", path);
  assert.equal(away.status, 503);
  assert.equal(away.headers.get("retry-after"), "5");
  world.services.video.openRoom = openRoom;
  await ask(world, world.doctor, "POST", `${id}/start_consultation/`);
  await ask(world, world.doctor, "POST", `${id}/end_consultation/`);
  assert.equal(
    await outcome(world, world.doctor, "POST", path),
    "409 invalid_transition",
  );
});

Deno.test("S1.11 end_consultation/ ends, closes the room, and is fine twice", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  const path = `${id}/end_consultation/`;
  assert.equal(
    await outcome(world, world.doctor, "POST", path),
    "409 not_started",
  );
  await ask(world, world.doctor, "POST", `${id}/start_consultation/`);
  assert.equal(
    await outcome(world, world.patient, "POST", path),
    "403 role_forbidden",
  );
  world.pass(18 * 60);
  const { status, body } = await ask(world, world.doctor, "POST", path);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ["consultation"]);
  assert.equal(body.consultation.status, "COMPLETED");
  assert.equal(body.consultation.ended_at, "2026-11-21T12:18:00.000Z");
  assert.equal(body.consultation.duration_seconds, 18 * 60);
  assert.equal(await world.services.video.fetchRoom(roomName), null);
  world.pass(60);
  assert.deepEqual(
    await ask(world, world.doctor, "POST", path).then(
      (again) => again.body,
    ),
    body,
  );
});

Deno.test("S1.11 a room that is gone already does not keep the consultation from ending", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  await ask(world, world.doctor, "POST", `${id}/start_consultation/`);
  // Its own callback about that is on the way while the doctor ends it.
  const { video } = world.services;
  world.services.video = {
    ...video,
    async closeRoom(room) {
      await video.closeRoom(roomName);
      await video.closeRoom(room);
    },
  };
  assert.equal(
    await outcome(world, world.doctor, "POST", `${id}/end_consultation/`),
    "200",
  );
});

Deno.test("S1.12 get_token/ gives both of them token and room, and is not kept anywhere", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  const path = `${id}/get_token/`;
  assert.equal(
    await outcome(world, world.doctor, "GET", path),
    "409 not_started",
  );
  const early = await ask(world, world.patient, "GET", path);
  assert.equal(early.status, 200, "decisions.md 3: the patient may wait");
  await ask(world, world.doctor, "POST", `${id}/start_consultation/`);
  for (const person of [world.doctor, world.patient]) {
    const { status, headers, body } = await ask(world, person, "GET", path);
    assert.equal(status, 200);
    assert.equal(headers.get("cache-control"), "no-store");
    const { token, ...rest } = body;
    assert.deepEqual(rest, { room_name: roomName });
    assert.equal(
      claimsOf(token).payload.grants.identity,
      person.actor.accountId,
    );
  }
  for (const person of [world.otherDoctor, world.otherPatient, world.admin]) {
    assert.equal(
      await outcome(world, person, "GET", path),
      "404 session_not_found",
    );
  }
  await ask(world, world.doctor, "POST", `${id}/end_consultation/`);
  for (const person of [world.doctor, world.patient]) {
    assert.equal(
      await outcome(world, person, "GET", path),
      "409 session_over",
    );
  }
});

Deno.test("A13 get_token/ makes no token for another site", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  for (
    const headers of [
      { "sec-fetch-site": "cross-site" },
      { origin: "https://evil.example" },
    ]
  ) {
    const response = await world.ask(
      world.patient,
      "GET",
      `${BASE}${id}/get_token/`,
      { headers },
    );
    assert.equal(response.status, 403);
    assert.equal((await response.json()).code, "cross_site");
  }
  assert.equal((await stored(world, id)).presence.patient, null);
});

Deno.test("S1.13 join_consultation/ is the patient's, is written down, and the doctor sees it", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  const path = `${id}/join_consultation/`;
  await ask(world, world.doctor, "POST", `${id}/start_consultation/`);
  const { status, headers, body } = await ask(
    world,
    world.patient,
    "POST",
    path,
  );
  assert.equal(status, 200);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.deepEqual(Object.keys(body).sort(), ["room_name", "token"]);
  assert.equal(body.room_name, roomName);
  assert.equal(
    claimsOf(body.token).payload.grants.identity,
    world.patient.actor.accountId,
  );
  const last = (await listHistory(world.services.kv, id)).at(-1)!;
  assert.equal(last.action, "session.token");
  assert.equal(last.actor.id, world.patient.actor.accountId);
  const seen = await ask(world, world.doctor, "GET", `${id}/`);
  assert.equal(seen.body.presence.patient.state, "joining");
  const refusals: [Person | null, string][] = [
    [null, "401 unauthenticated"],
    [world.doctor, "403 role_forbidden"],
    [world.otherPatient, "404 session_not_found"],
  ];
  for (const [person, answer] of refusals) {
    assert.equal(await outcome(world, person, "POST", path), answer);
  }
});

Deno.test("S1.13 the patient may come before the start, and not after the end", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const path = `${id}/join_consultation/`;
  assert.equal(await outcome(world, world.patient, "POST", path), "200");
  assert.equal((await stored(world, id)).presence.patient?.state, "waiting");
  await ask(world, world.doctor, "POST", `${id}/start_consultation/`);
  await ask(world, world.doctor, "POST", `${id}/end_consultation/`);
  assert.equal(
    await outcome(world, world.patient, "POST", path),
    "409 session_over",
  );
});

Deno.test("S1.14 every address works with and without its trailing slash, and none sends elsewhere", async () => {
  await using world = await createWorld();
  for (const slash of ["/", ""]) {
    const { id, roomName } = await world.plan();
    const { actor: { accountId } } = world.patient;
    const steps: [Person, string, string, number, unknown?][] = [
      [world.doctor, "POST", "/api/appointments", 201, {
        patient_email: world.patient.actor.email,
        reason: "Cough",
        scheduled_start: "2026-11-22T10:30:00Z",
      }],
      [world.doctor, "GET", "/api/appointments", 200],
      [world.patient, "GET", `/api/appointments/${world.visit.id}`, 200],
      [world.doctor, "POST", "/api/consultations", 201, {
        appointment_id: world.visit.id,
        scheduled_start: "2026-11-22T10:30:00Z",
      }],
      [world.doctor, "GET", "/api/consultations", 200],
      [world.doctor, "GET", `${BASE}${id}`, 200],
      [world.doctor, "POST", `${BASE}${id}/start_consultation`, 200],
      [world.patient, "POST", `${BASE}${id}/join_consultation`, 200],
      [world.patient, "GET", `${BASE}${id}/get_token`, 200],
      [
        world.patient,
        "GET",
        `/api/video/token${slash}?roomName=${roomName}&identity=${accountId}`,
        200,
      ],
      [world.doctor, "POST", `${BASE}${id}/end_consultation`, 200],
    ];
    for (const [person, method, path, status, json] of steps) {
      const url = path.includes("?") ? path : path + slash;
      const answer = await world.ask(
        person,
        method,
        url,
        json === undefined ? {} : { json },
      );
      await answer.body?.cancel();
      assert.equal(answer.status, status, `${method} ${url}`);
    }
  }
});

Deno.test("S1.15 that one belongs to the consultation is decided by the server: a role is not enough", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const commands: [string, string][] = [
    ["GET", ""],
    ["POST", "start_consultation/"],
    ["POST", "end_consultation/"],
    ["GET", "get_token/"],
    ["POST", "join_consultation/"],
  ];
  for (const person of [world.otherDoctor, world.otherPatient]) {
    for (const [method, path] of commands) {
      assert.equal(
        await outcome(world, person, method, `${id}/${path}`),
        "404 session_not_found",
      );
    }
  }
  assert.equal((await stored(world, id)).rev, 1, "nothing happened");
});

Deno.test("S1.16 the doctor's token comes with the start, the patient's with joining; each is for one person and one room", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  const { body: doctors } = await ask(
    world,
    world.doctor,
    "POST",
    `${id}/start_consultation/`,
  );
  const { body: patients } = await ask(
    world,
    world.patient,
    "POST",
    `${id}/join_consultation/`,
  );
  const [doctor, patient] = [doctors.token, patients.token].map((token) =>
    claimsOf(token).payload
  );
  assert.deepEqual(doctor!.grants, {
    identity: world.doctor.actor.accountId,
    video: { room: roomName },
  });
  assert.deepEqual(patient!.grants, {
    identity: world.patient.actor.accountId,
    video: { room: roomName },
  });
  assert.notEqual(doctors.token, patients.token);
});

Deno.test("S1.26 S1.27 the doctor starts, connects with the token and ends; the patient joins and connects with theirs", async () => {
  await using world = await createWorld({}, new Date());
  const { id } = await world.plan();
  const people: [Person, string][] = [
    [world.doctor, "start_consultation"],
    [world.patient, "join_consultation"],
  ];
  const room = await (async () => {
    await using guests = new AsyncDisposableStack();
    for (const [person, command] of people) {
      const { body } = await ask(world, person, "POST", `${id}/${command}/`);
      const { room_name: roomName, token } = body;
      guests.use(
        await enter(world, { roomName }, person.actor.accountId, token),
      );
    }
    const { roomSid } = await stored(world, id);
    return await world.services.video.listParticipants(roomSid!);
  })();
  assert.deepEqual(
    room.map(({ identity }) => identity).sort(),
    people.map(([person]) => person.actor.accountId).sort(),
  );
  const { body } = await ask(
    world,
    world.doctor,
    "POST",
    `${id}/end_consultation/`,
  );
  assert.equal(body.consultation.status, "COMPLETED");
  assert.equal(body.consultation.end_reason, "ended_by_doctor");
});
