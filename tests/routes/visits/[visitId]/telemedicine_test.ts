import { deepEqual, equal, match, ok } from "node:assert/strict";
import { listSessions } from "@/lib/sessions/service.ts";
import { closeVisit } from "@/lib/visits/service.ts";
import { buttonsOf, linksOf, valueOf, wordsOf } from "../../../support/html.ts";
import { createWorld, type World } from "../../../support/world.ts";

/** The page, as its doctor sees it, in Lisbon. */
async function see(world: World, query = ""): Promise<string> {
  const answer = await world.ask(
    world.doctor,
    "GET",
    `/visits/${world.visit.id}/telemedicine${query}`,
    inZone(world, "Europe/Lisbon"),
  );
  return await answer.text();
}

function inZone(world: World, timeZone: string) {
  return {
    headers: { cookie: `${world.doctor.cookie}; time_zone=${timeZone}` },
  };
}

async function create(
  world: World,
  form: Record<string, string>,
  timeZone = "Europe/Lisbon",
): Promise<Response> {
  return await world.ask(
    world.doctor,
    "POST",
    `/visits/${world.visit.id}/telemedicine`,
    {
      form,
      ...inZone(world, timeZone),
    },
  );
}

async function sessionsOf(world: World) {
  return (await listSessions(world.services, world.doctor, {})).sessions;
}

/** A summer's day after the world's noon. */
const SUMMER = "2027-07-01T10:30";

Deno.test("S3.3, S3.4: the page of an OPEN visit offers + Create Session, which opens the form", async () => {
  await using world = await createWorld();
  const closed = await see(world);
  ok(buttonsOf(closed).includes("+ Create Session"));
  ok(!buttonsOf(closed).includes("Create Session"));
  const open = await see(world, "?create=1");
  ok(buttonsOf(open).includes("Create Session"));
  for (
    const label of [
      "Scheduled Start Time",
      "Enable Recording",
      "Voice only",
      "Notes",
    ]
  ) {
    ok(wordsOf(open).includes(label), label);
  }
  match(wordsOf(open), /Your time zone: Europe\/Lisbon/);
});

Deno.test("S3.4: the page of a closed visit says that nothing can be added", async () => {
  await using world = await createWorld();
  await closeVisit(world.services, world.doctor, world.visit.id);
  const html = await see(world, "?create=1");
  ok(!buttonsOf(html).some((name) => name.includes("Create Session")));
  match(wordsOf(html), /The visit is closed\./);
});

Deno.test("S3.5 to S3.8: the form creates a SCHEDULED session in the visitor's zone", async () => {
  await using world = await createWorld();
  const answer = await create(world, {
    scheduled_start: SUMMER,
    recording_enabled: "on",
    notes: "Ask about <the> inhaler.",
  }, "America/New_York");
  equal(answer.status, 303);
  const [session] = await sessionsOf(world);
  equal(
    answer.headers.get("location"),
    `/visits/${world.visit.id}/telemedicine?created=${session!.id}`,
  );
  equal(session!.status, "SCHEDULED");
  equal(session!.scheduledStart, "2027-07-01T14:30:00.000Z");
  equal(session!.recording.requested, true);
  equal(session!.voiceOnly, false);
  equal(session!.notes, "Ask about <the> inhaler.");
  const html = await see(world, `?created=${session!.id}`);
  match(wordsOf(html), /Session created for Thursday 1 Jul 2027, 15:30/);
  match(html, new RegExp(`data-session-id="${session!.id}"`));
  ok(buttonsOf(html).includes("Start Session"));
});

