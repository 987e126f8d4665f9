import assert from "node:assert/strict";
import { openUnconfigured } from "@/lib/video/unconfigured.ts";

Deno.test("a clinic without a video service is told so by everything that needs one", async () => {
  const { client, isSigned, ...calls } = openUnconfigured();
  assert.equal(client.service, "none");
  assert.equal(isSigned("", {}, ""), false);
  for (const [name, call] of Object.entries(calls)) {
    const ask = call as () => unknown;
    // Also what throws at once is a refusal.
    await assert.rejects(
      // deno-lint-ignore require-await
      async () => ask(),
      { code: "video_not_configured" },
      name,
    );
  }
});
