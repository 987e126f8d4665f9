import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The built app in a process of its own, with a storage of its own. */
export interface AppProcess extends AsyncDisposable {
  /** e.g. `http://127.0.0.1:43211` */
  origin: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** How a process that was not meant to stay ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A port that nobody listens on now. */
export function freePort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  return port;
}

function serveCommand(
  env: Record<string, string>,
  cwd: string,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--config",
      `${ROOT}deno.json`,
      `${ROOT}lib/server/serve.ts`,
    ],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/**
 * Starts the app as `task start` does, after `task build`. Resolves when it
 * answers; the disposal asks it to stop and waits until it has.
 */
export async function startApp(
  env: Record<string, string> | ((port: number) => Record<string, string>) = {},
): Promise<AppProcess> {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  const port = freePort();
  const child = serveCommand({
    PORT: String(port),
    KV_PATH: `${folder}/kv.sqlite3`,
    ...(typeof env === "function" ? env(port) : env),
  }, folder).spawn();
  let printed = "";
  let ended = false;
  child.status.then(() => ended = true);
  const reading = Promise.all(
    [child.stdout, child.stderr].map((stream) =>
      stream.pipeThrough(new TextDecoderStream()).pipeTo(
        new WritableStream({ write: (text) => void (printed += text) }),
      )
    ),
  );
  const origin = `http://127.0.0.1:${port}`;
  const app: AppProcess = {
    origin,
    output: () => printed,
    async kill() {
      child.kill("SIGKILL");
      await child.status;
    },
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGTERM");
      await child.status;
      await reading;
      await Deno.remove(folder, { recursive: true });
    },
  };
  const deadline = Date.now() + 20_000;
  while (!printed.includes("is ready at")) {
    if (ended || Date.now() > deadline) {
      await app[Symbol.asyncDispose]();
      throw new Error(`The app did not start:\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return app;
}

/** Runs the app where it is expected to end by itself. */
export async function runApp(
  env: Record<string, string>,
  cwd: string,
): Promise<Ended> {
  const { code, stdout, stderr } = await serveCommand(env, cwd).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