Deno.test("a form that is sent twice creates one session, and both come to the same page", async () => {
  await using world = await createWorld();
  const key = valueOf(await see(world, "?create=1"), "idempotency_key")!;
  ok(key.length > 20);
  const form = { scheduled_start: SUMMER, idempotency_key: key };
  const [first, second] = await Promise.all([
    create(world, form),
    create(world, form),
  ]);
  const [session, ...others] = await sessionsOf(world);
  deepEqual(others, []);
  for (const answer of [first, second, await create(world, form)]) {
    equal(answer.status, 303);
    match(answer.headers.get("location")!, new RegExp(`=${session!.id}$`));
  }
  // Back in the browser, something else, sent again: another session.
  const other = await create(world, { ...form, notes: "Another." });
  equal(other.status, 303);
  equal((await sessionsOf(world)).length, 2);
});

Deno.test("a form that was refused comes back with a key of its own", async () => {
  await using world = await createWorld();
  const form = { scheduled_start: "2020-01-01T10:00", idempotency_key: "k" };
  for (const answer of [await create(world, form), await create(world, form)]) {
    equal(answer.status, 422);
    const key = valueOf(await answer.text(), "idempotency_key");
    ok(key !== null && key !== "k");
  }
});

const refusals: [what: string, start: string, words: RegExp][] = [
  ["a time in the past", "2020-01-01T10:00", /This time is in the past\./],
  [
    "a year that must be a mistake",
    "2126-01-01T10:00",
    /more than two years away/,
  ],
  ["no time", "", /Choose a date and a time\./],
  ["nonsense", "soon", /Enter a date and a time/],
  ["an hour that the clocks skip", "2027-03-28T01:30", /there is no 01:30/],
];
for (const [what, scheduled_start, words] of refusals) {
  Deno.test(`S3.5: the form refuses ${what} and keeps what was entered`, async () => {
    await using world = await createWorld();
    const answer = await create(world, {
      scheduled_start,
      voice_only: "on",
      notes: "Kept.",
    });
    const html = await answer.text();
    equal(answer.status, 422);
    match(wordsOf(html), words);
    match(html, /aria-invalid="true"/);
    equal(valueOf(html, "scheduled_start"), scheduled_start);
    equal(valueOf(html, "notes"), "Kept.");
    match(html, /<input[^>]*name="voice_only"[^>]*checked/);
    deepEqual(await sessionsOf(world), []);
  });
}

Deno.test("the form refuses notes that are too long", async () => {
  await using world = await createWorld();
  const answer = await create(world, {
    scheduled_start: SUMMER,
    notes: "a".repeat(5000),
  });
  equal(answer.status, 422);
  match(
    wordsOf(await answer.text()),
    /This text has more than 4000 characters\./,
  );
});

Deno.test("creating in a visit that was closed meanwhile comes back with the reason", async () => {
  await using world = await createWorld();
  await closeVisit(world.services, world.doctor, world.visit.id);
  const answer = await create(world, { scheduled_start: SUMMER });
  equal(answer.status, 303);
  match(answer.headers.get("location")!, /\?problem=visit_closed$/);
  match(
    wordsOf(await see(world, "?problem=visit_closed")),
    /The visit is closed\. Nothing can be added/,
  );
});

Deno.test("the page is the visit's doctor's alone", async () => {
  await using world = await createWorld();
  for (
    const [person, status] of [
      [world.otherDoctor, 404],
      [world.patient, 403],
      [world.admin, 404],
      [world.otherPatient, 404],
      [null, 303],
    ] as const
  ) {
    const path = `/visits/${world.visit.id}/telemedicine`;
    const form = { scheduled_start: SUMMER };
    for (
      const answer of [
        await world.ask(person, "GET", path),
        await world.ask(person, "POST", path, { form }),
      ]
    ) {
      await answer.body?.cancel();
      equal(answer.status, status);
    }
  }
  deepEqual(await sessionsOf(world), []);
});

Deno.test("older sessions are a page further", async () => {
  await using world = await createWorld();
  for (let i = 0; i < 51; i++) await world.plan();
  const older = linksOf(await see(world)).find(([name]) =>
    name === "Older sessions"
  );
  const html = await see(world, new URL(older![1], "http://here").search);
  equal(html.match(/data-session-id/g)?.length, 1);
});
