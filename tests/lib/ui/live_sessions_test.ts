import { deepEqual } from "node:assert/strict";
import { newest } from "@/lib/ui/live_sessions.ts";
import { aView } from "@/tests/lib/call/fake_line.ts";

Deno.test("a list that was overtaken brings no row back to an older state", () => {
  const [a, b] = [aView({ id: "a", rev: 5 }), aView({ id: "b", rev: 2 })];
  const older = { ...a, rev: 4 };
  const newer = { ...b, rev: 3 };
  const added = aView({ id: "c" });
  deepEqual(newest([a, b], [added, older, newer]), [added, a, newer]);
  deepEqual(newest([a, b], [newer]), [newer]);
  // An answer takes the place of its row.
  deepEqual(newest([newer], [a, b]), [a, newer]);
  deepEqual(newest([older], [a, b]), [a, b]);
});
