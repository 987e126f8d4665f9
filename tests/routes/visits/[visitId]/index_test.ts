import { equal, match, ok } from "node:assert/strict";
import { startSession } from "@/lib/sessions/service.ts";
import { buttonsOf, wordsOf } from "../../../support/html.ts";
import { createWorld } from "../../../support/world.ts";

Deno.test("a visit's page shows its facts and offers to close it", async () => {
  await using world = await createWorld();
  const html =
    await (await world.ask(world.doctor, "GET", `/visits/${world.visit.id}`))
      .text();
  match(
    wordsOf(html),
    /Patient Pat Night Doctor Dr Ada Day Reason Cough Opened/,
  );
  ok(buttonsOf(html).includes("Close visit"));
});

Deno.test("closing a visit shows it closed, with nothing left to close", async () => {
  await using world = await createWorld();
  const path = `/visits/${world.visit.id}`;
  const answer = await world.ask(world.doctor, "POST", path);
  equal(answer.status, 303);
  equal(answer.headers.get("location"), path);
  const html = await (await world.ask(world.doctor, "GET", path)).text();
  match(wordsOf(html), /Pat Night Closed/);
  ok(!buttonsOf(html).includes("Close visit"));
});

Deno.test("a visit with a running session stays open, and the page says why", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  const answer = await world.ask(
    world.doctor,
    "POST",
    `/visits/${world.visit.id}`,
  );
  const html = await (await world.ask(
    world.doctor,
    "GET",
    answer.headers.get("location")!,
  )).text();
  match(
    wordsOf(html),
    /A session of this visit is running\. End that session first/,
  );
});

Deno.test("a visit's page is its doctor's alone", async () => {
  await using world = await createWorld();
  const path = `/visits/${world.visit.id}`;
  for (
    const [person, status] of [
      [world.otherDoctor, 404],
      [world.patient, 403],
      [null, 303],
    ] as const
  ) {
    for (const method of ["GET", "POST"]) {
      const answer = await world.ask(person, method, path);
      await answer.body?.cancel();
      equal(answer.status, status);
    }
  }
});
