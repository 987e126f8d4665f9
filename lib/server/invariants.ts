import { ConfigError, parseConfig } from "@/lib/config.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { say, sayError } from "@/lib/log.ts";
import { readEnvironment } from "@/lib/server/environment.ts";

/** `deno task invariants`: 0 all hold, 1 some do not, 2 could not look. */
async function main(): Promise<number> {
  const { kvPath, kvAccessToken } = parseConfig(await readEnvironment());
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

const code = await main().catch((error) => {
  if (!(error instanceof ConfigError)) throw error;
  sayError(error.message);
  return 2;
});
Deno.exit(code);
