import { ConfigError, parseConfig } from "@/lib/config.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { logError, say, sayError } from "@/lib/log.ts";
import { readEnvironment } from "@/lib/server/environment.ts";

/** `deno task invariants`: 0 all hold, 1 some do not, 2 could not look. */
async function main(): Promise<number> {
  const { kvPath, kvAccessToken } = parseConfig(await readEnvironment());
  await requireStorage(kvPath);
  using kv = await openStorage(kvPath, kvAccessToken);
  const { sessions, visits, violations } = await checkInvariants(kv);
  for (const { invariant, where, what } of violations) {
    say(`[ERROR] ${invariant} ${where}: ${what}`);
  }
  say(
    `${violations.length === 0 ? "[OK]" : "[ERROR]"} ${sessions} sessions, ` +
      `${visits} visits, ${violations.length} contradictions`,
  );
  return violations.length === 0 ? 0 : 1;
}

/** To open a storage that is not there makes an empty one, of which nothing can be said. Throws `ConfigError`. */
async function requireStorage(path: string | undefined): Promise<void> {
  if (path === undefined || /^https?:/.test(path)) return;
  const isThere = path !== ":memory:" &&
    await Deno.stat(path).then(({ isFile }) => isFile, () => false);
  if (!isThere) {
    throw new ConfigError(`There is no storage at KV_PATH ${path}`);
  }
}

const code = await main().catch((error) => {
  if (error instanceof ConfigError) sayError(error.message);
  else logError("Cannot look", error);
  return 2;
});
Deno.exit(code);
