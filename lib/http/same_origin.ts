import type { Context } from "fresh";
import type { Config } from "@/lib/config.ts";
import { define, type State } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/** What browsers say of our own pages, and of what somebody typed. */
const OWN_SITES = ["same-origin", "none"];

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
  if (site !== null) return OWN_SITES.includes(site);
  const from = request.headers.get("origin");
  if (from !== null) return from === origin;
  return !request.headers.has("cookie");
}

/**
 * For a GET whose answer is a secret. Another site cannot read it, but should
 * not get it made either. Throws `cross_site` if the browser says that the
 * request comes from elsewhere.
 */
export function refuseOtherSites({ req, state, url }: Context<State>): void {
  const site = req.headers.get("sec-fetch-site");
  const from = req.headers.get("origin");
  const isOwnSite = site === null || OWN_SITES.includes(site);
  const isOwnOrigin = from === null || from === originOf(state.config, url);
  if (isOwnSite && isOwnOrigin) return;
  throw new AppError("cross_site", "The request came from another site");
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
