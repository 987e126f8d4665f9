/**
 * Answers of the REST API.
 *
 * @module
 */
import { moreInfo, type TwilioFault } from "../errors.ts";
import { newSid } from "../sid.ts";

/** Headers of every answer. */
function headers(): Record<string, string> {
  return {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
    "access-control-allow-headers": "Content-Type, Authorization",
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "ETag, Twilio-Request-Id",
    "twilio-request-id": newSid("RQ"),
    "twilio-concurrent-requests": "1",
  };
}

/** A resource. */
export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: headers() });
}

/** No body: the answer to a preflight request, or to DELETE. */
export function noContent(): Response {
  return new Response(null, { status: 204, headers: headers() });
}

/**
 * An error. The body has exactly these four keys: with `type` and `title`
 * beside them the Node client would throw another class.
 */
export function failure(fault: TwilioFault): Response {
  return failureBody(fault);
}

/** An error that need not be in the catalogue. */
export function failureBody(
  { code, message, status }: {
    readonly code: number;
    readonly message: string;
    readonly status: number;
  },
): Response {
  const response = json(
    { code, message, more_info: moreInfo(code), status },
    status,
  );
  if (status === 401) {
    response.headers.set("www-authenticate", 'Basic realm="Twilio API"');
  }
  return response;
}
