/**
 * What faults do to a REST call.
 *
 * @module
 */
import { failureBody } from "../rest/responses.ts";
import type { Timers } from "../timers.ts";
import type { Faults } from "./faults.ts";
import type { RestFault } from "./model.ts";

/** Codes of an error fault that names none, by status. */
const CODES: Readonly<Record<number, number>> = {
  401: 20003,
  403: 20403,
  404: 20404,
  429: 20429,
  503: 20503,
};

/**
 * Answers a call as the active faults want it.
 *
 * @param path Below `/v1`.
 * @param answer The answer without faults. It is only called when the call
 * gets through.
 */
export async function withRestFaults(
  request: Request,
  path: string,
  faults: Faults,
  timers: Timers,
  answer: () => Promise<Response>,
): Promise<Response> {
  const { fault, latencyMs } = faults.meet({ method: request.method, path });
  if (latencyMs > 0) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = timers.after(latencyMs, resolve);
    await Promise.race([promise, faults.cleared]);
    cancel();
  }
  switch (fault?.kind) {
    case "error":
      return errorAnswer(fault);
    case "hang":
      await Promise.race([faults.cleared, aborted(request.signal)]);
      // Who has hung up meanwhile did not get through.
      if (request.signal.aborted) return new Response(null, { status: 408 });
      return answer();
    case "truncate":
      return truncated(await answer());
    default:
      return answer();
  }
}

function errorAnswer(
  { status, code, message, retryAfterSeconds }: Extract<
    RestFault,
    { kind: "error" }
  >,
): Response {
  const response = code === null
    ? new Response(`<html><body><h1>${status}</h1></body></html>\n`, {
      status,
      headers: { "content-type": "text/html; charset=utf-8" },
    })
    : failureBody({
      code: code ?? CODES[status] ?? (status < 500 ? 20001 : 20500),
      message: message ?? MESSAGES[status] ?? "Internal server error",
      status,
    });
  if (retryAfterSeconds !== undefined) {
    response.headers.set("retry-after", String(retryAfterSeconds));
  }
  return response;
}

const MESSAGES: Readonly<Record<number, string>> = {
  401: "Authenticate",
  403: "Forbidden",
  404: "The requested resource was not found",
  429: "Too Many Requests",
  503: "Service is unavailable. Please try again",
};

/**
 * The first half of an answer that promises to be whole: the server cuts the
 * connection when the other half does not come.
 */
async function truncated(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  const { status, headers } = response;
  headers.set("content-length", String(bytes.length));
  return new Response(ReadableStream.from([half]), { status, headers });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
