import { INTERNALS } from "../internals.ts";
import type { Middleware } from "../types.ts";

/** Options of {@link csp}. */
export interface CSPOptions {
  /** Whether violations are only reported. */
  reportOnly?: boolean;
  /** The address violations are reported to. */
  reportTo?: string;
  /** Directives such as `"img-src 'self' https://example.com"`; each replaces the default of its name. */
  csp?: string[];
  /** Whether scripts and styles of rendered pages carry a nonce, which then stands in for `'unsafe-inline'`. */
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

/**
 * Sets the Content-Security-Policy of every response that passes, over any the handler has set.
 *
 * An error that unwinds past it gets no header: catch it further in, or set a policy around `app.handler()`.
 */
export function csp<State = unknown>(
  { reportOnly = false, reportTo, csp = [], useNonce = false }: CSPOptions = {},
): Middleware<State> {
  const name = reportOnly
    ? "content-security-policy-report-only"
    : "content-security-policy";
  const replaced = new Set(csp.map(directiveName));
  const directives = [
    ...DEFAULTS.filter((directive) => !replaced.has(directiveName(directive))),
    ...csp,
  ];
  if (reportTo !== undefined) {
    directives.push("report-to csp-endpoint", `report-uri ${reportTo}`);
  }
  const policy = directives.join("; ");

  return async (ctx) => {
    ctx[INTERNALS].wantsNonce = useNonce;
    const response = withMutableHeaders(await ctx.next());
    const { nonce } = ctx[INTERNALS];
    response.headers.set(
      name,
      useNonce && nonce !== null
        ? directives.map((directive) => withNonce(directive, nonce)).join("; ")
        : policy,
    );
    if (reportTo !== undefined) {
      response.headers.set(
        "reporting-endpoints",
        `csp-endpoint="${reportTo}"`,
      );
    }
    return response;
  };
}

function directiveName(directive: string): string {
  return directive.trim().split(/\s/, 1)[0] ?? "";
}

/** A script or style directive with the nonce, in the place of `'unsafe-inline'` where there is one. */
function withNonce(directive: string, nonce: string): string {
  if (!/^\s*(script|style)-src(-elem)?\s/.test(directive)) return directive;
  const source = `'nonce-${nonce}'`;
  return directive.includes("'unsafe-inline'")
    ? directive.replace("'unsafe-inline'", source)
    : `${directive} ${source}`;
}

/** The headers of `Response.redirect()` and of fetched responses cannot be changed; those of a copy can. */
function withMutableHeaders(response: Response): Response {
  try {
    response.headers.delete("x-fresh-probe");
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
