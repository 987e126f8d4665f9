import type { Twilio } from "twilio";
import { AppError } from "@/lib/errors.ts";

/** Where the REST API is, and with which key. */
export interface RestAccess {
  accountSid: string;
  apiKeySid: string;
  apiKeySecret: string;
  /** Where the REST API is, if not at Twilio. */
  restBaseUrl: string | null;
}

/** Gives Twilio's REST client. */
export type Rest = () => Promise<Twilio>;

/** How long an answer may take. */
export const TIMEOUT_MS = 5_000;

const RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** Twilio's codes, from its error dictionary. */
export const CODES = {
  NOT_FOUND: 20404,
  NOT_COMPLETE: 20009,
  STATUS_INVALID: 53112,
  ROOM_EXISTS: 53113,
  ROOM_OVER: 53118,
  AUDIO_ONLY_UNSUPPORTED: 53127,
  AUDIO_ONLY_NOT_GROUP: 53124,
  PARTICIPANT_STATUS_INVALID: 53209,
} as const;

/** A refusal as it came, with what the client library leaves out: when to try again. */
class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** Twilio's error code, or -1 if it is none of Twilio's errors. */
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: unknown, retryAfter: unknown) {
    const { code, message } = Object(body) as Record<string, unknown>;
    super(typeof message === "string" ? message : `HTTP ${status}`);
    this.status = status;
    this.code = typeof code === "number" ? code : -1;
    this.retryAfterSeconds = typeof retryAfter === "string" &&
        /^\d{1,9}$/.test(retryAfter)
      ? Math.min(Math.max(1, Number(retryAfter)), MAX_RETRY_AFTER_SECONDS)
      : undefined;
  }
}

/**
 * Twilio's REST client, loaded when it is first needed, since it costs as much
 * as the rest of the start.
 */
export function restOf(access: RestAccess): Rest {
  let loading: Promise<Twilio> | undefined;
  return () => loading ??= load(access);
}

async function load(access: RestAccess): Promise<Twilio> {
  const { default: twilio } = await import("twilio");
  const client = twilio(access.apiKeySid, access.apiKeySecret, {
    accountSid: access.accountSid,
    timeout: TIMEOUT_MS,
  });
  if (access.restBaseUrl !== null) client.video.baseUrl = access.restBaseUrl;
  const { httpClient } = client;
  const send = httpClient.request.bind(httpClient);
  // The library's own errors know nothing of the answer's headers.
  httpClient.request = async (request) => {
    const response = await send(request);
    const { statusCode, body, headers } = response;
    if (statusCode < 400) return response;
    throw new Refusal(statusCode, body, Object(headers)["retry-after"]);
  };
  return client;
}

/** Whether the call failed with one of these codes. */
export function isCode(error: unknown, ...codes: number[]): boolean {
  return error instanceof Refusal && codes.includes(error.code);
}

/** For `catch`: some refusals mean that there is nothing left to do. */
export function unless(...codes: number[]): (error: unknown) => void {
  return (error) => isCode(error, ...codes) ? undefined : refuse(error);
}

/** Throws what the product calls this failure: it will not help to try again, or it may. */
export function refuse(error: unknown): never {
  const { status, code, retryAfterSeconds } = error instanceof Refusal
    ? error
    : { status: 0, code: -1, retryAfterSeconds: undefined };
  const permanent = status >= 400 && status < 500 && status !== 408 &&
    status !== 429 && code !== CODES.NOT_COMPLETE;
  const said = code !== -1
    ? `error ${code}`
    : status !== 0
    ? `status ${status}`
    : "no answer";
  throw permanent
    ? new AppError("video_rejected", `The video service refused: ${said}`, {
      cause: error,
    })
    : new AppError("video_unavailable", `The video service failed: ${said}`, {
      cause: error,
      retryAfterSeconds: retryAfterSeconds ?? RETRY_AFTER_SECONDS,
    });
}
