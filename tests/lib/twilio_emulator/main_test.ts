/** `task emulator`, as a process of its own. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import twilio from "twilio";
import { SANITIZED } from "./harness.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = "lib/twilio_emulator/main.ts";

function command(
  args: readonly string[],
  env: Record<string, string>,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** The emulator in a process. Disposing ends it and checks that it ended well. */
class Process implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #printed = "";
  signal: Deno.Signal = "SIGTERM";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({ write: (text) => void (this.#printed += text) }),
    );
  }

  static async start(...args: string[]): Promise<Process> {
    const child = command(args, { PORT: "0" }).spawn();
    const process = new Process(child);
    const deadline = performance.now() + 20_000;
    while (!process.#printed.includes("insights: false")) {
      assert.ok(performance.now() < deadline, "it did not start");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process;
  }

  /** What it has printed, and the values in it that are to be pasted. */
  get printed(): string {
    return this.#printed;
  }

  setting(name: string): string {
    const [, value] = this.#printed.match(
      new RegExp(`^${name}[=:] ?(.+)$`, "m"),
    )!;
    return value!;
  }

  client(): twilio.Twilio {
    const client = twilio(
      this.setting("TWILIO_API_KEY_SID"),
      this.setting("TWILIO_API_KEY_SECRET"),
      { accountSid: this.setting("TWILIO_ACCOUNT_SID"), keepAlive: false },
    );
    client.video.baseUrl = this.setting("REST base URL");
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill(this.signal);
    const [{ code }, stderr] = await Promise.all([
      this.#child.status,
      new Response(this.#child.stderr).text(),
      this.#reading,
    ]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  }
}

/** The first events of a stream of server-sent events whose names are accepted. */
async function* serverEvents(response: Response) {
  let text = "";
  for await (
    const chunk of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    text += chunk;
    for (
      let end;
      (end = text.indexOf("\n\n")) >= 0;
      text = text.slice(end + 2)
    ) {
      const [, event, data] =
        text.slice(0, end).match(/^event: (.*)\ndata: (.*)$/) ?? [];
      if (event) yield { event, data: JSON.parse(data!) };
    }
  }
}

Deno.test(
  "task emulator: what it prints works when pasted",
  SANITIZED,
  async () => {
    await using process = await Process.start();
    assert.equal(
      process.setting("TWILIO_BASE_URL"),
      process.setting("REST base URL"),
    );
    const client = process.client();
    const room = await client.video.v1.rooms.create({ uniqueName: "pasted" });
    assert.equal(
      room.url,
      `${process.setting("REST base URL")}/v1/Rooms/${room.sid}`,
    );
    const token = new twilio.jwt.AccessToken(
      process.setting("TWILIO_ACCOUNT_SID"),
      process.setting("TWILIO_API_KEY_SID"),
      process.setting("TWILIO_API_KEY_SECRET"),
      { identity: "alice" },
    );
    token.addGrant(new twilio.jwt.AccessToken.VideoGrant());
    const socket = new WebSocket(process.setting("wsServer"));
    await new Promise((resolve) => socket.onopen = resolve);
    const answers: { type: string; body?: { type: string } }[] = [];
    const done = new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        answers.push(JSON.parse(data));
        if (answers.length === 2) resolve();
      };
    });
    socket.send(JSON.stringify({
      type: "hello",
      version: 2,
      id: "1",
      body: {
        type: "connect",
        version: 2,
        token: token.toJwt(),
        // Nobody made it: clients may.
        name: "ad hoc",
        participant: { revision: 1, tracks: [] },
        peer_connections: [],
      },
    }));
    await done;
    assert.equal(answers[1]?.body?.type, "connected");
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
    // Faults over HTTP are off.
    const control = await fetch(
      `${process.setting("REST base URL")}/control/faults`,
    );
    assert.equal(control.status, 404);
    await control.body?.cancel();
  },
);

Deno.test("task emulator: CORS, as Twilio answers", SANITIZED, async () => {
  await using process = await Process.start();
  const response = await fetch(`${process.setting("REST base URL")}/v1/Rooms`, {
    method: "OPTIONS",
    headers: { origin: "http://localhost:3000" },
  });
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(
    response.headers.get("access-control-allow-headers"),
    "Content-Type, Authorization",
  );
  await response.body?.cancel();
});

Deno.test("task emulator: the live page", SANITIZED, async () => {
  await using process = await Process.start("--control");
  process.signal = "SIGINT";
  const origin = process.setting("REST base URL");
  const page = await fetch(`${origin}/`);
  assert.match(
    page.headers.get("content-security-policy")!,
    /default-src 'none'/,
  );
  const html = await page.text();
  for (const [, path] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
    const file = await fetch(`${origin}/${path}`);
    assert.equal(file.status, 200);
    await file.body?.cancel();
  }
  const events = serverEvents(await fetch(`${origin}/monitor/events`));
  const first = (await events.next()).value!;
  assert.equal(first.event, "everything");
  assert.deepEqual(first.data, { rooms: [], callbacks: [], messages: [] });
  await process.client().video.v1.rooms.create({ uniqueName: "seen" });
  const second = (await events.next()).value!;
  assert.equal(second.event, "rooms");
  assert.equal(second.data[0].name, "seen");
  const control = await fetch(`${origin}/control/faults`);
  assert.equal(control.status, 200);
  await control.body?.cancel();
  await events.return(undefined);
});

Deno.test("task emulator: a port in use is one line and exit code 1", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const { code, stdout, stderr } = await command([], { PORT: String(port) })
    .output();
  listener.close();
  assert.equal(code, 1);
  assert.equal(new TextDecoder().decode(stdout), "");
  assert.equal(
    new TextDecoder().decode(stderr),
    `Cannot listen on 127.0.0.1:${port}: the port is in use. ` +
      "Stop what uses it, or set PORT to another one\n",
  );
});

Deno.test("task emulator: wrong options are said", async () => {
  for (
    const [args, env, message] of [
      [["--what"], {}, /^Unknown option --what/],
      [[], { PORT: "many" }, /^PORT must be a number/],
    ] as const
  ) {
    const { code, stderr } = await command(args, env).output();
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), message);
  }
});

Deno.test("task emulator: it is a task", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "emulator", "--help"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stderr: "null",
  }).output();
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /^Usage: deno task emulator/);
});
