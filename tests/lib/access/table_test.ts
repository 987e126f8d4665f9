import assert from "node:assert/strict";
import { CallStatus } from "@/lib/calls/call_request.ts";
import { CALL_ACTIONS } from "@/lib/calls/policy.ts";
import {
  CALL_OPERATIONS,
  type Row,
  SESSION_OPERATIONS,
  SUBJECTS,
  VISIT_OPERATIONS,
} from "@/lib/access/table.ts";
import { SESSION_ACTIONS } from "@/lib/sessions/policy.ts";
import { SessionStatus } from "@/lib/sessions/session.ts";
import { VISIT_ACTIONS } from "@/lib/visits/policy.ts";
import { VisitStatus } from "@/lib/visits/visit.ts";
import {
  ACCESS_README,
  renderAccessReadme,
} from "../../support/access_readme.ts";

/** The operations that somebody is offered at some time. */
function offered(
  operations: Record<string, Row<string, unknown, string>>,
): string[] {
  return Object.entries(operations).filter(([, { seats }]) =>
    Object.values(seats).some((cells) =>
      Object.values(cells ?? {}).includes("offered")
    )
  ).map(([operation]) => operation);
}

Deno.test("S3.48 what the table offers is what the buttons are", () => {
  assert.deepEqual(
    offered(SESSION_OPERATIONS as Record<string, Row<string>>),
    SESSION_ACTIONS,
  );
  assert.deepEqual(offered(VISIT_OPERATIONS), VISIT_ACTIONS);
  assert.deepEqual(offered(CALL_OPERATIONS), CALL_ACTIONS);
});

Deno.test("the table has every status", () => {
  assert.deepEqual(SUBJECTS.session.statuses, SessionStatus.options);
  assert.deepEqual(SUBJECTS.visit.statuses, VisitStatus.options);
  assert.deepEqual(SUBJECTS.call.statuses, CallStatus.options);
});

Deno.test("the table in the README is the table of the code: `deno task access:readme` writes it", async () => {
  assert.equal(
    await Deno.readTextFile(ACCESS_README),
    await renderAccessReadme(),
  );
});
