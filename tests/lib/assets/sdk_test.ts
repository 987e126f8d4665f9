import { match, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { bundleSdk } from "@/lib/assets/sdk.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

Deno.test("bundleSdk() makes one module that exports what the call uses, and runs no text as code when loaded", () => {
  const code = new TextDecoder().decode(bundleSdk(ROOT));
  match(code, /export\{.*as connect,.*as createLocalTracks,.*as isSupported\}/);
  ok(!/^import\b/m.test(code), "stands alone");
  // The loader of the noise cancellation, which the call does not use: the
  // policy of the pages would refuse it, so it must not run on import.
  const evals = code.match(/new Function\(/g) ?? [];
  ok(evals.length <= 1, `${evals.length} times new Function`);
});
