import type { HttpError } from "fresh";
import { addHeader, type Behaviour, leave, say, trace } from "./behaviour.ts";

/** What middlewares apply to, and in which order they run. */
export const MIDDLEWARES: Behaviour[] = [
  {
    name: "only middlewares registered before a route run for it",
    app: (app) =>
      app.use(leave("a")).get("/", trace).use(leave("b")).get("/about", trace),
    answers: [["GET /", "200 text a"], ["GET /about", "200 text ab"]],
  },
  {
    name: "a path is compared with the route's segments, not with the URL",
    app: (app) =>
      app.use("/foo", leave("f")).get("/foo", trace).get("/foo/bar", trace)
        .get("/foobar", trace).get("/:x/bar2", trace),
    answers: [
      ["GET /foo", "200 text f"],
      ["GET /foo/bar", "200 text f"],
      ["GET /foobar", "200 text -"],
      ["GET /foo/bar2", "200 text -"],
    ],
  },
  {
    name: "differs from upstream: /foo/* guards as /foo does",
    app: (app) =>
      app.use("/foo/*", leave("f")).get("/foo", trace).get("/foo/bar", trace),
    answers: [["GET /foo", "200 text f"], ["GET /foo/bar", "200 text f"]],
  },
  {
    name: "a parameter in a path means a parameter of that name",
    app: (app) =>
      app.use("/:id", leave("p")).get("/:id/x", trace).get("/:other/y", trace)
        .get("/lit/z", trace),
    answers: [
      ["GET /1/x", "200 text p"],
      ["GET /1/y", "200 text -"],
      ["GET /lit/z", "200 text -"],
    ],
  },
  {
    name: "middlewares of the root run before deeper ones",
    app: (app) =>
      app.use("/foo", leave("f")).use(leave("r")).get("/foo/bar", trace),
    answers: [["GET /foo/bar", "200 text rf"]],
  },
  {
    name: "after next() they run inside out",
    app: (app) => {
      for (const letter of ["1", "2"]) {
        app.use(async (ctx) => {
          const response = await ctx.next();
          response.headers.append("x", letter);
          return response;
        });
      }
      app.get("/", say("ok"));
    },
    answers: [["GET /", "200 text [x: 2, 1] ok"]],
  },
  {
    name: "an unmatched URL is an error, so nothing after next() runs",
    app: (app) => app.use(addHeader).get("/", trace),
    answers: [["GET /nope", "404 text Not Found"]],
  },
  {
    name: "a middleware of the root can catch it; its message is empty",
    app: (app) =>
      app.use(async (ctx) => {
        try {
          return await ctx.next();
        } catch (error) {
          const { status, message } = error as HttpError;
          return new Response(`caught ${status} "${message}"`, { status });
        }
      }).get("/", trace),
    answers: [["GET /nope", '404 text caught 404 ""']],
  },
  {
    name: "a middleware of a path does not run for an unmatched URL",
    app: (app) => app.use("/foo", say("scoped")).get("/", trace),
    answers: [
      ["GET /foo", "404 text Not Found"],
      ["GET /foo/bar", "404 text Not Found"],
    ],
  },
  {
    name: "several functions of a route run left to right",
    app: (app) => app.get("/", leave("1"), leave("2"), trace),
    answers: [["GET /", "200 text 12"]],
  },
  {
    name: "ctx.route is the pattern",
    app: (app) =>
      app.use(async (ctx) => {
        const response = await ctx.next();
        response.headers.set("x-route", String(ctx.route));
        return response;
      })
        .get("/u/:id", (ctx) => new Response(String(ctx.route)))
        .notFound((ctx) => new Response(String(ctx.route), { status: 404 })),
    answers: [
      ["GET /u/1", "200 text [x-route: /u/:id] /u/:id"],
      ["GET /none", "404 text null"],
    ],
  },
  {
    name: "anything but a Response is an error",
    app: (app) =>
      app.get("/", (() => "str") as unknown as () => Response)
        .get("/u", (() => undefined) as unknown as () => Response),
    answers: [
      ["GET /", "500 text Internal server error"],
      ["GET /u", "500 text Internal server error"],
    ],
  },
  {
    name: "a second next() and one past the end are 404",
    app: (app) =>
      app.get("/end", (ctx) => ctx.next()).use(async (ctx) => {
        await ctx.next();
        return await ctx.next();
      }).get("/", say("n")),
    answers: [["GET /", "404 text Not Found"], [
      "GET /end",
      "404 text Not Found",
    ]],
  },
  {
    name: "a function that resolves to a function is loaded on demand",
    app: (app) => app.get("/l", () => Promise.resolve(say("lazy"))),
    answers: [["GET /l", "200 text lazy"], ["GET /l", "200 text lazy"]],
  },
];
