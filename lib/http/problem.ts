import { HttpError } from "fresh";
import { AppError, type ErrorCode, ERRORS } from "@/lib/errors.ts";
import { storageFailure } from "@/lib/kv/failure.ts";

/** The refusals that the framework makes by itself, as ours. */
const CODE_OF_STATUS: Record<number, ErrorCode> = {
  404: "not_found",
  405: "method_not_allowed",
};

/** Any error as one of ours. What we did not expect says nothing of itself. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const failure = storageFailure(error);
  if (failure !== null) return failure;
  const code = error instanceof HttpError
    ? CODE_OF_STATUS[error.status]
    : undefined;
  return code === undefined
    ? new AppError("unexpected", "An unexpected error happened", {
      cause: error,
    })
    : new AppError(code, ERRORS[code].title);
}

/** An RFC 9457 problem document, or what the address has promised instead. */
export function problemResponse(error: AppError): Response {
  const { code, status, title, message: detail, fields, promised } = error;
  if (promised !== undefined) return Response.json(promised.body, { status });
  return Response.json({
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    ...(fields.length === 0 ? {} : { fields }),
  }, { status, headers: problemHeaders(error) });
}

/** What goes with the answer besides its body. */
function problemHeaders({ retryAfterSeconds }: AppError): Headers {
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(retryAfterSeconds));
  }
  return headers;
}
