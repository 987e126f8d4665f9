import assert from "node:assert/strict";
import { findFault } from "@/lib/audit/chain.ts";
import { AppError } from "@/lib/errors.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { quiet } from "../../../../support/quiet.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

const BASE = "/api/v1/telemedicine/";

async function command(
  world: World,
  person: Person | null,
  session: Session,
  name: string,
  slash = "/",
) {
  const response = await world.ask(
    person,
    "POST",
    `${BASE}${session.id}/${name}${slash}`,
  );
  return {
    status: response.status,
    body: await response.json(),
    headers: response.headers,
  };
}

async function actionsOf(world: World, session: Session): Promise<string[]> {
  const chain = await listHistory(world.services.kv, session.id);
  const { auditSeq, auditHash } = await findSession(
    world.services.kv,
    session.id,
  );
  assert.equal(findFault(chain, { auditSeq, auditHash }), null);
  return chain.map(({ action }) => action);
}

Deno.test("S3.30 POST / plans a session in an OPEN visit", async () => {
  await using world = await createWorld();
  const response = await world.ask(world.doctor, "POST", BASE, {
    json: {
      visit_id: world.visit.id,
      scheduled_start: "2026-11-21T14:30:00+02:00",
      recording_enabled: true,
      notes: "Ask about the diary.",
    },
  });
  const session: SessionView = await response.json();
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("location"), `${BASE}${session.id}/`);
  assert.equal(session.status, "SCHEDULED");
  assert.equal(session.scheduled_start, "2026-11-21T12:30:00.000Z");
  assert.deepEqual(session.recording, {
    requested: true,
    active: false,
    state: "none",
    consents: { doctor: null, patient: null },
    duration_seconds: null,
  });
  assert.equal(session.notes, "Ask about the diary.");
  assert.deepEqual(session.actions, ["start", "cancel", "edit", "consent"]);
  assert.match(session.room_name, /^bedside-[0-9a-f-]{36}$/);
});

const BAD_BODIES: [
  why: string,
  change: Record<string, unknown>,
  field: string,
][] = [
  ["without a time", { scheduled_start: undefined }, "scheduled_start"],
  [
    "with a time that has no zone",
    { scheduled_start: "2026-11-21T14:30" },
    "scheduled_start",
  ],
  [
    "in the past",
    { scheduled_start: "2026-11-21T11:00:00Z" },
    "scheduled_start",
  ],
  [
    "three years ahead",
    { scheduled_start: "2029-11-21T11:00:00Z" },
    "scheduled_start",
  ],
  ["with notes that never end", { notes: "x".repeat(4001) }, "notes"],
  ["with half a character", { notes: "\ud800" }, "notes"],
  ["with a field nobody knows", { status: "COMPLETED" }, ""],
  ["of a visit that is no id", { visit_id: "../x" }, "visit_id"],
];
for (const [why, change, field] of BAD_BODIES) {
  Deno.test(`POST / answers 400 to a session ${why}`, async () => {
    await using world = await createWorld();
    const response = await world.ask(world.doctor, "POST", BASE, {
      json: {
        visit_id: world.visit.id,
        scheduled_start: "2026-11-21T13:00:00Z",
        ...change,
      },
    });
    const problem = await response.json();
    assert.equal(response.status, 400);
    assert.equal(problem.code, "validation");
    assert.equal(problem.fields[0].field, field);
    const list = await (await world.ask(world.doctor, "GET", BASE)).json();
    assert.deepEqual(list, { results: [], next: null });
  });
}

Deno.test("S3.37 POST / answers 409 when the visit is closed", async () => {
  await using world = await createWorld();
  await world.ask(world.doctor, "PATCH", `/api/v1/visits/${world.visit.id}/`, {
    json: { status: "CLOSED" },
  });
  const response = await world.ask(world.doctor, "POST", BASE, {
    json: { visit_id: world.visit.id, scheduled_start: "2026-11-21T13:00:00Z" },
  });
  assert.equal(response.status, 409);
  assert.equal((await response.json()).code, "visit_closed");
});

