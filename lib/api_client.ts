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

/** What may be better in a moment; anything else is an answer. */
const PASSING: readonly string[] = [
  "network",
  "storage_busy",
  "request_in_progress",
] satisfies (ErrorCode | "network")[];
/** The waits before a change is sent again: on a bad line one press has to be enough. */
const RETRY_MS = [300, 1_000, 2_500];

/** One request, one answer. `path` is below `/api/v1/`. Throws `ApiError`. */
export async function ask<T>(
  path: string,
  init: RequestInit = {},
): Promise<T> {
  const response = await fetch(`/api/v1/${path}`, {
    ...init,
    headers: { ...init.headers, accept: "application/json" },
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

/**
 * Changes something, once: nobody knows whether a request that was not
 * answered has arrived, so it is sent again with the same key. `path` is below
 * `/api/v1/`. Throws `ApiError`; the same key can then be tried once more.
 */
export async function change<T>(
  path: string,
  body: unknown = {},
  { key = newKey(), method = "POST" }: {
    key?: string;
    method?: "POST" | "PUT";
  } = {},
): Promise<T> {
  const init = {
    method,
    headers: {
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify(body),
  };
  for (const ms of RETRY_MS) {
    try {
      return await ask(path, init);
    } catch (error) {
      if (!PASSING.includes((error as ApiError).code)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  return await ask(path, init);
}

/** A key for a new change: 128 random bits; unlike `randomUUID` also where a developer's phone has no https. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

const SESSIONS = "telemedicine/";

/** What a participant does to a session besides joining it. */
export type SessionCommand = "start" | "end" | "cancel" | "leave";

/** What a participant says in a call. */
export type CallCommand =
  | SessionCommand
  | "consent"
  | "video_offer"
  | "video_answer";

/** Carries out a command and answers the session as it is now. Throws `ApiError`. */
export function commandSession(
  id: string,
  command: CallCommand,
  body?: unknown,
): Promise<SessionView> {
  return change(`${SESSIONS}${id}/${command}/`, body);
}

/** The session as it is now. Throws `ApiError`. */
export function fetchSession(id: string): Promise<SessionView> {
  return ask(`${SESSIONS}${id}/`);
}

/** What this browser needs to enter the room. Throws `ApiError`. */
export function requestAccess(id: string): Promise<AccessView> {
  return change(`${SESSIONS}token/`, { session_id: id });
}

/**
 * Tells the server that this page is going away; unlike `commandSession` it
 * survives the page, and nobody learns how it went.
 */
export function leaveOnUnload(id: string): void {
  navigator.sendBeacon(
    `/api/v1/${SESSIONS}${id}/leave/`,
    new Blob([JSON.stringify({ closed: true })], { type: "application/json" }),
  );
}
