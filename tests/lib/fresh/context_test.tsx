import assert from "node:assert/strict";
import { App, createDefine, type HandlerData, page } from "fresh";

/** Serves an app for one test. */
function serve(
  app: App,
): { url: string; [Symbol.asyncDispose](): Promise<void> } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    app.handler(),
  );
  return {
    url: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Says "hi" over a WebSocket and resolves to the answer. */
async function converse(address: string): Promise<string> {
  const socket = new WebSocket(address);
  socket.onopen = () => socket.send("hi");
  const answer = await new Promise<string>((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = () => reject(new Error("no connection"));
  });
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
  return answer;
}

Deno.test("upgrade with handlers answers on the socket's events", async () => {
  const app = new App().get("/ws", (ctx) =>
    ctx.upgrade({
      message: (socket, { data }) => socket.send(`${data} there`),
    }));
  await using server = serve(app);
  assert.equal(await converse(`ws://${server.url}/ws`), "hi there");
});

Deno.test("upgrade without handlers hands over the socket", async () => {
  const app = new App().get("/ws", (ctx) => {
    const { socket, response } = ctx.upgrade();
    socket.onmessage = ({ data }) => socket.send(`${data} again`);
    return response;
  });
  await using server = serve(app);
  assert.equal(await converse(`ws://${server.url}/ws`), "hi again");
});

Deno.test("ctx.url is what the client used, if the proxy is trusted", async () => {
  const request = new Request("http://localhost/a?b", {
    headers: {
      "x-forwarded-proto": "https",
      "x-forwarded-host": "clinic.example",
    },
  });
  for (const trustProxy of [true, false]) {
    const app = new App({ trustProxy }).get(
      "/a",
      (ctx) => ctx.text(ctx.url.href),
    );
    const response = await app.handler()(request);
    assert.equal(
      await response.text(),
      trustProxy ? "https://clinic.example/a?b" : "http://localhost/a?b",
    );
  }
});

Deno.test("props.data of a page is what its handlers return", async () => {
  interface State {
    name: string;
  }
  const define = createDefine<State>();
  const handler = define.handlers({
    GET: ({ state }) => page({ name: state.name }),
    POST: () => page({ errors: ["too short"] }, { status: 422 }),
    DELETE: () => new Response(null, { status: 204 }),
  });
  const data: HandlerData<typeof handler>[] = [
    { name: "Asha" },
    { errors: [] },
    // @ts-expect-error -- no handler returns this
    { other: 1 },
  ];
  assert.equal(data.length, 3);

  const component = define.page<typeof handler>(({ data, state }) => (
    <p>{state.name} {"errors" in data ? data.errors[0] : data.name}</p>
  ));
  const app = new App<State>()
    .use((ctx) => {
      ctx.state.name = "Ben";
      return ctx.next();
    })
    .route("/", { component, handler });
  const response = await app.handler()(
    new Request("http://localhost/", { method: "POST" }),
  );
  assert.equal(response.status, 422);
  assert.match(await response.text(), /<p>Ben too short<\/p>/);
});
