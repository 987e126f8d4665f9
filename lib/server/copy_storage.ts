import { parseArgs } from "node:util";
import { ConfigError } from "@/lib/config.ts";
import { AppError } from "@/lib/errors.ts";
import { type Copied, copyStorage } from "@/lib/kv/copy.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { say, sayError } from "@/lib/log.ts";
import { readEnvironment } from "@/lib/server/environment.ts";

const USAGE = `Usage: deno task storage:copy <from> <to>

Copies all records from one storage to another, empty one, and compares them.
Both are what KV_PATH can be: a file, or the http(s) address of a KV Connect
server, which DENO_KV_ACCESS_TOKEN opens. Stop the app first.`;

/** How many entries are written between two signs of life. */
const TELL_EVERY = 10_000;

/** `deno task storage:copy`: 0 copied, 1 not. */
async function main(): Promise<number> {
  const { positionals: [from, to, ...rest] } = parseArgs({
    allowPositionals: true,
  });
  if (!from || !to || rest.length > 0) {
    say(USAGE);
    return 1;
  }
  const token = (await readEnvironment()).DENO_KV_ACCESS_TOKEN || null;
  await requireSource(from);
  using source = await openStorage(from, token);
  using target = await openStorage(to, token);
  const copied = await copyStorage(source, target, (entries) => {
    if (entries % TELL_EVERY === 0) say(`${entries} entries …`);
  });
  return report(copied, from, to);
}

/** Opening a file that is not there would make an empty one, and copy that. */
async function requireSource(path: string): Promise<void> {
  if (/^https?:/.test(path)) return;
  if (await Deno.stat(path).then(() => true, () => false)) return;
  throw new ConfigError(`There is no storage at ${path}`);
}

function report(copied: Copied, from: string, to: string): number {
  if (copied.ok) {
    say(`Copied ${copied.entries} entries from ${from} to ${to}, all the same`);
    return 0;
  }
  sayError(
    copied.why === "not_empty"
      ? `${to} is not empty: give an empty storage. Nothing was written`
      : `${from} was written to while it was copied (${
        String(copied.key[0])
      } …). ` +
        `Stop the app, empty ${to}, and copy again`,
  );
  return 1;
}

const code = await main().catch((error) => {
  if (!(error instanceof ConfigError || error instanceof AppError)) throw error;
  sayError(error.message);
  return 1;
});
Deno.exit(code);
