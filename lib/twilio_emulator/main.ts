/**
 * The emulator on its own, for any project that uses Twilio Video:
 * `deno task emulator`.
 *
 * @module
 */
import { createEmulator } from "./emulator.ts";
import type { EmulatorAccount } from "./settings.ts";

/** The same at each start, so that what was pasted once stays right. They open nothing but emulators. */
const API_KEY = {
  sid: "SK00000000000000000000000000000000",
  secret: "emulator-api-key-secret",
};
const ACCOUNT: EmulatorAccount = {
  accountSid: "AC00000000000000000000000000000000",
  authToken: "emulator-auth-token",
  apiKeys: [API_KEY],
};

const DEFAULT_PORT = 4010;

const USAGE = `Usage: deno task emulator [options]

  --control           Answer POST, GET and DELETE /control/faults
  --no-client-rooms   Refuse to connect to rooms that were not made over REST
  --render-grids      Have compositions with several sources rendered by a page
  --help              Say this

Environment: PORT (default ${DEFAULT_PORT}), HOST (default 127.0.0.1)`;

const FLAGS = ["--control", "--no-client-rooms", "--render-grids", "--help"];

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function fail(line: string): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
  Deno.exit(1);
}

/** What to paste where, once the emulator listens at an address such as `127.0.0.1:4010`. */
function banner(address: string, hasControl: boolean): string {
  return `Twilio Video emulator
Live page: http://${address}/

TWILIO_ACCOUNT_SID=${ACCOUNT.accountSid}
TWILIO_AUTH_TOKEN=${ACCOUNT.authToken}
TWILIO_API_KEY_SID=${API_KEY.sid}
TWILIO_API_KEY_SECRET=${API_KEY.secret}
TWILIO_BASE_URL=http://${address}

REST base URL: http://${address}
    client.video.baseUrl = "http://${address}";
wsServer: ws://${address}/signaling
    Video.connect(token, { wsServer: "ws://${address}/signaling", insights: false });
${hasControl ? `Faults: http://${address}/control/faults\n` : ""}`;
}

function listen(
  hostname: string,
  port: number,
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(
        `Cannot listen on ${hostname}:${port}: the port is in use. ` +
          "Stop what uses it, or set PORT to another one",
      );
    }
    fail(`Cannot listen on ${hostname}:${port}: ${error}`);
  }
}

function parsePort(text: string | undefined): number {
  const port = text ? Number(text) : DEFAULT_PORT;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  fail(`PORT must be a number from 0 to 65535, not "${text}"`);
}

async function main(): Promise<void> {
  const flags = new Set(Deno.args);
  const unknown = Deno.args.find((flag) => !FLAGS.includes(flag));
  if (unknown) fail(`Unknown option ${unknown}\n\n${USAGE}`);
  if (flags.has("--help")) return say(USAGE);

  const hostname = Deno.env.get("HOST") || "127.0.0.1";
  const port = parsePort(Deno.env.get("PORT"));
  const control = flags.has("--control");
  const emulator = createEmulator({
    accounts: [ACCOUNT],
    clientSideRoomCreation: !flags.has("--no-client-rooms"),
    control,
    monitor: true,
    renderGrids: flags.has("--render-grids"),
    log: (line) => say(`${new Date().toISOString()} ${line}`),
  });
  const server = listen(hostname, port, emulator.handler);
  const isWildcard = hostname === "0.0.0.0" || hostname === "::";
  const host = isWildcard ? "localhost" : server.addr.hostname;
  const name = host.includes(":") ? `[${host}]` : host;
  say(banner(`${name}:${server.addr.port}`, control));

  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, stop);
  }
  await stopped;
  await emulator.close();
  await server.shutdown();
  Deno.exit(0);
}

if (import.meta.main) await main();
