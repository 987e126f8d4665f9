import { ApiError } from "@/lib/api_client.ts";
import { ConnectionError } from "@/lib/call/connection.ts";

/** Something that did not work, as plain data; `call_problem.ts` has the words for it. */
export interface Failure {
  /** Who says so. */
  from: "server" | "room" | "page";
  /** A code of `lib/errors.ts` or `network`, a number of the video service, or a word of our own. */
  code: string;
  message: string;
}

/** The failure behind whatever was thrown. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ApiError) {
    return { from: "server", code: error.code, message: error.message };
  }
  if (error instanceof ConnectionError) {
    const from = typeof error.code === "number" ? "room" : "page";
    return { from, code: String(error.code), message: error.message };
  }
  return {
    from: "page",
    code: "unexpected",
    message: error instanceof Error ? error.message : String(error),
  };
}

/** The token was refused or is too old (20101 to 20107): a new one may help. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof ConnectionError && typeof error.code === "number" &&
    error.code >= 20101 && error.code <= 20107;
}
