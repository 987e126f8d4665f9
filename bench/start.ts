import { type Row, sizeRow } from "./row.ts";
import { createClinic, instantServices } from "./support/clinic.ts";
import { compare, median } from "./support/compare.ts";
import { residentMiB } from "./support/memory.ts";
import {
  appCommand,
  denoCommand,
  type ServerCommand,
  startServer,
} from "./support/server.ts";
import { openStorage } from "./support/storage.ts";

/** How much is measured. */
export interface StartOptions {
  rounds?: number;
  idleSeconds?: number;
}

const MEMORY_MIB = 110;

/**
 * From making the process to the end of its first answer: the built app on a
 * storage that is there, asked for its sign-in page, against a Deno server
 * that has loaded nothing but zod and Twilio's token module. Every start is a
 * new process; Deno's own caches of transpiled modules are warm for both, as
 * they are on any second start. Then, what the app's process holds in memory
 * some seconds after that page.
 */
export async function measureStart(
  { rounds = 7, idleSeconds = 2 }: StartOptions = {},
): Promise<Row[]> {
  await using storage = await openStorage();
  await createClinic(instantServices(storage.kv), {
    patients: 1,
    sessionsEach: 6,
  });
  const app = appCommand(storage.path, "/login");
  const bare = denoCommand("bench/reference/bare_start.ts");
  await startMs(app);
  await startMs(bare);
  const start: Row = {
    what: "cold start to the first page",
    unit: "ms",
    target: { atMost: 1.5 },
    note: "Deno, zod, tokens",
    ...await compare(rounds, () => startMs(app), () => startMs(bare)),
  };
  const memory: number[] = [];
  for (let n = 0; n < 3; n++) memory.push(await idleMiB(app, idleSeconds));
  return [start, sizeRow("idle memory", "MiB", median(memory), MEMORY_MIB)];
}

async function startMs(command: ServerCommand): Promise<number> {
  await using server = await startServer(command);
  return server.startMs;
}

async function idleMiB(
  command: ServerCommand,
  seconds: number,
): Promise<number> {
  await using server = await startServer(command);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return await residentMiB(server.pid);
}
