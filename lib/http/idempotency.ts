import type { Context } from "fresh";
import { define, type State } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { isForm, readBody, readFields } from "@/lib/http/input.ts";
import { problemResponse, toAppError } from "@/lib/http/problem.ts";
import {
  parseKey,
  requestHash,
  type SentRequest,
} from "@/lib/idempotency/key.ts";
import type { KeptAnswer } from "@/lib/idempotency/receipt.ts";
import { answerToKeep, mayKeep } from "@/lib/idempotency/rules.ts";
import { beginOnce, endOnce } from "@/lib/idempotency/service.ts";
import { logError } from "@/lib/log.ts";

const CHANGING_METHODS = ["POST", "PUT", "PATCH", "DELETE"];

/**
 * Carries a request with an `Idempotency-Key` out once, however often it is
 * sent, and answers every time what it answered first. Forms say their key in
 * a hidden field `idempotency_key`. Whoever is not signed in has no keys.
 */
export const doOnce = define.middleware(async (ctx) => {
  const { caller, services } = ctx.state;
  if (
    caller === null || ctx.route === null ||
    !CHANGING_METHODS.includes(ctx.req.method)
  ) return await ctx.next();
  const key = await keyOf(ctx);
  if (key === null) return await ctx.next();
  const { receipt, answer } = await beginOnce(services, {
    accountId: caller.actor.accountId,
    key,
    request: await sent(ctx),
  });
  if (answer !== undefined) return answerAgain(answer);
  ctx.state.caller = { ...caller, client: { ...caller.client, receipt } };
  let kept: KeptAnswer | null = null;
  try {
    const response = await ctx.next();
    if (!mayKeep(response.status, response.headers)) return response;
    const body = await response.bytes();
    kept = answerToKeep(response.status, response.headers, body);
    return withBody(body, response);
  } catch (error) {
    // Programs get this refusal again; people get a page, made for the moment.
    if (isForPrograms(ctx)) kept = await refusalToKeep(error);
    throw error;
  } finally {
    // What was done is done: nobody has to hear that it could not be noted.
    await endOnce(services, receipt, kept)
      .catch((error) => logError("Cannot keep an answer", error));
  }
});

async function sent({ req, url }: Context<State>): Promise<SentRequest> {
  return {
    method: req.method,
    path: url.pathname + url.search,
    body: await readBody(req),
  };
}

function isForPrograms({ url }: Context<State>): boolean {
  return url.pathname.startsWith("/api/");
}

/** The request's key, or null if it has none. Throws `validation` if it is none. */
async function keyOf(ctx: Context<State>): Promise<string | null> {
  if (!isForPrograms(ctx)) return await keyOfForm(ctx);
  const header = ctx.req.headers.get("idempotency-key");
  if (header === null) return null;
  const key = parseKey(header);
  if (key !== null) return key;
  throw new AppError("validation", "Cannot read the Idempotency-Key", {
    fields: [{
      field: "Idempotency-Key",
      message: "is not 1 to 255 visible ASCII characters",
    }],
  });
}

/**
 * A form's key is the hidden field together with everything else in it: who
 * goes back in the browser, changes something and sends it means something new.
 */
async function keyOfForm(ctx: Context<State>): Promise<string | null> {
  if (!isForm(ctx.req)) return null;
  const { idempotency_key: key } = await readFields(ctx.req);
  return key ? requestHash(key, await sent(ctx)) : null;
}

async function refusalToKeep(error: unknown): Promise<KeptAnswer | null> {
  const response = problemResponse(toAppError(error));
  const { status, headers } = response;
  return mayKeep(status, headers)
    ? answerToKeep(status, headers, await response.bytes())
    : null;
}

function answerAgain({ status, headers, body }: KeptAnswer): Response {
  return withBody(body, {
    status,
    headers: { ...headers, "idempotent-replayed": "true" },
  });
}

/** An answer without a body has none, not an empty one: 204 takes no other. */
function withBody(
  body: Uint8Array<ArrayBuffer>,
  { status, headers }: { status: number; headers: HeadersInit },
): Response {
  return new Response(body.byteLength === 0 ? null : body, { status, headers });
}
