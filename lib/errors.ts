/**
 * Every refusal of the product, in one place: its stable code, its HTTP status
 * and a title in plain words. Adding an error is adding a line here; the API,
 * the error page and `/problems/[code]` all read this table.
 */
export const ERRORS = {
  validation: {
    status: 400,
    title: "Some of the information is missing or not valid",
  },
  unauthenticated: { status: 401, title: "Please sign in" },
  invalid_credentials: {
    status: 401,
    title: "The email address or the password is not right",
  },
  role_forbidden: { status: 403, title: "Your role cannot do this" },
  identity_mismatch: {
    status: 403,
    title: "That is not who you are signed in as",
  },
  cross_site: { status: 403, title: "This request came from another site" },
  signature_invalid: {
    status: 403,
    title: "The request is not signed by the video service",
  },
  not_found: { status: 404, title: "There is nothing at this address" },
  visit_not_found: {
    status: 404,
    title: "We cannot find that visit for your account",
  },
  session_not_found: {
    status: 404,
    title: "We cannot find that session for your account",
  },
  recording_not_found: {
    status: 404,
    title: "There is no recording of that session",
  },
  call_not_found: {
    status: 404,
    title: "We cannot find that call request for your account",
  },
  method_not_allowed: {
    status: 405,
    title: "This address does not take that method",
  },
  invalid_transition: { status: 409, title: "The session cannot do this now" },
  not_started: { status: 409, title: "The session has not started yet" },
  session_over: { status: 409, title: "The session is over" },
  session_running: { status: 409, title: "A session of this visit is running" },
  visit_closed: { status: 409, title: "The visit is closed" },
  call_taken: { status: 409, title: "Another doctor was faster" },
  call_over: { status: 409, title: "The call request does not wait any more" },
  doctor_busy: { status: 409, title: "You are in a call already" },
  conflict: { status: 409, title: "Somebody else has just changed this" },
  request_in_progress: {
    status: 409,
    title: "This is being done already. Please wait a moment",
  },
  payload_too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: {
    status: 415,
    title: "The request is in a format that is not accepted",
  },
  misdirected: {
    status: 421,
    title: "This server does not answer for that address",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key has been used for another request",
  },
  rate_limited: {
    status: 429,
    title: "Too many attempts. Please wait a moment",
  },
  unexpected: { status: 500, title: "Something went wrong on our side" },
  video_rejected: {
    status: 502,
    title: "The video service refused the request",
  },
  video_not_configured: { status: 503, title: "Video is not set up yet" },
  video_unavailable: {
    status: 503,
    title: "The video service does not answer",
  },
  storage_busy: {
    status: 503,
    title: "The records are busy. Please try again",
  },
  storage_unavailable: {
    status: 503,
    title: "The records cannot be reached right now",
  },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable name of a refusal, the `code` of a problem document. */
export type ErrorCode = keyof typeof ERRORS;

/** One thing wrong with the input: where (a dotted path) and what, in words. */
export interface FieldError {
  field: string;
  message: string;
}

/** What may come with an error besides its code and detail. */
export interface AppErrorOptions {
  /** What is wrong with which field; for `validation`. */
  fields?: FieldError[];
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** The underlying error, for the log only. */
  cause?: unknown;
  /** What the address has promised to answer, instead of a problem document. */
  promised?: PromisedAnswer;
}

/** An answer that is given word for word, because programs rely on it. */
export interface PromisedAnswer {
  status: number;
  body: { error: string };
}

/**
 * A refusal that callers are expected to see. The message is the problem's
 * `detail`: it names ids and statuses, never a person, a note or a token.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly promised: PromisedAnswer | undefined;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.promised = options.promised;
  }

  /** The HTTP status of this refusal. */
  get status(): number {
    return this.promised?.status ?? ERRORS[this.code].status;
  }

  /** The title of this refusal, for people. */
  get title(): string {
    return ERRORS[this.code].title;
  }
}
