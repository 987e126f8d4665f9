import assert from "node:assert/strict";
import { mock } from "node:test";
import { App, csp, staticFiles } from "fresh";
import { Builder } from "fresh/dev";

const root = new URL("./fixture/", import.meta.url).href;
const apply = await new Builder({ root }).build({ snapshot: "memory" });

async function get(path: string, method = "GET"): Promise<[number, string]> {
  const app = new App().use(staticFiles()).fsRoutes();
  apply(app);
  const request = new Request(`http://localhost${path}`, { method });
  const response = await app.handler()(request);
  return [response.status, await response.text()];
}

Deno.test("a middleware file may export several", async () => {
  assert.deepEqual(await get("/shop"), [200, "first second"]);
});

Deno.test("optional, rest and mixed segments; the more specific one first", async () => {
  assert.deepEqual(await get("/docs"), [200, 'lang ""']);
  assert.deepEqual(await get("/docs/de"), [200, 'lang "de"']);
  assert.deepEqual(await get("/docs/a/b"), [200, "path a/b"]);
  assert.deepEqual(await get("/docs/x.json"), [200, '{"page":"x"}']);
});

Deno.test("a group's layout applies inside of the group only", async () => {
  const [status, html] = await get("/about");
  assert.equal(status, 203);
  assert.match(html, /<body><div class="group"><p>About Bedrock<\/p><\/div>/);
  assert.doesNotMatch((await get("/"))[1], /class="group"/);
});

Deno.test("a route can skip layouts and the app wrapper", async () => {
  assert.match((await get("/bare"))[1], /<body><p>Bare<\/p><\/body>/);
});

Deno.test("a method a file lacks is 404", async () => {
  assert.equal((await get("/shop", "POST"))[0], 404);
});

Deno.test("routeOverride takes both forms of an address; other methods are 405", async () => {
  for (const path of ["/api/items/7/start", "/api/items/7/start/"]) {
    assert.deepEqual(await get(path, "POST"), [200, '{"started":"7"}']);
    assert.equal((await get(path))[0], 405);
  }
});

Deno.test("a middleware of the folder also applies to an overridden route", async () => {
  const app = new App().fsRoutes();
  apply(app);
  const response = await app.handler()(
    new Request("http://localhost/api/items/7/start", { method: "POST" }),
  );
  assert.equal(response.headers.get("x-items"), "yes");
});

Deno.test("the nearest error page answers, inside of the layouts", async () => {
  const [status, html] = await get("/shop/broken");
  assert.equal(status, 500);
  assert.match(html, /<main data-route="\/shop\/broken"><p>Shop error: out of/);
});

Deno.test("_404 answers what no route matches, with 404", async () => {
  const [status, html] = await get("/nope");
  assert.equal(status, 404);
  assert.match(html, /<p>Nothing here<\/p>/);
});

Deno.test("private folders and tests are no routes", async () => {
  assert.equal((await get("/(_parts)/part"))[0], 404);
  assert.equal((await get("/index_test"))[0], 404);
});

Deno.test("a title in <Head> replaces that of the document", async () => {
  const [, html] = await get("/");
  assert.deepEqual(html.match(/<title>.*?<\/title>/g), ["<title>Home</title>"]);
});

Deno.test("a page without islands has no script and no Link header", async () => {
  const app = new App().use(csp({ useNonce: true })).fsRoutes();
  apply(app);
  const response = await app.handler()(new Request("http://localhost/"));
  assert.doesNotMatch(await response.text(), /<script/);
  assert.equal(response.headers.get("link"), null);
});

Deno.test("a page with islands preloads exactly what it loads", async () => {
  const app = new App().use(staticFiles()).fsRoutes();
  apply(app);
  const handler = app.handler();
  const page = await handler(new Request("http://localhost/counter"));
  const html = await page.text();
  const preloaded = [...page.headers.get("link")!.matchAll(/<(.*?)>/g)].map((
    match,
  ) => match[1]!);
  assert.ok(preloaded.length >= 2);
  for (const path of preloaded) {
    const script = await handler(new Request(`http://localhost${path}`));
    assert.equal(script.status, 200, path);
    assert.match(script.headers.get("cache-control")!, /immutable/);
    await script.body?.cancel();
  }
  assert.match(html, /<!--island:0--><button/);
});

Deno.test("an element kept in a constant gets the nonce of each request", async () => {
  const { h } = await import("preact");
  const script = h("script", { src: "/a.js" });
  const app = new App().use(csp({ useNonce: true })).get(
    "/",
    (ctx) => ctx.render(script),
  );
  const handler = app.handler();
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const response = await handler(new Request("http://localhost/"));
    const nonce = /nonce="(\w+)"/.exec(await response.text())![1]!;
    const policy = response.headers.get("content-security-policy")!;
    assert.ok(policy.includes(`'nonce-${nonce}'`));
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 2);
});

Deno.test("fsRoutes() without a build says what to do", () => {
  assert.throws(() => new App().fsRoutes().handler(), /needs a build/);
});

Deno.test("a route module that fails to load is tried again", async () => {
  let attempts = 0;
  const app = new App().route("/", () => {
    attempts++;
    return attempts === 1
      ? Promise.reject(new Error("not yet"))
      : Promise.resolve({ handler: () => new Response("loaded") });
  });
  const handler = app.handler();
  const log = mock.method(console, "error", () => {});
  const first = await handler(new Request("http://localhost/"));
  log.mock.restore();
  assert.equal(first.status, 500);
  const second = await handler(new Request("http://localhost/"));
  assert.equal(await second.text(), "loaded");
});
