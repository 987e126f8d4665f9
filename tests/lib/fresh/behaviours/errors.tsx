import { HttpError, type PageProps } from "fresh";
import {
  addHeader,
  type Behaviour,
  fail,
  leave,
  messageOf,
  say,
  trace,
} from "./behaviour.ts";
import { box } from "./rendering.tsx";

const oops = fail(new Error("secret"));
const statusOf = ({ error }: { error: unknown }) =>
  String((error as HttpError | null)?.status);

/** What becomes of what is thrown. */
export const ERRORS: Behaviour[] = [
  {
    name: "only the message of an HttpError is shown",
    app: (app) =>
      app.get("/e", oops).get("/h", fail(new HttpError(403, "nope")))
        .get("/h2", fail(new HttpError(418))).get("/s", fail("str")),
    answers: [
      ["GET /e", "500 text Internal server error"],
      ["GET /h", "403 text nope"],
      ["GET /h2", "418 text I'm a teapot"],
      ["GET /s", "500 text Internal server error"],
      ["GET /zzz", "404 text Not Found"],
    ],
  },
  {
    name: "onError gets the error, but not that of an unmatched URL",
    app: (app) =>
      app.onError(
        "*",
        (ctx) =>
          new Response(`${statusOf(ctx)} ${messageOf(ctx)}`, { status: 500 }),
      )
        .get("/e", oops).get("/h", fail(new HttpError(404, "m"))),
    answers: [
      ["GET /e", "500 text undefined secret"],
      ["GET /h", "500 text 404 m"],
      ["GET /none", "500 text undefined undefined"],
    ],
  },
  {
    name: "with a middleware at the root it gets that one too",
    app: (app) =>
      app.use((ctx) => ctx.next())
        .onError("*", (ctx) => new Response(statusOf(ctx))).get("/", trace),
    answers: [["GET /none", "200 text 404"], ["POST /", "200 text 405"]],
  },
  {
    name: "onError counts for what is registered after it",
    app: (app) => app.get("/e", oops).onError("*", say("err")),
    answers: [["GET /e", "500 text Internal server error"]],
  },
  {
    name: "the nearest onError answers; unmatched URLs are the root's",
    app: (app) =>
      app.onError("*", say("top")).onError("/foo/bar", say("nested"))
        .get("/foo/bar/t", oops).get("/foo/t", oops),
    answers: [
      ["GET /foo/bar/t", "200 text nested"],
      ["GET /foo/t", "200 text top"],
      ["GET /foo/bar/none", "200 text top"],
    ],
  },
  {
    name: "it catches what middlewares of its level throw",
    app: (app) => app.onError("*", say("top")).use(oops).get("/", trace),
    answers: [["GET /", "200 text top"]],
  },
  {
    name: "its answer does not pass through them",
    app: (app) => app.use(addHeader).onError("*", say("top")).get("/", oops),
    answers: [["GET /", "200 text top"]],
  },
  {
    name: "a component renders inside of layouts, with the error's status",
    app: (app) =>
      app.appWrapper(box("app")).layout("*", box("lay")).onError("*", {
        component: (props: PageProps) => <h1>E {messageOf(props)}</h1>,
      }).get("/e", fail(new Error("x"))).get(
        "/h",
        fail(new HttpError(403, "f")),
      ),
    answers: [
      [
        "GET /e",
        '500 html <div class="app"><div class="lay"><h1>E x</h1></div></div>',
      ],
      [
        "GET /h",
        '403 html <div class="app"><div class="lay"><h1>E f</h1></div></div>',
      ],
    ],
  },
  {
    name: "onError that throws leaves the plain answer",
    app: (app) => app.onError("*", oops).get("/e", fail(new Error("x"))),
    answers: [["GET /e", "500 text Internal server error"]],
  },
  {
    name: "notFound answers unmatched URLs and a thrown 404",
    app: (app) =>
      app.notFound((ctx) =>
        new Response(`nf ${statusOf(ctx)}`, { status: 404 })
      )
        .get("/h", fail(new HttpError(404)))
        .get("/r", () => new Response("own", { status: 404 }))
        .onError("*", say("oe")),
    answers: [
      ["GET /x", "404 text nf undefined"],
      ["GET /h", "404 text nf 404"],
      ["GET /r", "404 text own"],
    ],
  },
  {
    name: "notFound sees the state, but middlewares do not see its answer",
    app: (app) =>
      app.use(leave("m")).use(addHeader)
        .notFound((ctx) =>
          new Response(`nf ${ctx.state.trace}`, { status: 404 })
        )
        .get("/", trace),
    answers: [["GET /x", "404 text nf m"]],
  },
  {
    name: "ctx.render in notFound is 200 unless told otherwise",
    app: (app) =>
      app.appWrapper(box("app")).layout("*", box("lay")).notFound((ctx) =>
        ctx.render(<p>nf</p>)
      ),
    answers: [[
      "GET /x",
      '200 html <div class="app"><div class="lay"><p>nf</p></div></div>',
    ]],
  },
];
