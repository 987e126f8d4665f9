import { equal, match, ok } from "node:assert/strict";
import { cancelSession, startSession } from "@/lib/sessions/service.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { wordsOf } from "../../../support/html.ts";
import { createWorld } from "../../../support/world.ts";

Deno.test("S3.7: the doctor changes time and notes of a planned session by a form", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({ notes: "First." });
  const path = `/telemedicine/${id}/edit`;
  const form = await (await world.ask(world.doctor, "GET", path)).text();
  match(form, /Scheduled Start Time/);
  match(form, />First\.</);
  const saved = await world.ask(world.doctor, "POST", path, {
    form: { scheduled_start: "2026-11-23T09:30", notes: "Second." },
    headers: { cookie: `${world.doctor.cookie}; time_zone=UTC` },
  });
  equal(saved.status, 303);
  equal(saved.headers.get("location"), `/telemedicine/${id}/details`);
  const session = await findSession(world.services.kv, id);
  equal(session.notes, "Second.");
  match(session.scheduledStart, /^2026-11-23T/);
});

Deno.test("S3.5: what was entered stays when it is refused", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  for (const time of ["2020-01-01T09:30", "nonsense", ""]) {
    const refused = await world.ask(
      world.doctor,
      "POST",
      `/telemedicine/${id}/edit`,
      { form: { scheduled_start: time, notes: "Kept." } },
    );
    equal(refused.status, 422);
    const html = await refused.text();
    match(html, /aria-invalid="true"/);
    match(html, />Kept\.</);
  }
  equal((await findSession(world.services.kv, id)).notes, "");
});

Deno.test("S3.7: a new time for a session that has started meanwhile is refused with the reason, and the notes stay", async () => {
  await using world = await createWorld();
  const { id, scheduledStart } = await world.plan({ notes: "First." });
  const path = `/telemedicine/${id}/edit`;
  const headers = { cookie: `${world.doctor.cookie}; time_zone=UTC` };
  const send = (form: Record<string, string>) =>
    world.ask(world.doctor, "POST", path, { form, headers });
  await startSession(world.services, world.doctor, id);

  const refused = await send({
    scheduled_start: "2026-11-23T09:30",
    notes: "Second.",
  });
  equal(refused.status, 409);
  const html = await refused.text();
  match(
    wordsOf(html),
    /The session has started meanwhile\. Its time cannot be/,
  );
  match(html, />Second\.</);
  ok(!html.includes("Scheduled Start Time"));
  const unchanged = await findSession(world.services.kv, id);
  equal(unchanged.notes, "First.");
  equal(unchanged.scheduledStart, scheduledStart);

  // Who left the time alone loses nothing.
  const saved = await send({
    scheduled_start: scheduledStart.slice(0, 16),
    notes: "Second.",
  });
  equal(saved.status, 303);
  equal((await findSession(world.services.kv, id)).notes, "Second.");
});

Deno.test("of a session that was called off the details are shown, not a form", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const path = `/telemedicine/${id}/edit`;
  await cancelSession(world.services, world.doctor, id);
  const answer = await world.ask(world.doctor, "GET", path);
  equal(answer.status, 303);
  equal(answer.headers.get("location"), `/telemedicine/${id}/details`);
  const refused = await world.ask(world.doctor, "POST", path, {
    form: { scheduled_start: "2026-11-23T09:30", notes: "Late." },
  });
  equal(refused.status, 409);
  match(wordsOf(await refused.text()), /The session cannot do this now/);
});

Deno.test("of a session that runs only the notes can be changed, and by its doctor only", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  const path = `/telemedicine/${id}/edit`;
  const html = await (await world.ask(world.doctor, "GET", path)).text();
  ok(!html.includes("Scheduled Start Time"));
  const saved = await world.ask(world.doctor, "POST", path, {
    form: { notes: "During the call." },
  });
  equal(saved.status, 303);
  equal(
    (await findSession(world.services.kv, id)).notes,
    "During the call.",
  );
  for (
    const [who, status] of [["patient", 403], ["otherDoctor", 404]] as const
  ) {
    const refused = await world.ask(world[who], "GET", path);
    equal(refused.status, status);
    ok(!wordsOf(await refused.text()).includes("During the call."));
  }
});
