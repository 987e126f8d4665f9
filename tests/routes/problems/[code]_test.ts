import { equal, match } from "node:assert/strict";
import { ERRORS } from "@/lib/errors.ts";
import { wordsOf } from "../../support/html.ts";
import { createWorld } from "../../support/world.ts";

Deno.test("GET /problems/:code explains every error of the catalog, to anybody", async () => {
  await using world = await createWorld();
  for (const [code, { title, status }] of Object.entries(ERRORS)) {
    const answer = await world.ask(null, "GET", `/problems/${code}`);
    const words = wordsOf(await answer.text());
    equal(answer.status, 200);
    equal(words.includes(title) && words.includes(`Code ${code}`), true, code);
    match(words, new RegExp(`HTTP status ${status}`));
  }
});

Deno.test("GET /problems/:code answers 404 for what is no error", async () => {
  await using world = await createWorld();
  for (const code of ["nothing", "constructor", "__proto__"]) {
    const answer = await world.ask(null, "GET", `/problems/${code}`);
    await answer.body?.cancel();
    equal(answer.status, 404);
  }
});
