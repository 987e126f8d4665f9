/**
 * An emulator with one recorded room, to be killed. Prints its origin.
 *
 * @module
 */
import { serveEmulator } from "./harness.ts";
import { serveTestPage } from "./page.ts";

const [recordingsDir] = Deno.args;
const { client, origin } = serveEmulator(
  { recordingsDir: recordingsDir! },
  await serveTestPage(),
);
await client.video.v1.rooms.create({
  uniqueName: "recorded",
  recordParticipantsOnConnect: true,
});
await Deno.stdout.write(new TextEncoder().encode(`${origin}\n`));
