/**
 * What Fresh 2.3.3 was seen to answer, and that this layer answers the same. Entries whose name says "differs from
 * upstream" are the exceptions; lib/fresh/README.md gives the reasons.
 */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { App } from "fresh";
import { ask, type TestState } from "./behaviours/behaviour.ts";
import { ERRORS } from "./behaviours/errors.tsx";
import { HEADERS } from "./behaviours/headers.tsx";
import { MIDDLEWARES } from "./behaviours/middlewares.ts";
import { RENDERING } from "./behaviours/rendering.tsx";
import { ROUTING } from "./behaviours/routing.ts";

const TABLES = { MIDDLEWARES, ROUTING, ERRORS, RENDERING, HEADERS };

for (const [table, behaviours] of Object.entries(TABLES)) {
  for (const { name, app: setUp, answers } of behaviours) {
    Deno.test(`${table.toLowerCase()}: ${name}`, async () => {
      const app = new App<TestState>();
      setUp(app);
      const handler = app.handler();
      // Unexpected errors are logged, as they should be; here they are expected.
      const log = mock.method(console, "error", () => {});
      try {
        for (const [request, answer] of answers) {
          const [line, headers] = [request].flat() as [
            string,
            Record<string, string>?,
          ];
          assert.equal(await ask(handler, line, headers), answer, line);
        }
      } finally {
        log.mock.restore();
      }
    });
  }
}
