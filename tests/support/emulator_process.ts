import { fileURLToPath } from "node:url";

/** The Twilio emulator in a process of its own: what happens to the apps does not happen to it. */
export interface EmulatorProcess extends AsyncDisposable {
  /** The settings that it prints: its credentials, and TWILIO_BASE_URL. */
  environment: Record<string, string>;
  /** e.g. `http://127.0.0.1:4010` */
  baseUrl: string;
}

const MAIN = fileURLToPath(
  new URL("../../lib/twilio_emulator/main.ts", import.meta.url),
);

/** Starts it as `task emulator` does; resolves when it listens. The disposal ends it. */
export async function startEmulator(
  ...options: string[]
): Promise<EmulatorProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...options],
    env: { PORT: "0", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let printed = "";
  // To the end: it logs every callback, and must never wait for a reader.
  const reading = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write: (text) => void (printed += text) }),
  );
  let ended = false;
  child.status.then(() => ended = true);
  const end = async () => {
    if (!ended) child.kill("SIGTERM");
    await child.status;
    await reading;
  };
  const deadline = Date.now() + 20_000;
  while (!printed.includes("wsServer:")) {
    if (ended || Date.now() > deadline) {
      await end();
      throw new Error(`The emulator did not start:\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const environment = Object.fromEntries(
    [...printed.matchAll(/^(TWILIO_\w+)=(.+)$/gm)]
      .map(([, name, value]) => [name, value]),
  );
  return {
    environment,
    baseUrl: environment.TWILIO_BASE_URL,
    [Symbol.asyncDispose]: end,
  };
}
