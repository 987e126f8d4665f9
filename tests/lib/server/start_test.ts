import assert from "node:assert/strict";
import { DEMO_PASSWORD } from "@/lib/demo/clinic.ts";
import {
  type Ended,
  freePort,
  runApp,
  startApp,
} from "../../support/app_process.ts";
import { serveKvConnect } from "../../support/kv_connect/server.ts";

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertOneLine({ code, stderr }: Ended, expected: RegExp): void {
  assert.equal(code, 1, stderr);
  assert.match(stderr, expected);
  assert.equal(stderr.trim().split("\n").length, 1, stderr);
}

Deno.test("S3.1 the app prints where it is, who can sign in and what carries the calls, and stops when asked", async () => {
  await using app = await startApp();
  const printed = app.output();
  assert(printed.includes(app.origin.replace("127.0.0.1", "localhost")));
  assert.match(printed, /built-in Twilio emulator/);
  assert.match(printed, /dr\.rao@demo\.bedside/);
  const answer = await fetch(`${app.origin}/readyz`);
  assert.deepEqual(await answer.json(), { status: "ok" });
});

Deno.test("a port in use ends the start in one line", async () => {
  await inFolder(async (folder) => {
    using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const PORT = String(listener.addr.port);
    const ended = await runApp({ PORT, KV_PATH: ":memory:" }, folder);
    assertOneLine(
      ended,
      new RegExp(`^error: .*127\\.0\\.0\\.1:${PORT}.* in use`),
    );
  });
});

Deno.test("an unreadable .env ends the start in one line", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.env`);
    assertOneLine(
      await runApp({ KV_PATH: ":memory:" }, folder),
      /^error: Cannot read \.env/,
    );
  });
});

Deno.test("a .env that is no list of settings ends the start without repeating what it says", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/.env`, "PORT=8000\nhunter2 secret\n");
    const ended = await runApp({ KV_PATH: ":memory:" }, folder);
    assertOneLine(ended, /^error: Cannot read \.env: line 2/);
    assert(!ended.stderr.includes("hunter2"));
  });
});

Deno.test("S1.8 a half-set Twilio configuration in .env ends the start in one line that names what is missing", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/.env`,
      `TWILIO_ACCOUNT_SID=AC${"0".repeat(32)}\n`,
    );
    assertOneLine(
      await runApp({ KV_PATH: ":memory:" }, folder),
      /TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET are missing/,
    );
  });
});

Deno.test("a storage that cannot be opened ends the start in one line", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    assertOneLine(
      await runApp({ KV_PATH: `${folder}/file/kv.sqlite3` }, folder),
      /^error: .*KV_PATH/,
    );
  });
});

Deno.test("a KV server that is not there, or does not let the app in, ends the start in one line", async () => {
  await inFolder(async (folder) => {
    await using server = serveKvConnect();
    const start = (KV_PATH: string, DENO_KV_ACCESS_TOKEN: string) =>
      runApp({ KV_PATH, DENO_KV_ACCESS_TOKEN }, folder);
    assertOneLine(
      await start(`http://127.0.0.1:${freePort()}`, "a token"),
      /^error: .*KV_PATH http:.*Connection refused/,
    );
    assertOneLine(
      await start(server.url, "wrong"),
      /^error: .*KV_PATH http:.*Invalid access token/,
    );
    assertOneLine(
      await start(server.url, ""),
      /^error: .*KV_PATH .* DENO_KV_ACCESS_TOKEN has to be set/,
    );
  });
});

Deno.test("the app runs on a KV server, with its token from a .env file", async () => {
  await using server = serveKvConnect();
  const { url, accessToken } = server;
  const before = await startApp({
    KV_PATH: url,
    DENO_KV_ACCESS_TOKEN: accessToken,
  });
  await before[Symbol.asyncDispose]();
  await inFolder(async (folder) => {
    // What the first has left makes the second refuse: it is in.
    await Deno.writeTextFile(
      `${folder}/.env`,
      `KV_PATH=${url}\nDENO_KV_ACCESS_TOKEN=${accessToken}\n`,
    );
    const PUBLIC_BASE_URL = "https://care.example.org";
    assertOneLine(
      await runApp({ APP_ENV: "production", PUBLIC_BASE_URL }, folder),
      /^error: KV_PATH: this storage holds the demo clinic/,
    );
  });
});

Deno.test("in production without Twilio settings the app starts, says so, and has no demo clinic", async () => {
  await using app = await startApp((port) => ({
    APP_ENV: "production",
    PUBLIC_BASE_URL: `https://127.0.0.1:${port}`,
  }));
  assert.match(app.output(), /Video service: none/);
  assert.doesNotMatch(app.output(), /demo/);
  const { port } = new URL(app.origin);
  const login = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      email: "dr.rao@demo.bedside",
      password: "bedside-demo",
    }),
  });
  assert.equal(login.status, 401);
  await login.body?.cancel();
});

Deno.test("in production the start stops without an https address, and on a storage that holds the demo clinic", async () => {
  await inFolder(async (folder) => {
    const KV_PATH = `${folder}/kv.sqlite3`;
    const PORT = String(freePort());
    assertOneLine(
      await runApp({ APP_ENV: "production", KV_PATH, PORT }, folder),
      /^error: PUBLIC_BASE_URL has to be the app's https address/,
    );
    await (await startApp({ KV_PATH }))[Symbol.asyncDispose]();
    const PUBLIC_BASE_URL = "https://care.example.org";
    assertOneLine(
      await runApp(
        { APP_ENV: "production", KV_PATH, PORT, PUBLIC_BASE_URL },
        folder,
      ),
      /^error: KV_PATH: this storage holds the demo clinic/,
    );
  });
});

Deno.test("S3.1 the set-up of the emulator passes every check, under a public address, too", async () => {
  await using app = await startApp((port) => ({
    PUBLIC_BASE_URL: `http://localhost:${port}`,
  }));
  const origin = app.origin.replace("127.0.0.1", "localhost");
  const login = await fetch(`${origin}/api/v1/auth/login/`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({
      email: "admin@demo.bedside",
      password: DEMO_PASSWORD,
    }),
  });
  await login.body?.cancel();
  const cookie = login.headers.get("set-cookie")!.split(";")[0]!;
  const page = await fetch(`${origin}/admin/setup`, {
    method: "POST",
    headers: { origin, cookie },
    body: new URLSearchParams(),
  });
  assert.match(await page.text(), /Everything works on the emulator/);
});

Deno.test("asked to stop, the app finishes what it is doing", async () => {
  const app = await startApp();
  const post = (path: string, body: unknown, cookie = "") =>
    fetch(app.origin + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: app.origin,
        cookie,
      },
      body: JSON.stringify(body),
    });
  const login = await post("/api/v1/auth/login/", {
    email: "dr.rao@demo.bedside",
    password: DEMO_PASSWORD,
  });
  await login.body?.cancel();
  const cookie = login.headers.get("set-cookie")!.split(";")[0]!;
  // Hashing passwords takes a while, so these are still under way when the
  // signal comes.
  const answers = Array.from(
    { length: 10 },
    () => post("/api/v1/auth/login/", { email: "nobody@x.yz", password: "x" }),
  );
  const me = fetch(`${app.origin}/api/v1/auth/me/`, { headers: { cookie } });
  await me.then((answer) => answer.body?.cancel());
  await app[Symbol.asyncDispose]();
  for (const answer of await Promise.all(answers)) {
    assert([401, 429].includes(answer.status), String(answer.status));
    await answer.body?.cancel();
  }
  assert.doesNotMatch(app.output(), /closed/);
});
