import { deepEqual, ok } from "node:assert/strict";

const config = JSON.parse(
  await Deno.readTextFile(new URL("../deno.json", import.meta.url)),
);

Deno.test("every test is in one of the two halves of `task test`", () => {
  const { "test:units": units, "test:browsers": browsers } = config.tasks;
  const left = /--ignore='([^']*)'/.exec(units.command)![1]!.split(",");
  const taken = [...browsers.command.matchAll(/'([^']*)'/g)]
    .map(([, path]) => path);
  ok(taken.length > 0);
  deepEqual(taken, left);
});
