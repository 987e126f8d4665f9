import { recordDenial } from "@/lib/audit/service.ts";
import { define } from "@/lib/define.ts";
import type { AppError } from "@/lib/errors.ts";
import { problemResponse, toAppError } from "@/lib/http/problem.ts";
import { logError } from "@/lib/log.ts";
import { ErrorPage } from "@/lib/ui/ErrorPage.tsx";

/**
 * The only catch in the request path. API callers get a problem document,
 * visitors the error page, and whoever is not signed in the sign-in page.
 */
export const answerErrors = define.middleware(async (ctx) => {
  try {
    return await ctx.next();
  } catch (thrown) {
    const error = toAppError(thrown);
    const { client, caller, services } = ctx.state;
    log(error, client.requestId);
    const route = ctx.route ?? "none";
    await recordDenial(services, { code: error.code, route, client, caller })
      .catch((cause) => logError("Cannot record a refusal", cause));
    const { pathname, search } = ctx.url;
    if (isForPrograms(pathname)) return problemResponse(error);
    if (error.code === "unauthenticated") {
      const next = ctx.req.method === "GET" ? pathname + search : "/";
      return ctx.redirect(`/login?next=${encodeURIComponent(next)}`, 303);
    }
    ctx.state.title = error.title;
    return await ctx.render(
      <ErrorPage
        status={error.status}
        title={error.title}
        detail={error.message}
        requestId={client.requestId}
      />,
      { status: error.status, headers: retryAfter(error) },
    );
  }
});

function isForPrograms(path: string): boolean {
  return path.startsWith("/api/") || path.startsWith("/webhooks/");
}

function retryAfter({ retryAfterSeconds }: AppError): HeadersInit {
  return retryAfterSeconds === undefined
    ? {}
    : { "retry-after": String(retryAfterSeconds) };
}

/** Only what nobody expected, or what the clinic can mend, goes to the log. */
function log(error: AppError, requestId: string): void {
  if (error.status < 500) return;
  logError(`[${requestId}] ${error.code}: ${error.message}`, error.cause);
}
