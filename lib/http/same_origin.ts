import type { Config } from "@/lib/config.ts";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/** Signed by the video service instead: nobody's browser sends these. */
const SIGNED_PATHS = "/webhooks/";

/**
 * Whether a request that changes something comes from our own pages. Browsers
 * say so in `Sec-Fetch-Site` or `Origin`; a request that carries a cookie and
 * says neither is refused, which is stricter than Fresh's `csrf()`.
 */
export function isFromOwnPages(request: Request, origin: string): boolean {
  if (SAFE_METHODS.includes(request.method)) return true;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const from = request.headers.get("origin");
  if (from !== null) return from === origin;
  return !request.headers.has("cookie");
}

/** The origin under which browsers know this app. */
export function originOf(config: Config, url: URL): string {
  return config.publicBaseUrl ?? url.origin;
}

/** Refuses cross-site changes (`cross_site`) and requests for other hosts (`misdirected`). */
export const requireSameOrigin = define.middleware((ctx) => {
  const { config } = ctx.state;
  if (ctx.url.pathname.startsWith(SIGNED_PATHS)) return ctx.next();
  const isOurs = config.publicBaseUrl === null ||
    ctx.url.host === new URL(config.publicBaseUrl).host;
  if (!isOurs && !isProbe(ctx.url.pathname)) {
    throw new AppError("misdirected", "This host is not the app's");
  }
  if (!isFromOwnPages(ctx.req, originOf(config, ctx.url))) {
    throw new AppError("cross_site", "The request came from another site");
  }
  return ctx.next();
});

/** Supervisors ask by address, not by name. */
function isProbe(path: string): boolean {
  return path === "/healthz" || path === "/readyz";
}