Deno.test("S3.29 GET / lists one's own sessions only, newest first, filtered and in pages", async () => {
  await using world = await createWorld();
  const at = (minutes: number) =>
    new Date(world.services.now().getTime() + minutes * 60_000);
  const late = await world.plan({ scheduledStart: at(30) });
  const soon = await world.plan({ scheduledStart: at(10) });
  const cancelled = await world.plan({ scheduledStart: at(20) });
  await command(world, world.doctor, cancelled, "cancel");
  const ids = async (person: Person, query = "") => {
    const { results, next } =
      await (await world.ask(person, "GET", BASE + query)).json();
    return { ids: results.map(({ id }: SessionView) => id), next };
  };
  const all = [late.id, cancelled.id, soon.id];
  for (const person of [world.doctor, world.patient]) {
    assert.deepEqual(await ids(person), { ids: all, next: null });
  }
  for (const person of [world.otherDoctor, world.otherPatient, world.admin]) {
    assert.deepEqual(await ids(person), { ids: [], next: null });
  }
  assert.deepEqual((await ids(world.doctor, "?status=SCHEDULED")).ids, [
    late.id,
    soon.id,
  ]);
  assert.deepEqual(
    (await ids(world.patient, `?visit_id=${world.visit.id}`)).ids,
    all,
  );
  assert.deepEqual((await ids(world.patient, `?visit_id=${late.id}`)).ids, []);
  const first = await ids(world.doctor, "?limit=2");
  assert.deepEqual(first.ids, all.slice(0, 2));
  const second = await ids(
    world.doctor,
    `?limit=2&cursor=${encodeURIComponent(first.next)}`,
  );
  assert.deepEqual(second, { ids: all.slice(2), next: null });
});

Deno.test("GET / answers 400 to a query it does not understand", async () => {
  await using world = await createWorld();
  for (
    const query of [
      "?status=DONE",
      "?limit=0",
      "?limit=1&limit=2",
      "?page=2",
      "?cursor=%00",
    ]
  ) {
    const response = await world.ask(world.doctor, "GET", BASE + query);
    assert.equal(response.status, 400, query);
    assert.equal((await response.json()).code, "validation");
  }
});

Deno.test("S3.31 POST start/ opens the room and puts the session in progress", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  world.pass(60);
  const { status, body } = await command(world, world.doctor, session, "start");
  assert.equal(status, 200);
  assert.equal(body.status, "IN_PROGRESS");
  assert.equal(body.started_at, "2026-11-21T12:01:00.000Z");
  assert.deepEqual(body.actions, ["join", "end", "edit"]);
  const { roomSid } = await findSession(world.services.kv, session.id);
  const room = await world.services.video.fetchRoom(roomSid!);
  assert.equal(room?.sid, roomSid);
  assert.equal(room?.name, session.roomName);
  assert.equal(room?.status, "in-progress");
  assert.deepEqual(await actionsOf(world, session), [
    "session.create",
    "session.start_requested",
    "session.start",
  ]);
});

Deno.test("POST start/ twice changes nothing: same room, same time", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const first = await command(world, world.doctor, session, "start");
  world.pass(60);
  const second = await command(world, world.doctor, session, "start");
  assert.deepEqual(second.body, first.body);
});

Deno.test("POST start/ from several tabs at once starts once", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const answers = await Promise.all(
    Array.from(
      { length: 8 },
      () => command(world, world.doctor, session, "start"),
    ),
  );
  assert.deepEqual(
    new Set(answers.map(({ status }) => status)),
    new Set([200]),
  );
  const actions = await actionsOf(world, session);
  assert.equal(
    actions.filter((action) => action === "session.start").length,
    1,
  );
});

Deno.test("S3.37 only one session of a visit runs at a time", async () => {
  await using world = await createWorld();
  const [one, two] = [await world.plan(), await world.plan()];
  await command(world, world.doctor, one, "start");
  const { status, body } = await command(world, world.doctor, two, "start");
  assert.equal(status, 409);
  assert.equal(body.code, "session_running");
});

