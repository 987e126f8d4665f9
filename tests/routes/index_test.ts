import { equal, match } from "node:assert/strict";
import { wordsOf } from "../support/html.ts";
import { createWorld } from "../support/world.ts";

Deno.test("GET / sends everybody to where they begin", async () => {
  await using world = await createWorld();
  const homes: [person: typeof world.doctor | null, path: string][] = [
    [null, "/login"],
    [world.doctor, "/visits"],
    [world.patient, "/patient-portal/dashboard"],
    [world.admin, "/admin"],
  ];
  for (const [person, path] of homes) {
    equal((await world.ask(person, "GET", "/")).headers.get("location"), path);
  }
});

Deno.test("GET /admin is for administrators only, and honest", async () => {
  await using world = await createWorld();
  const answer = await world.ask(world.admin, "GET", "/admin");
  match(wordsOf(await answer.text()), /an administrator does not see them/);
  const refused = await world.ask(world.doctor, "GET", "/admin");
  await refused.body?.cancel();
  equal(refused.status, 403);
});

Deno.test("an address that does not exist gets the page with the lamp off", async () => {
  await using world = await createWorld();
  const answer = await world.ask(world.patient, "GET", "/nowhere");
  const html = await answer.text();
  equal(answer.status, 404);
  match(html, /<h1[^>]*>There is no page here<\/h1>/);
  match(wordsOf(html), /Your visits are safe/);
  match(html, /<title>There is nothing at this address · Bedside<\/title>/);
});
