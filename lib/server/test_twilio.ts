/**
 * `deno task test_twilio`: examines the set-up, says what is wrong with it and
 * what to do. Exit code 0: everything passed, warnings aside; 1: something
 * failed; 2: the checks could not be run.
 *
 * @module
 */
import { ConfigError, parseConfig } from "@/lib/config.ts";
import { createFrame } from "@/lib/http/app.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { say, sayError } from "@/lib/log.ts";
import { readEnvironment } from "@/lib/server/environment.ts";
import type { Services } from "@/lib/services.ts";
import type { SetupReport } from "@/lib/setup/check.ts";
import {
  hasPassed,
  renderEnd,
  renderJson,
  renderOpening,
  renderResult,
} from "@/lib/setup/report.ts";
import { examine } from "@/lib/setup/service.ts";
import { readOtherSettings, videoServiceOf } from "@/lib/setup/settings.ts";
import {
  addressesBelow,
  emulatorTarget,
  type SetupTarget,
  twilioTarget,
} from "@/lib/setup/target.ts";
import * as healthz from "@/routes/healthz.ts";
import * as webhook from "@/routes/webhooks/twilio.ts";

const USAGE = `Usage: deno task test_twilio [options]

  --json           One JSON document instead of lines
  --against URL    Ask another server on this machine instead of Twilio, such
                   as that of "deno task emulator", with the same credentials
  --help           Say this

Exit code: 0 everything passed, warnings aside; 1 something failed;
2 the checks could not be run.`;

const FAILED = 1;
const NOT_RUN = 2;

/** What was asked for on the command line. */
interface Options {
  json: boolean;
  /** Base URL, or null for Twilio. */
  against: string | null;
  help: boolean;
}

/** A command line that makes no sense. */
class UsageError extends Error {}

function readOptions(args: readonly string[]): Options {
  const options: Options = { json: false, against: null, help: false };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--json") options.json = true;
    else if (arg === "--help") options.help = true;
    else if (arg === "--against") options.against = readAddress(rest.shift());
    else throw new UsageError(`Unknown option ${arg}`);
  }
  return options;
}

/** Credentials go to nobody but Twilio, so another server has to be on this machine. */
function readAddress(text: string | undefined): string {
  const url = URL.parse(text ?? "");
  if (url && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname)) {
    return url.href.replace(/\/$/, "");
  }
  throw new UsageError(
    "--against needs an address on this machine, such as http://127.0.0.1:4010",
  );
}

/** A set-up to examine, for as long as it is in use. */
interface OpenTarget extends AsyncDisposable {
  target: SetupTarget;
}

async function openTarget(
  environment: Record<string, string>,
  against: string | null,
): Promise<OpenTarget> {
  if (against !== null || videoServiceOf(environment) !== "emulator") {
    return {
      target: against === null
        ? twilioTarget(environment)
        : twilioTarget(environment, addressesBelow(against)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  return await serveEmulator(environment);
}

/**
 * The emulator on a port of its own, and in front of it the part of the app
 * that Twilio speaks to: so the callbacks are checked by the code that runs.
 */
async function serveEmulator(
  environment: Record<string, string>,
): Promise<OpenTarget> {
  // Where it is not used, it is not even loaded.
  const { openEmulator } = await import("@/lib/video/emulator.ts");
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, info) => handle(request, info),
  );
  const { provider, emulator } = openEmulator(
    `http://127.0.0.1:${server.addr.port}`,
  );
  const kv = await Deno.openKv(":memory:");
  const target = emulatorTarget(environment, emulator.access);
  const services: Services = {
    kv,
    video: provider,
    now: () => new Date(),
    setup: target,
  };
  const handle = createFrame(services, parseConfig({ APP_ENV: "test" }), [
    emulator,
  ])
    .route("/webhooks/twilio", webhook)
    .route("/healthz", healthz)
    .handler();
  return {
    target,
    async [Symbol.asyncDispose]() {
      await emulator.close();
      await server.shutdown();
      kv.close();
    },
  };
}

async function run({ json, against }: Options): Promise<SetupReport> {
  const environment = await readEnvironment();
  await using opened = await openTarget(environment, against);
  const { target } = opened;
  let kv: Deno.Kv | null = null;
  if (!json) say(renderOpening(target));
  try {
    return await examine(target, {
      async openKv() {
        const others = readOtherSettings(environment);
        if (others.problem !== null) throw new ConfigError(others.problem);
        const { kvPath, kvAccessToken } = others.config;
        return kv = await openStorage(kvPath, kvAccessToken);
      },
      now: () => new Date(),
      tell: (result) => json || say(renderResult(result)),
    });
  } finally {
    (kv as Deno.Kv | null)?.close();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  try {
    const options = readOptions(args);
    if (options.help) {
      say(USAGE);
      return 0;
    }
    const report = await run(options);
    say(json ? renderJson(report) : renderEnd(report));
    return hasPassed(report) ? 0 : FAILED;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof UsageError)) {
      throw error;
    }
    if (json) say(JSON.stringify({ error: error.message }, null, 2));
    else sayError(error.message);
    if (error instanceof UsageError && !json) say(USAGE);
    return NOT_RUN;
  }
}

Deno.exit(await main(Deno.args));
