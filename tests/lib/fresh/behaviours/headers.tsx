import { csp, csrf } from "fresh";
import { type Behaviour, say } from "./behaviour.ts";

const REST =
  "font-src 'self'; img-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; " +
  "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; " +
  "upgrade-insecure-requests";
const policy = (source: string) =>
  `content-security-policy: default-src 'self'; script-src 'self' ${source}; style-src 'self' ${source}; ${REST}`;
const INLINE = policy("'unsafe-inline'");
const NONCE = policy("'nonce-NONCE'");

const post = (headers: Record<string, string>): [
  string,
  Record<string, string>,
] => ["POST /", headers];
const site = (value: string) => ({ "sec-fetch-site": value });
const origin = (value: string) => ({ origin: value });

/** Redirects, helpers, and the middlewares that guard. */
export const HEADERS: Behaviour[] = [
  {
    name: "redirects",
    app: (app) =>
      app.get("/*", (ctx) =>
        ctx.redirect(
          ctx.url.searchParams.get("to") ?? "",
          Number(ctx.url.searchParams.get("s") ?? 302),
        )),
    answers: [
      ["GET /x?to=/a", "302 [location: /a]"],
      ["GET /x?to=//evil.com/x", "302 [location: /evil.com/x]"],
      ["GET /x?to=https://x.com/y", "302 [location: https://x.com/y]"],
      ["GET /x?to=/a//b%3Fx=//y", "302 [location: /a/b?x=//y]"],
      ["GET /x?to=rel", "302 [location: rel]"],
      ["GET /x?to=/", "302 [location: /]"],
      ["GET /x?to=/a%3Fb%23c", "302 [location: /a?b#c]"],
      ["GET /x?to=", "302 [location: ]"],
      ["GET /x?to=/a&s=303", "303 [location: /a]"],
    ],
  },
  {
    name: "differs from upstream: a local redirect cannot leave the site",
    app: (app) =>
      app.get("/*", (ctx) => ctx.redirect(ctx.url.searchParams.get("to")!)),
    answers: [
      ["GET /x?to=/%5Cevil.com", "302 [location: /evil.com]"],
      ["GET /x?to=%5C%5Cevil.com", "302 [location: /evil.com]"],
      ["GET /x?to=/%09/evil.com", "302 [location: /evil.com]"],
      ["GET /x?to=%20//evil.com", "302 [location: /evil.com]"],
    ],
  },
  {
    name: "text, HTML, JSON",
    app: (app) =>
      app.get("/t", (ctx) => ctx.text("t")).get("/h", (ctx) => ctx.html("<b>"))
        .get("/j", (ctx) => ctx.json({ a: 1 }, { status: 201 })),
    answers: [
      ["GET /t", "200 text t"],
      ["GET /h", "200 html <b>"],
      ["GET /j", '201 json {"a":1}'],
    ],
  },
  {
    name: "upgrade needs a WebSocket request",
    app: (app) => app.get("/", (ctx) => ctx.upgrade({ open() {} })),
    answers: [["GET /", "400 text Expected a WebSocket upgrade request"]],
  },
  {
    name: "csp sets its policy over the handler's, but not on errors",
    app: (app) =>
      app.use(csp()).get("/", (ctx) => ctx.render(<p />)).get(
        "/own",
        () =>
          new Response("x", {
            headers: { "content-security-policy": "default-src 'none'" },
          }),
      ),
    answers: [
      ["GET /", `200 html [${INLINE}] <p></p>`],
      ["GET /own", `200 text [${INLINE}] x`],
      ["GET /none", "404 text Not Found"],
    ],
  },
  {
    name: "csp directives replace the default and come last; reporting",
    app: (app) =>
      app.use(csp({
        reportOnly: true,
        reportTo: "/api/r",
        csp: ["script-src 'self' https://x.com", "frame-src 'none'"],
      })).get("/", say("x")),
    answers: [[
      "GET /",
      "200 text [content-security-policy-report-only: default-src 'self'; style-src 'self' 'unsafe-inline'; " +
      `${REST}; script-src 'self' https://x.com; frame-src 'none'; report-to csp-endpoint; report-uri /api/r | ` +
      'reporting-endpoints: csp-endpoint="/api/r"] x',
    ]],
  },
  {
    name: "differs from upstream: csp copies a response it cannot change",
    app: (app) =>
      app.use(csp()).get("/", () => Response.redirect("http://localhost/x")),
    answers: [["GET /", `302 [${INLINE} | location: http://localhost/x]`]],
  },
  {
    name: "nonces go on scripts and styles, and an explicit one stays",
    app: (app) =>
      app.use(csp({ useNonce: true })).get("/", (ctx) =>
        ctx.render(
          <html>
            <head>
              <script>1</script>
              <script src="/a.js" />
              <style>{"a{}"}</style>
              <link rel="stylesheet" href="/x.css" />
            </head>
            <body>
              <script nonce="mine">2</script>
            </body>
          </html>,
        )).get("/j", () => Response.json({})),
    answers: [
      [
        "GET /",
        `200 html [${NONCE}] <!DOCTYPE html><html><head><script nonce="NONCE">1</script>` +
        '<script src="/a.js" nonce="NONCE"></script><style nonce="NONCE">a{}</style>' +
        '<link rel="stylesheet" href="/x.css"/></head><body><script nonce="mine">2</script></body></html>',
      ],
      ["GET /j", `200 json [${INLINE}] {}`],
    ],
  },
  {
    name: "csrf",
    app: (app) => app.use(csrf()).all("/", say("ok")),
    answers: [
      [post({}), "200 text ok"],
      [post(site("same-origin")), "200 text ok"],
      [post(site("none")), "200 text ok"],
      [post(site("same-site")), "403 text Forbidden"],
      [post(site("cross-site")), "403 text Forbidden"],
      [post(origin("http://localhost")), "200 text ok"],
      [post(origin("http://evil")), "403 text Forbidden"],
      [post(origin("null")), "403 text Forbidden"],
      [
        post({ ...origin("http://evil"), ...site("same-origin") }),
        "200 text ok",
      ],
      [
        post({ ...origin("http://localhost"), ...site("cross-site") }),
        "200 text ok",
      ],
      ["GET /", "200 text ok"],
      [
        ["GET /", { ...site("cross-site"), ...origin("http://evil") }],
        "200 text ok",
      ],
      [["DELETE /", site("cross-site")], "403 text Forbidden"],
      [["OPTIONS /", site("cross-site")], "200 text ok"],
    ],
  },
  {
    name: "csrf with origins of one's own no longer trusts the app's",
    app: (app) =>
      app.use(csrf({ origin: ["https://a.com"] })).all("/", say("ok")),
    answers: [
      [post(origin("https://a.com")), "200 text ok"],
      [
        post({ ...origin("https://a.com"), ...site("cross-site") }),
        "200 text ok",
      ],
      [post(origin("http://localhost")), "403 text Forbidden"],
    ],
  },
];
