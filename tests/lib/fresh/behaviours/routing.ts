import type { Context } from "fresh";
import { type Behaviour, say, type TestState } from "./behaviour.ts";

const params = (ctx: Context<TestState>) =>
  new Response(JSON.stringify(ctx.params));

/** Which route answers. */
export const ROUTING: Behaviour[] = [
  {
    name: "methods",
    app: (app) => app.get("/", say("get")).post("/p", say("post")),
    answers: [
      ["POST /", "405 text Method Not Allowed"],
      ["HEAD /", "200 text"],
      ["OPTIONS /", "204 [allow: GET]"],
      ["PUT /", "405 text Method Not Allowed"],
      ["GET /p", "405 text Method Not Allowed"],
      ["HEAD /p", "405 text Method Not Allowed"],
    ],
  },
  {
    name: "head() wins over get() for HEAD",
    app: (app) =>
      app.get("/", say("get")).head(
        "/",
        () => new Response(null, { headers: { x: "head" } }),
      ),
    answers: [["HEAD /", "200 [x: head]"]],
  },
  {
    name: "the first registration of a method wins, all() included",
    app: (app) =>
      app.all("/", (ctx) => new Response(`all ${ctx.req.method}`))
        .get("/", say("get")).get("/dup", say("1")).get("/dup", say("2")),
    answers: [
      ["GET /", "200 text all GET"],
      ["DELETE /", "200 text all DELETE"],
      ["HEAD /", "200 text"],
      ["GET /dup", "200 text 1"],
    ],
  },
  {
    name: "static routes win over patterns, whatever the order and method",
    app: (app) =>
      app.get("/:id", say("dyn")).get("/a", say("stat")).post(
        "/b",
        say("post"),
      ),
    answers: [
      ["GET /a", "200 text stat"],
      ["GET /c", "200 text dyn"],
      ["GET /b", "405 text Method Not Allowed"],
      ["POST /b", "200 text post"],
    ],
  },
  {
    name: "the first pattern that matches decides, even without the method",
    app: (app) =>
      app.get("/:a", (ctx) => new Response(`a${ctx.params.a}`))
        .get("/:b", params).post("/:c", params),
    answers: [
      ["GET /1", "200 text a1"],
      ["POST /1", "405 text Method Not Allowed"],
    ],
  },
  {
    name: "parameters are decoded like decodeURI",
    app: (app) => app.get("/x/:id", params),
    answers: [
      ["GET /x/a%20b", '200 text {"id":"a b"}'],
      ["GET /x/a%2Fb", '200 text {"id":"a%2Fb"}'],
      ["GET /x/é", '200 text {"id":"é"}'],
    ],
  },
  {
    name: "differs from upstream: what cannot be decoded stays as it is",
    app: (app) => app.get("/x/:id", params),
    answers: [["GET /x/%E0%A4%A", '200 text {"id":"%E0%A4%A"}']],
  },
  {
    name: "wildcards and optional segments",
    app: (app) =>
      app.get("/w/*", params).get("/v/:p*", params).get("/o{/:v}?", params),
    answers: [
      ["GET /w/a/b", '200 text {"0":"a/b"}'],
      ["GET /w", "404 text Not Found"],
      ["GET /w/", '200 text {"0":""}'],
      ["GET /v/a/b", '200 text {"p":"a/b"}'],
      ["GET /v", '200 text {"p":""}'],
      ["GET /o", '200 text {"v":""}'],
      ["GET /o/1", '200 text {"v":"1"}'],
    ],
  },
  {
    name: "trailing slashes do not matter to static routes, but to patterns",
    app: (app) =>
      app.get("/a", say("a")).get("/d/:id", params).get("/s/", say("s")),
    answers: [
      ["GET /a/", "200 text a"],
      ["GET /a", "200 text a"],
      ["GET /d/1/", "404 text Not Found"],
      ["GET /s", "200 text s"],
      ["GET /s/", "200 text s"],
      ["GET //a", "200 text a"],
      ["GET /d//1", '200 text {"id":"1"}'],
    ],
  },
  {
    name: "an optional slash in a pattern takes both forms",
    app: (app) => app.post("/items/:id/start{/}?", params),
    answers: [
      ["POST /items/1/start", '200 text {"id":"1"}'],
      ["POST /items/1/start/", '200 text {"id":"1"}'],
    ],
  },
  {
    name: "case matters",
    app: (app) => app.get("/Abc", say("a")),
    answers: [["GET /abc", "404 text Not Found"], ["GET /Abc", "200 text a"]],
  },
  {
    name: "static routes are compared with the encoded path",
    app: (app) => app.get("/a%20b", say("enc")).get("/ü", say("u")),
    answers: [
      ["GET /a%20b", "200 text enc"],
      ["GET /a b", "200 text enc"],
      ["GET /ü", "404 text Not Found"],
      ["GET /%C3%BC", "404 text Not Found"],
    ],
  },
];
