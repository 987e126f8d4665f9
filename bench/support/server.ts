import { freePort } from "@/tests/support/app_process.ts";
import { ROOT } from "./root.ts";

/** A server in a process of its own; the disposal asks it to stop and waits until it has. */
export interface Server extends AsyncDisposable {
  /** e.g. `http://127.0.0.1:43211` */
  origin: string;
  pid: number;
  /** Milliseconds from before the process was made to the end of its first answer. */
  startMs: number;
}

/** What to start, and what to ask it first. */
export interface ServerCommand {
  program: string;
  args: string[];
  /** `PORT` is added. */
  env?: Record<string, string>;
  /** The path of the first request. */
  path?: string;
  cwd?: string;
}

const PATIENCE_MS = 20_000;
/** A refused connection costs next to nothing, so that asking this often does not disturb the start. */
const ASK_EVERY_MS = 1;

/** Starts a server on a free port of the loopback interface and waits for its first answer. */
export async function startServer(
  { program, args, env, path = "/", cwd }: ServerCommand,
): Promise<Server> {
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const begin = performance.now();
  const child = new Deno.Command(program, {
    args,
    env: {
      NO_COLOR: "1",
      PUBLIC_BASE_URL: `https://127.0.0.1:${port}`,
      ...env,
      PORT: String(port),
    },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let ended = false;
  child.status.then(() => ended = true);
  const server: Server = {
    origin,
    pid: child.pid,
    startMs: 0,
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGTERM");
      await child.status;
    },
  };
  while (!await isOpen(port)) {
    if (ended || performance.now() - begin > PATIENCE_MS) {
      await server[Symbol.asyncDispose]();
      throw new Error(`${program} ${args.join(" ")} does not answer`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  const answer = await fetch(origin + path, { redirect: "manual" });
  await answer.arrayBuffer();
  server.startMs = performance.now() - begin;
  return server;
}

async function isOpen(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ port, hostname: "127.0.0.1" })).close();
    return true;
  } catch {
    return false;
  }
}

/** The built app as in production, on this storage; tokens are signed with a key that admits to nothing. */
export function appCommand(kvPath: string, path = "/healthz"): ServerCommand {
  return {
    ...denoCommand("lib/server/serve.ts", path),
    env: {
      APP_ENV: "production",
      KV_PATH: kvPath,
      TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
      TWILIO_API_KEY_SID: `SK${"0".repeat(32)}`,
      TWILIO_API_KEY_SECRET: "0".repeat(32),
    },
    // Away from the project: its .env file is not for here.
    cwd: kvPath.slice(0, kvPath.lastIndexOf("/")),
  };
}

/** A module of the project, run by this Deno with the project's configuration. */
export function denoCommand(file: string, path = "/"): ServerCommand {
  return {
    program: Deno.execPath(),
    args: ["run", "-A", "--config", `${ROOT}deno.json`, ROOT + file],
    path,
  };
}
