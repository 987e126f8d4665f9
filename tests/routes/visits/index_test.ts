import { deepEqual, equal, match, ok } from "node:assert/strict";
import { requestAccess } from "@/lib/sessions/service.ts";
import { closeVisit } from "@/lib/visits/service.ts";
import { linksOf, wordsOf } from "../../support/html.ts";
import { createWorld } from "../../support/world.ts";

Deno.test("S3.2: the visits page lists OPEN visits and leads to their sessions", async () => {
  await using world = await createWorld();
  await world.plan();
  const html = await (await world.ask(world.doctor, "GET", "/visits")).text();
  ok(
    linksOf(html).some(([name, href]) =>
      name === "Pat Night" && href === `/visits/${world.visit.id}/telemedicine`
    ),
  );
  match(wordsOf(html), /Pat Night Cough Session scheduled Open/);
});

Deno.test("the filter shows open, closed or all visits", async () => {
  await using world = await createWorld();
  const { services, doctor, visit } = world;
  await closeVisit(services, doctor, visit.id);
  const shown = async (show: string) => {
    const html = await (await world.ask(doctor, "GET", `/visits${show}`))
      .text();
    return linksOf(html).filter(([, href]) =>
      href.startsWith(`/visits/${visit.id}`)
    );
  };
  deepEqual(await shown(""), []);
  deepEqual(await shown("?show=open"), []);
  deepEqual(await shown("?show=closed"), [[
    "Pat Night",
    `/visits/${visit.id}`,
  ]]);
  deepEqual(await shown("?show=all"), [["Pat Night", `/visits/${visit.id}`]]);
});

Deno.test("a patient who waits is shown on top", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await requestAccess(world.services, world.patient, id);
  const words = wordsOf(
    await (await world.ask(world.doctor, "GET", "/visits")).text(),
  );
  match(words, /Pat Night is in the waiting room since \d\d:\d\d\. Open visit/);
  match(words, /Pat is waiting for you now/);
});

Deno.test("the visits page is for doctors, and shows one's own visits only", async () => {
  await using world = await createWorld();
  const status = async (person: typeof world.doctor) => {
    const answer = await world.ask(person, "GET", "/visits");
    await answer.body?.cancel();
    return answer.status;
  };
  equal(await status(world.patient), 403);
  equal(await status(world.admin), 403);
  const other = await (await world.ask(world.otherDoctor, "GET", "/visits"))
    .text();
  ok(!other.includes("Pat Night"));
  match(wordsOf(other), /No visit is open\./);
});

Deno.test("nobody signed in is sent to sign in, and back afterwards", async () => {
  await using world = await createWorld();
  const answer = await world.ask(null, "GET", "/visits?show=all");
  equal(answer.status, 303);
  equal(answer.headers.get("location"), "/login?next=%2Fvisits%3Fshow%3Dall");
});
