import { fileURLToPath } from "node:url";
import { ACCESS_TOKEN } from "./server.ts";

/** A KV Connect server in a process of its own: what happens to its clients does not happen to it. */
export interface KvConnectProcess extends AsyncDisposable {
  /** What KV_PATH is set to, e.g. `http://127.0.0.1:4512`. */
  url: string;
  /** What DENO_KV_ACCESS_TOKEN is set to. */
  accessToken: string;
  /** Ends it at once, as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Where to serve, and from what. */
export interface KvConnectProcessOptions {
  /** 0, or nothing, for any that is free. */
  port?: number;
  /** The file that keeps the data; in memory if there is none. */
  file?: string;
}

/** Starts the server; resolves when it listens. The disposal ends it. */
export async function startKvConnect(
  { port = 0, file }: KvConnectProcessOptions = {},
): Promise<KvConnectProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      fileURLToPath(new URL("main.ts", import.meta.url)),
      "--port",
      String(port),
      ...(file === undefined ? [] : ["--file", file]),
    ],
    env: { DENO_KV_ACCESS_TOKEN: ACCESS_TOKEN, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const kill = async () => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await child.status;
  };
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  while (!printed.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) {
      await kill();
      throw new Error(`The KV Connect server did not start: ${printed}`);
    }
    printed += value;
  }
  await reader.cancel();
  return {
    url: printed.trim().split(" ").at(-1)!,
    accessToken: ACCESS_TOKEN,
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
