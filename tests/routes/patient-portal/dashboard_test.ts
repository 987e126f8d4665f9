import { equal, match, ok } from "node:assert/strict";
import { linksOf, wordsOf } from "../../support/html.ts";
import { createWorld } from "../../support/world.ts";

const HERE = "/patient-portal/dashboard";

Deno.test("S3.19: the dashboard shows what is next and leads to Telemedicine, without any script", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({
    scheduledStart: new Date(world.services.now().getTime() + 12 * 60_000),
  });
  const html = await (await world.ask(world.patient, "GET", HERE)).text();
  match(wordsOf(html), /Good (morning|afternoon|evening), Pat/);
  match(
    wordsOf(html),
    /Your next visit .* with Dr Ada Day, in 12 minutes Cough/,
  );
  match(wordsOf(html), /1 ahead, 0 past/);
  match(wordsOf(html), /If this is an emergency/);
  const links = linksOf(html);
  ok(
    links.some(([name, href]) =>
      name === "Join Session" && href === `/telemedicine/${id}`
    ),
  );
  ok(
    links.some(([name, href]) =>
      name === "Telemedicine" && href === "/patient-portal/telemedicine"
    ),
  );
  ok(!html.includes("<script"));
});

Deno.test("without a plan the dashboard says so", async () => {
  await using world = await createWorld();
  const html = await (await world.ask(world.patient, "GET", HERE)).text();
  match(wordsOf(html), /Nothing is planned/);
});

Deno.test("the dashboard is for patients", async () => {
  await using world = await createWorld();
  const answer = await world.ask(world.doctor, "GET", HERE);
  await answer.body?.cancel();
  equal(answer.status, 403);
});