Deno.test("S3.9 POST start/ leaves the session SCHEDULED while the video service is down, FAILED when it refuses", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const { video } = world.services;
  const refuse = (code: "video_unavailable" | "video_rejected") => {
    const error = new AppError(
      code,
      "No room",
      code === "video_unavailable" ? { retryAfterSeconds: 5 } : {},
    );
    world.services.video = { ...video, openRoom: () => Promise.reject(error) };
  };
  {
    using _ = quiet();
    refuse("video_unavailable");
    const down = await command(world, world.doctor, session, "start");
    assert.equal(down.status, 503);
    assert.equal(down.headers.get("retry-after"), "5");
    assert.equal(
      (await findSession(world.services.kv, session.id)).status,
      "SCHEDULED",
    );
    refuse("video_rejected");
    const refused = await command(world, world.doctor, session, "start");
    assert.equal(refused.status, 502);
    assert.equal(refused.body.code, "video_rejected");
  }
  assert.equal(
    (await findSession(world.services.kv, session.id)).status,
    "FAILED",
  );
  const history = await listHistory(world.services.kv, session.id);
  assert.deepEqual(
    history.filter(({ action }) => action === "session.start_failed").map((
      { outcome, code },
    ) => [outcome, code]),
    [["error", "video_rejected"]],
  );
});

Deno.test("S3.33 S3.18 POST end/ completes the session, computes the duration and closes the room", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await command(world, world.doctor, session, "start");
  await world.ask(world.doctor, "POST", `${BASE}token/`, {
    json: { session_id: session.id },
  });
  world.pass(18 * 60 + 5);
  const { status, body } = await command(world, world.doctor, session, "end");
  assert.equal(status, 200);
  assert.equal(body.status, "COMPLETED");
  assert.equal(body.duration_seconds, 18 * 60 + 5);
  assert.equal(body.end_reason, "ended_by_doctor");
  assert.deepEqual(body.actions, ["edit"]);
  const { roomSid, close } = await findSession(world.services.kv, session.id);
  assert.equal(close, "DONE");
  assert.equal(
    (await world.services.video.fetchRoom(roomSid!))?.status,
    "completed",
  );
  world.pass(60);
  const again = await command(world, world.doctor, session, "end");
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, body);
});

Deno.test("POST end/ answers at once when the room cannot be closed", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await command(world, world.doctor, session, "start");
  world.services.video = {
    ...world.services.video,
    closeRoom: () => Promise.reject(new AppError("video_unavailable", "down")),
  };
  using _ = quiet();
  const { status, body } = await command(world, world.doctor, session, "end");
  assert.equal(status, 200);
  assert.equal(body.status, "COMPLETED");
  assert.equal(
    (await findSession(world.services.kv, session.id)).close,
    "PENDING",
  );
});

Deno.test("S3.27 POST cancel/ takes a planned session back", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const { status, body } = await command(
    world,
    world.doctor,
    session,
    "cancel",
  );
  assert.equal(status, 200);
  assert.equal(body.status, "CANCELLED");
  assert.equal(body.end_reason, "cancelled_by_doctor");
  assert.equal(
    (await command(world, world.doctor, session, "cancel")).status,
    200,
  );
});

Deno.test("S3.34 POST leave/ records the leaving and lets the session go on", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await command(world, world.doctor, session, "start");
  await world.ask(world.patient, "POST", `${BASE}token/`, {
    json: { session_id: session.id },
  });
  const { status, body } = await command(
    world,
    world.patient,
    session,
    "leave",
  );
  assert.equal(status, 200);
  assert.equal(body.status, "IN_PROGRESS");
  assert.equal(body.presence.patient.state, "disconnected");
  assert.deepEqual(body.actions, ["join"]);
  await command(world, world.patient, session, "leave");
  const actions = await actionsOf(world, session);
  assert.deepEqual(actions.filter((action) => action === "session.leave"), [
    "session.leave",
  ]);
});

Deno.test("S3.38 the audit log lists create, start, join, leave and end, in a chain that verifies", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  await command(world, world.doctor, session, "start");
  await world.ask(world.patient, "POST", `${BASE}token/`, {
    json: { session_id: session.id },
  });
  await command(world, world.patient, session, "leave");
  await command(world, world.doctor, session, "end");
  assert.deepEqual(await actionsOf(world, session), [
    "session.create",
    "session.start_requested",
    "session.start",
    "session.token",
    "session.leave",
    "session.end",
    "session.room_closed",
  ]);
});

Deno.test("S3.35 GET {id}/ shows the notes to the doctor only", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({ notes: "CANARY-NOTE" });
  for (
    const [person, sees] of [[world.doctor, true], [
      world.patient,
      false,
    ]] as const
  ) {
    for (const path of [`${BASE}${id}/`, `${BASE}${id}`, BASE]) {
      const text = await (await world.ask(person, "GET", path)).text();
      assert.equal(text.includes("CANARY-NOTE"), sees, path);
    }
  }
});
