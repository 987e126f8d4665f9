/**
 * An emulator as a process of its own, which answers `/census` with what it
 * holds on to. Prints its origin, and ends by itself when its input does: a
 * timer that was forgotten would keep it running.
 *
 * @module
 */
import { CensusTaker } from "./census.ts";
import { serveEmulator } from "./harness.ts";
import { serveTestPage } from "./page.ts";

const census = new CensusTaker();
const page = await serveTestPage();
const served = serveEmulator({
  control: true,
  monitor: true,
  heartbeatMs: 1000,
  sessionTimeoutSeconds: 5,
  // Fewer than a long soak ends: the memory they take is bounded.
  maxCompletedRooms: 5,
  schedule: census.schedule,
  // Not the harness's, which keeps every line.
  log: () => {},
}, async (request) => {
  switch (new URL(request.url).pathname) {
    case "/census":
      return Response.json(await census.take());
    case "/callbacks":
      await request.body?.cancel();
      return new Response(null, { status: 204 });
    default:
      return page(request);
  }
});
const say = new TextEncoder().encode(`${served.origin}\n`);
await Deno.stdout.write(say);

await Deno.stdin.readable.pipeTo(new WritableStream());
await served[Symbol.asyncDispose]();
census[Symbol.dispose]();
