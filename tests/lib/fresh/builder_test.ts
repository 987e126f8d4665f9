import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Builder } from "fresh/dev";
import { toAliases } from "@/lib/fresh/build/import_map.ts";
import { app } from "./fixture/main.ts";

const root = fileURLToPath(new URL("./fixture/", import.meta.url));

Deno.test("a build on disk is served by its server.js, compressed ahead of time", async () => {
  const outDir = await Deno.makeTempDir();
  try {
    await new Builder({ root, outDir }).build();
    const server = await import(`file://${join(outDir, "server.js")}`);
    const fetch = server.default.fetch as (req: Request) => Promise<Response>;
    const ask = (path: string, accept: string) =>
      fetch(
        new Request(`http://localhost${path}`, {
          headers: { "accept-encoding": accept },
        }),
      );

    const page = await ask("/counter", "");
    const boot = /module" src="(.*?)"/.exec(await page.text())![1]!;
    // All of it is in what the islands share: no script that only imports that one.
    assert.match(boot, /^\/_fresh\/js\/[0-9a-f]{16}\/chunk-\w+\.js$/);
    const chunk = /<([^>]*chunk[^>]*)>/.exec(page.headers.get("link")!)![1]!;
    assert.equal(chunk, boot);

    const plain = await (await ask(chunk, "identity")).bytes();
    for (const encoding of ["br", "gzip"]) {
      const response = await ask(chunk, `deflate, ${encoding};q=0.9`);
      assert.equal(response.headers.get("content-encoding"), encoding);
      assert.match(response.headers.get("vary")!, /Accept-Encoding/);
      const body = await response.bytes();
      assert.equal(response.headers.get("content-length"), `${body.length}`);
      assert.ok(body.length < plain.length / 2);
    }
    const refused = await ask(chunk, "br;q=0, gzip;q=0");
    assert.equal(refused.headers.get("content-encoding"), null);
    await refused.body?.cancel();
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

Deno.test("equal sources give an equal build, and apps can share it", async () => {
  const builder = new Builder({ root });
  const pages: string[] = [];
  const applies = await Promise.all([
    builder.build({ snapshot: "memory" }),
    builder.build({ snapshot: "memory" }),
  ]);
  for (const apply of applies) {
    apply(app);
    const response = await app.handler()(
      new Request("http://localhost/panels"),
    );
    pages.push((await response.text()).replaceAll(/nonce="\w+"/g, ""));
  }
  assert.equal(pages[0], pages[1]);
});

Deno.test("a small island costs the browser under 10 KB with signals, 7 KB without", async () => {
  const outDir = await Deno.makeTempDir();
  try {
    await new Builder({ root, outDir }).build();
    let bytes = 0;
    let signals = 0;
    const scripts = join(outDir, "static/_fresh/js");
    const folder = join(
      scripts,
      (await Array.fromAsync(Deno.readDir(scripts)))[0]!.name,
    );
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".js") || /^island-(Later|Panel)/.test(name)) continue;
      const source = await Deno.readTextFile(join(folder, name));
      if (source.includes("Lone surrogate")) continue;
      const compressed = await Deno.stat(join(folder, `${name}.br`)).catch(() =>
        null
      );
      const size = compressed?.size ?? source.length;
      if (source.includes("preact-signals")) signals = size;
      else bytes += size;
    }
    assert.ok(signals > 0 && bytes < 7_000, `${bytes} + ${signals}`);
    assert.ok(bytes + signals < 10_000, `${bytes} + ${signals}`);
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

Deno.test("islands resolve specifiers by the import map of the app", () => {
  const imports = {
    "@/": "./",
    fresh: "./lib/fresh/mod.ts",
    preact: "npm:preact@10.29.7",
    "@preact/signals": "npm:@preact/signals@2.11.4",
    mini: "npm:zod@4/mini",
    elsewhere: "jsr:@a/b",
  };
  assert.deepEqual(toAliases("/app", imports), {
    "@": "/app",
    fresh: "/app/lib/fresh/mod.ts",
    mini: "zod/mini",
  });
});

Deno.test("the development server tells pages when it is another run", async () => {
  const builder = new Builder({ root });
  await using server = await builder.listen(() => Promise.resolve({ app }), {
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
  });
  const address = `http://127.0.0.1:${server.addr.port}`;
  const html = await (await fetch(address)).text();
  const script = /src="(\/_fresh\/reload\.js\?run=([\w-]+))"/.exec(html)!;
  assert.match(await (await fetch(address + script[1])).text(), /EventSource/);

  const events = await fetch(`${address}/_fresh/reload`);
  const reader = events.body!.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), `data: ${script[2]}\n\n`);
  await reader.cancel();
});
