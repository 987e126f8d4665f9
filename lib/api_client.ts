import type { ErrorCode, FieldError } from "@/lib/errors.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** A problem document (RFC 9457) as the API sends it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  fields?: FieldError[];
}

/** Why a call of the API did not work; `code` is `network` when no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode | "network";
  readonly status: number;

  constructor(code: ErrorCode | "network", status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`/api/v1/telemedicine/${path}`, {
    method,
    headers: {
      accept: "application/json",
      ...(method === "GET" ? {} : { "content-type": "application/json" }),
    },
    ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
  }).catch(() => {
    throw new ApiError("network", 0, "The server did not answer");
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const problem = answer as Partial<Problem> | null;
  throw new ApiError(
    problem?.code ?? "unexpected",
    response.status,
    problem?.title ?? "Something went wrong on our side",
  );
}

/** What a participant does to a session besides joining it. */
export type SessionCommand = "start" | "end" | "cancel" | "leave";

/** Carries out a command and answers the session as it is now. Throws `ApiError`. */
export function commandSession(
  id: string,
  command: SessionCommand,
): Promise<SessionView> {
  return call("POST", `${id}/${command}/`);
}

/** The session as it is now. Throws `ApiError`. */
export function fetchSession(id: string): Promise<SessionView> {
  return call("GET", `${id}/`);
}

/** What this browser needs to enter the room. Throws `ApiError`. */
export function requestAccess(id: string): Promise<AccessView> {
  return call("POST", "token/", { session_id: id });
}

/**
 * Tells the server that this page is going away; unlike `commandSession` it
 * survives the page, and nobody learns how it went.
 */
export function leaveOnUnload(id: string): void {
  navigator.sendBeacon(
    `/api/v1/telemedicine/${id}/leave/`,
    new Blob(["{}"], { type: "application/json" }),
  );
}
