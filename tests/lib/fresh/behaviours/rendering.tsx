import { HttpError, page, type PageProps, type RouteComponent } from "fresh";
import { type Behaviour, leave, type TestState } from "./behaviour.ts";

/** A wrapper that shows where it stands. */
export function box(name: string): RouteComponent<never, TestState> {
  return ({ Component }) => (
    <div class={name}>
      <Component />
    </div>
  );
}

const data = ({ data }: PageProps) => <b>{JSON.stringify(data ?? null)}</b>;
const PROPS = [
  "Component",
  "config",
  "data",
  "error",
  "info",
  "isPartial",
  "params",
  "req",
  "route",
  "state",
  "url",
].map((name) => `&quot;${name}&quot;`).join(",");

/** What pages are wrapped in, and what becomes of them. */
export const RENDERING: Behaviour[] = [
  {
    name: "app, outer layout, page",
    app: (app) =>
      app.appWrapper(box("app")).layout("*", box("a"))
        .get("/", (ctx) => ctx.render(<i>1</i>)),
    answers: [[
      "GET /",
      '200 html <div class="app"><div class="a"><i>1</i></div></div>',
    ]],
  },
  {
    name: "differs from upstream: a layout for /x/* applies below /x",
    app: (app) =>
      app.layout("*", box("a")).layout("/x/*", box("b"))
        .get("/x/y", (ctx) => ctx.render(<i>2</i>))
        .get("/x", (ctx) => ctx.render(<i>3</i>)),
    answers: [
      [
        "GET /x/y",
        '200 html <div class="a"><div class="b"><i>2</i></div></div>',
      ],
      ["GET /x", '200 html <div class="a"><div class="b"><i>3</i></div></div>'],
    ],
  },
  {
    name: "a layout can drop the outer ones for everything below",
    app: (app) =>
      app.appWrapper(box("app")).layout("*", box("a"))
        .layout("/x", box("b"), { skipInheritedLayouts: true })
        .get("/x", (ctx) => ctx.render(<i>2</i>))
        .get("/x/y", (ctx) => ctx.render(<i>2</i>)),
    answers: [
      [
        "GET /x",
        '200 html <div class="app"><div class="b"><i>2</i></div></div>',
      ],
      [
        "GET /x/y",
        '200 html <div class="app"><div class="b"><i>2</i></div></div>',
      ],
    ],
  },
  {
    name: "a layout can drop the app wrapper",
    app: (app) =>
      app.appWrapper(box("app"))
        .layout("/x", box("b"), { skipAppWrapper: true })
        .get("/x", (ctx) => ctx.render(<i>2</i>)),
    answers: [["GET /x", '200 html <div class="b"><i>2</i></div>']],
  },
  {
    name: "so can a route and a call of ctx.render",
    app: (app) =>
      app.appWrapper(box("app")).layout("*", box("a")).route("/r", {
        component: data,
        config: { skipInheritedLayouts: true },
      }).get("/c", (ctx) => ctx.render(<i />, {}, { skipAppWrapper: true })),
    answers: [
      ["GET /r", '200 html <div class="app"><b>{}</b></div>'],
      ["GET /c", '200 html <div class="a"><i></i></div>'],
    ],
  },
  {
    name: "layouts and the app wrapper count for what comes after them",
    app: (app) =>
      app.get("/x", (ctx) => ctx.render(<i>2</i>)).layout("*", box("b"))
        .appWrapper(box("app")),
    answers: [["GET /x", "200 html <i>2</i>"]],
  },
  {
    name: "status and headers are the caller's, the content type is not",
    app: (app) =>
      app.get("/", (ctx) =>
        ctx.render(<i>t</i>, {
          status: 418,
          headers: { "x-foo": "1", "content-type": "text/html; charset=x" },
        })),
    answers: [["GET /", "418 html [x-foo: 1] <i>t</i>"]],
  },
  {
    name: "null renders as nothing, a string is refused",
    app: (app) =>
      app.get("/", (ctx) => ctx.render(null))
        .get("/s", (ctx) => ctx.render("str" as unknown as null)),
    answers: [["GET /", "200 html"], [
      "GET /s",
      "500 text Internal server error",
    ]],
  },
  {
    name: "a page with its own <html> is left as it is; text is escaped",
    app: (app) =>
      app.get("/", (ctx) =>
        ctx.render(
          <html>
            <head>
              <title>t</title>
            </head>
            <body>
              <p title={`"><script>`}>{"<&>\"'</p>"}</p>
            </body>
          </html>,
        )),
    answers: [[
      "GET /",
      '200 html <!DOCTYPE html><html><head><title>t</title></head><body><p title="&quot;>&lt;script>">&lt;&amp;&gt;&quot;&#39;&lt;/p&gt;</p></body></html>',
    ]],
  },
  {
    name: "handlers by method with a component",
    app: (app) =>
      app.route("/r", {
        component: data,
        handler: {
          GET: () => page({ n: 1 }),
          POST: () => page({ n: 2 }, { status: 422, headers: { x: "1" } }),
        },
      }),
    answers: [
      ["GET /r", "200 html <b>{&quot;n&quot;:1}</b>"],
      ["POST /r", "422 html [x: 1] <b>{&quot;n&quot;:2}</b>"],
      ["PUT /r", "405 text Method Not Allowed"],
      ["HEAD /r", "200 html"],
      ["DELETE /r", "405 text Method Not Allowed"],
    ],
  },
  {
    name: "a component alone renders for every method",
    app: (app) => app.route("/r", { component: () => <b>x</b> }),
    answers: [
      ["GET /r", "200 html <b>x</b>"],
      ["POST /r", "200 html <b>x</b>"],
      ["HEAD /r", "200 html"],
      ["OPTIONS /r", "200 html <b>x</b>"],
    ],
  },
  {
    name: "a component renders for GET beside a handler for POST",
    app: (app) =>
      app.route("/r", {
        component: ({ data }: PageProps) => <b>{String(data)}</b>,
        handler: { POST: () => page(1) },
      }),
    answers: [
      ["GET /r", "200 html <b>[object Object]</b>"],
      ["POST /r", "200 html <b>1</b>"],
      ["HEAD /r", "200 html"],
    ],
  },
  {
    name: "a handler function answers every method",
    app: (app) =>
      app.route("/r", { component: data, handler: () => page(1) })
        .route("/q", { handler: () => new Response("q") }),
    answers: [
      ["GET /r", "200 html <b>1</b>"],
      ["POST /r", "200 html <b>1</b>"],
      ["PATCH /q", "200 text q"],
    ],
  },
  {
    name: "handlers by method without a component",
    app: (app) =>
      app.route("/r", { handler: { GET: () => new Response("g") } })
        .route("/d", { handler: { GET: () => page(1) } }),
    answers: [
      ["GET /r", "200 text g"],
      ["POST /r", "405 text Method Not Allowed"],
      ["HEAD /r", "200 text"],
      ["OPTIONS /r", "204 [allow: GET]"],
      ["GET /d", "200 html"],
    ],
  },
  {
    name: "an async component may answer or throw",
    app: (app) =>
      app.route("/r", {
        component: async () =>
          await Promise.resolve(new Response("resp", { status: 201 })),
      }).route("/t", {
        component: async () => {
          await Promise.resolve();
          throw new HttpError(404, "ac");
        },
      }),
    answers: [["GET /r", "201 text resp"], ["GET /t", "404 text ac"]],
  },
  {
    name: "a lazy route",
    app: (app) =>
      app.route("/r", () => Promise.resolve({ component: () => <b>lazy</b> })),
    answers: [["GET /r", "200 html <b>lazy</b>"]],
  },
  {
    name: "what components receive",
    app: (app) =>
      app.use(leave("s")).layout(
        "/l",
        (props: PageProps) => (
          <div>{JSON.stringify(Object.keys(props).sort())}</div>
        ),
      ).route("/l", { component: data }).route("/p/:id", {
        component: (props: PageProps) => (
          <b>
            {JSON.stringify([
              Object.keys(props).sort(),
              props.params,
              props.state,
              props.route,
              props.error,
              props.isPartial,
              props.url.pathname,
            ])}
          </b>
        ),
      }),
    answers: [
      ["GET /l", `200 html <div>[${PROPS}]</div>`],
      [
        "GET /p/1",
        `200 html <b>[[${PROPS}],{&quot;id&quot;:&quot;1&quot;},{&quot;trace&quot;:&quot;s&quot;},` +
        "&quot;/p/:id&quot;,null,false,&quot;/p/1&quot;]</b>",
      ],
    ],
  },
];
