/**
 * The server side of the Fresh 2 API. See README.md for what differs from upstream.
 *
 * @module
 */
export { App, type AppOptions } from "./app.ts";
export type {
  Context,
  Context as FreshContext,
  ResponseOptions,
} from "./context.ts";
export { createDefine, type Define, page } from "./define.ts";
export { csp, type CSPOptions } from "./middlewares/csp.ts";
export { csrf, type CsrfOptions } from "./middlewares/csrf.ts";
export { staticFiles } from "./middlewares/static_files.ts";
export { HttpError } from "./shared/http_error.ts";
export type * from "./types.ts";
export type { WebSocketHandlers } from "./upgrade.ts";
