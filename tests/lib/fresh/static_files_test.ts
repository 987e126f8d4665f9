import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { asset, assetSrcSet } from "fresh/runtime";

const root = new URL("./fixture/", import.meta.url).href;
const apply = await new Builder({ root }).build({ snapshot: "memory" });
const app = new App().use(staticFiles()).get("/dot.svg", () => {
  throw new Error("Files win over routes");
});
apply(app);
const handler = app.handler();

async function ask(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: string; headers: Record<string, string> }> {
  const response = await handler(new Request(`http://localhost${path}`, init));
  return {
    status: response.status,
    body: await response.text(),
    headers: Object.fromEntries(response.headers),
  };
}

Deno.test("a file comes with its type, length and ETag, to be revalidated", async () => {
  const { status, body, headers } = await ask("/dot.svg");
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "image/svg+xml");
  assert.equal(headers["content-length"], String(body.length));
  assert.match(headers.etag!, /^W\/"[0-9a-f]{64}"$/);
  assert.equal(headers.vary, "If-None-Match");
  assert.equal(
    headers["cache-control"],
    "no-cache, no-store, max-age=0, must-revalidate",
  );
});

Deno.test("304 when the client has it", async () => {
  const { headers } = await ask("/dot.svg");
  const again = await ask("/dot.svg", {
    headers: { "if-none-match": headers.etag! },
  });
  assert.equal(again.status, 304);
  assert.equal(again.headers.etag, undefined);
});

Deno.test("HEAD has the headers, other methods are refused", async () => {
  const head = await ask("/dot.svg", { method: "HEAD" });
  assert.equal(head.body, "");
  assert.ok(Number(head.headers["content-length"]) > 0);
  const sheet = await ask("/css/app.css", { method: "HEAD" });
  const { size } = await Deno.stat(`${fileURLToPath(root)}static/css/app.css`);
  assert.equal(sheet.body, "");
  assert.equal(sheet.headers["content-length"], String(size));
  assert.equal((await ask("/dot.svg", { method: "POST" })).status, 405);
});

Deno.test("an address with the release is immutable, with another one redirected", async () => {
  const { headers } = await ask(asset("/dot.svg"));
  assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
  const stale = await ask("/dot.svg?__frsh_c=old&a=1");
  assert.equal(stale.status, 307);
  assert.equal(stale.headers.location, "/dot.svg?a=1");
});

Deno.test("paths cannot leave the folder", async () => {
  for (const path of ["/..%2fmain.ts", "/%2e%2e/main.ts", "/css/..%5cx"]) {
    assert.equal((await ask(path)).status, 404);
  }
});

Deno.test("asset() tags local addresses once", () => {
  const tagged = asset("/a.css");
  assert.match(tagged, /^\/a\.css\?__frsh_c=[0-9a-f]{16}$/);
  assert.equal(asset(tagged), tagged);
  assert.match(asset("/a.css?b=1#c"), /^\/a\.css\?b=1&__frsh_c=\w+#c$/);
  for (const other of ["https://x.com/a", "//x.com/a", "a.css", "data:,"]) {
    assert.equal(asset(other), other);
  }
  assert.equal(
    assetSrcSet("/a.png 1x, /b.png 2x"),
    `${asset("/a.png")} 1x, ${asset("/b.png")} 2x`,
  );
});
