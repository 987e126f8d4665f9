/** How the emulator is mounted, and that it stands alone. */
import assert from "node:assert/strict";
import { createEmulator } from "@/lib/twilio_emulator/mod.ts";
import { ACCOUNT, restClient, SANITIZED, serveEmulator } from "./harness.ts";

Deno.test("emulator: at the root of a port of its own", SANITIZED, async () => {
  const emulator = createEmulator({ accounts: [ACCOUNT] });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    emulator.handler,
  );
  const baseUrl = `http://127.0.0.1:${server.addr.port}`;
  const { rooms } = restClient(
    baseUrl,
    ACCOUNT.accountSid,
    ACCOUNT.authToken,
  ).video.v1;
  const room = await rooms.create();
  assert.equal(room.url, `${baseUrl}/v1/Rooms/${room.sid}`);
  for (const path of ["/", "/v2/Rooms", "/v1"]) {
    const response = await fetch(`${baseUrl}${path}`);
    assert.equal(response.status, 404);
    await response.body?.cancel();
  }
  await emulator.close();
  await server.shutdown();
});

Deno.test(
  "emulator: links name the host the client talks to",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { port } = new URL(served.origin);
    const baseUrl = `http://localhost:${port}/twilio-emulator`;
    const request = new Request(`${baseUrl}/v1/Rooms?PageSize=1`, {
      headers: {
        authorization: `Basic ${
          btoa(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`)
        }`,
      },
    });
    const response = await served.emulator.handler(request);
    const { meta } = await response.json();
    assert.equal(meta.url, `${baseUrl}/v1/Rooms?PageSize=1&Page=0`);
  },
);

Deno.test("emulator: options that make no sense", () => {
  for (
    const options of [
      { basePath: "no-slash" },
      { basePath: "/slash-at-the-end/" },
      { heartbeatMs: 200 },
      { clientRoomParameters: { MaxParticipants: "1000" } },
    ]
  ) {
    assert.throws(
      () => createEmulator({ accounts: [ACCOUNT], ...options }),
      TypeError,
    );
  }
});

Deno.test("emulator: loads nothing but zod and Node's own modules until it needs media", async () => {
  const root = new URL("../../../lib/twilio_emulator/", import.meta.url);
  const files = await sources(root);
  assert.ok(files.length > 20);
  for (const file of files) {
    const source = await Deno.readTextFile(file);
    // Types load nothing, and neither does `import()` before it is called.
    const text = source.replaceAll(/^import type [^;]*;/gm, "");
    for (const [, specifier] of text.matchAll(/ from "([^"]+)"/g)) {
      const inside = specifier!.startsWith(".") &&
        new URL(specifier!, file).href.startsWith(root.href);
      assert.ok(
        inside || specifier === "zod" || specifier!.startsWith("node:"),
        `${file.pathname} imports ${specifier}`,
      );
    }
  }
});

async function sources(directory: URL): Promise<URL[]> {
  const files: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) {
      files.push(...await sources(new URL(`${name}/`, directory)));
    } else if (name.endsWith(".ts")) {
      files.push(new URL(name, directory));
    }
  }
  return files;
}
