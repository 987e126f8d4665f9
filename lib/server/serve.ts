import { ConfigError } from "@/lib/config.ts";
import { say, sayError } from "@/lib/log.ts";
import { banner } from "@/lib/server/banner.ts";
import type { Runtime } from "@/lib/server/runtime.ts";

/** How long requests may take to finish once the server is asked to stop. */
const DRAIN_MS = 10_000;

/** What the build makes: the app with its islands. */
interface BuiltServer {
  fetch(request: Request, info: Deno.ServeHandlerInfo): Promise<Response>;
}

/** Loads the built app; by address, because it is not there before the first build. */
async function load(): Promise<{ server: BuiltServer; runtime: Runtime }> {
  const root = new URL("../../", import.meta.url);
  const { runtime } = await import(new URL("main.ts", root).href);
  const built = await import(new URL("_fresh/server.js", root).href);
  return { server: built.default, runtime };
}

/** Serves the built app until SIGINT or SIGTERM. */
async function serve(): Promise<void> {
  const { server, runtime } = await load();
  const { config } = runtime;
  const http = listen(server, runtime);
  const name = config.host === "127.0.0.1" ? "localhost" : config.host;
  const address = config.publicBaseUrl ?? `http://${name}:${http.addr.port}`;
  say(banner(config, address));
  await runtime.onListen();
  await stopSignal();
  // New connections are refused from here on; the rest may finish.
  const drained = http.shutdown();
  const late = setTimeout(() => Deno.exit(1), DRAIN_MS);
  await runtime.endStreams();
  await drained;
  clearTimeout(late);
  runtime.close();
}

function listen(
  server: BuiltServer,
  { config: { port, host } }: Runtime,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { port, hostname: host, onListen: () => {} },
      (request, info) => server.fetch(request, info),
    );
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new ConfigError(
      `Cannot listen on ${host}:${port}: the port is in use. ` +
        "Stop what uses it, or set PORT to another one",
      { cause },
    );
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const stop = () => {
        Deno.removeSignalListener(signal, stop);
        resolve();
      };
      Deno.addSignalListener(signal, stop);
    }
  });
}

try {
  await serve();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // A mistake in the set-up needs one line, not a stack.
  sayError(error.message);
  Deno.exit(1);
}
Deno.exit(0);
