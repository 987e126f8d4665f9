import type { Context } from "../context.ts";
import { HttpError } from "../shared/http_error.ts";
import type { Middleware } from "../types.ts";

/** Options of {@link csrf}. */
export interface CsrfOptions<State = unknown> {
  /** The origins to trust, or a test of one. The app's own origin is then no longer trusted unless it is among them. */
  origin?:
    | string
    | string[]
    | ((origin: string, ctx: Context<State>) => boolean);
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses requests another site made a browser send, with an {@link HttpError} 403.
 *
 * It trusts what a page cannot forge: `Sec-Fetch-Site` and `Origin`. A request with neither comes from no browser in use
 * and passes.
 */
export function csrf<State = unknown>(
  { origin }: CsrfOptions<State> = {},
): Middleware<State> {
  function trusts(candidate: string, ctx: Context<State>): boolean {
    if (typeof origin === "function") return origin(candidate, ctx);
    if (origin === undefined) return candidate === ctx.url.origin;
    return [origin].flat().includes(candidate);
  }

  return (ctx) => {
    if (SAFE_METHODS.has(ctx.req.method)) return ctx.next();
    const site = ctx.req.headers.get("sec-fetch-site");
    const sender = ctx.req.headers.get("origin");
    const passes = site === "same-origin" || site === "none" ||
      (sender === null ? site === null : trusts(sender, ctx));
    if (!passes) throw new HttpError(403);
    return ctx.next();
  };
}
