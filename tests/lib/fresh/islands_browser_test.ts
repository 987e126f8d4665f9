import assert from "node:assert/strict";
import { Builder } from "fresh/dev";
import { app } from "./fixture/main.ts";
import { launchChromium } from "@/tests/support/chromium.ts";

const root = new URL("./fixture/", import.meta.url).href;

Deno.test("islands in a browser, under a strict Content-Security-Policy", async (t) => {
  const apply = await new Builder({ root }).build({ snapshot: "memory" });
  apply(app);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    app.handler(),
  );
  const address = `http://127.0.0.1:${server.addr.port}`;
  await using chromium = await launchChromium();
  const page = await chromium.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on(
    "request",
    (request) => requests.push(new URL(request.url()).pathname),
  );
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const visit = async (path: string) => {
    requests.length = 0;
    await page.goto(address + path, { waitUntil: "networkidle" });
  };

  await t.step("a page without islands loads no script", async () => {
    await visit("/");
    assert.equal(await page.locator("script").count(), 0);
    assert.deepEqual(requests, ["/", "/dot.svg"]);
  });

  await t.step("a signal passed to two islands is one signal", async () => {
    await visit("/counter");
    await page.click("#first");
    await page.click("#second");
    assert.equal(await page.textContent("#first"), "5 since 1970");
    assert.equal(await page.textContent("#second"), "5 since 1970");
  });

  await t.step("hydration keeps the elements the server sent", async () => {
    await visit("/counter");
    const main = await page.innerHTML("main");
    const source = await (await fetch(`${address}/counter`)).text();
    // Only a space that the server's templates leave inside of tags differs.
    assert.ok(source.replaceAll(" >", ">").includes(main));
  });

  await t.step("JSX passed to an island survives being hidden", async () => {
    await visit("/panels");
    const open = page.locator("section").first();
    await page.click("#inside");
    assert.equal(await page.textContent("#inside"), "2 since 1970");
    await open.locator(".toggle").click();
    assert.equal(await page.locator("#inside").count(), 0);
    await open.locator(".toggle").click();
    assert.equal(await page.textContent("#inside"), "2 since 1970");
    assert.equal(await open.locator("b").textContent(), "Open");
    assert.equal(await open.locator(".text").isVisible(), false);
  });

  await t.step(
    "JSX the server did not show is there when asked for",
    async () => {
      await page.locator("section").nth(1).locator(".toggle").click();
      await page.click("#hidden");
      assert.equal(await page.textContent("#hidden"), "3 since 1970");
    },
  );

  await t.step(
    "a package imported on demand is a chunk of its own",
    async () => {
      await visit("/panels");
      const before = requests.length;
      await page.click("#later");
      await page.locator("#later", { hasText: '{"a":2,"b":1}' }).waitFor();
      assert.equal(requests.length, before + 1);
    },
  );

  await t.step("nothing was refused and nothing failed", () => {
    assert.deepEqual(complaints, []);
  });

  for (const missing of ["createRich", "computed"]) {
    await t.step(
      `where the code with "${missing}" does not arrive, only what needs it stays as it is`,
      async () => {
        let aborted = 0;
        await page.route("**/*.js", async (route) => {
          const response = await route.fetch();
          // By its export, which keeps its name.
          if ((await response.text()).includes(` as ${missing}`)) {
            aborted++;
            await route.abort();
          } else await route.fulfill({ response });
        });
        await visit("/panels");
        assert.ok(aborted > 0);
        await page.click("#inside");
        assert.equal(await page.textContent("#inside"), "1 since 1970");
        await page.click("#later");
        await page.locator("#later", { hasText: '{"a":2,"b":1}' }).waitFor();
        await page.unroute("**/*.js");
      },
    );
  }
});
