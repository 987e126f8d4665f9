/**
 * Values of form parameters that several resources have
 * (https://www.twilio.com/docs/video/api/rooms-resource#create-a-room). An
 * empty value counts as not given.
 *
 * @module
 */
import { type ErrorCode, TwilioFault } from "./errors.ts";

/** `StatusCallback` must be shorter than this. */
const STATUS_CALLBACK_LIMIT = 1024;

/**
 * An absolute http(s) URL, or `null`.
 *
 * @throws {TwilioFault} 53111.
 */
export function statusCallback(text: string | null): string | null {
  if (!text) return null;
  const isHttp = /^https?:\/\//i.test(text) && URL.canParse(text);
  if (!isHttp || text.length >= STATUS_CALLBACK_LIMIT) {
    throw new TwilioFault(53111);
  }
  return text;
}

/**
 * GET or POST, which is the default.
 *
 * @throws {TwilioFault} 53110.
 */
export function callbackMethod(text: string | null): "GET" | "POST" {
  if (!text) return "POST";
  const method = text.toUpperCase();
  if (method === "GET" || method === "POST") return method;
  throw new TwilioFault(53110);
}

/**
 * The word `true` or `false`, in any case.
 *
 * @throws {TwilioFault} 20001 for anything else.
 */
export function flag(
  form: URLSearchParams,
  key: string,
  fallback = false,
): boolean {
  const text = form.get(key)?.toLowerCase();
  if (!text) return fallback;
  if (text === "true" || text === "false") return text === "true";
  throw new TwilioFault(20001, `Invalid ${key}`);
}

/**
 * A whole number in a range.
 *
 * @throws {TwilioFault} `code` when it is none, or out of range.
 */
export function integer(
  form: URLSearchParams,
  key: string,
  min: number,
  max: number,
  fallback: number,
  code: ErrorCode,
): number {
  const text = form.get(key);
  if (!text) return fallback;
  const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw new TwilioFault(code);
  return value;
}

/**
 * A parameter that must be there.
 *
 * @throws {TwilioFault} 20001 when it is not.
 */
export function required(form: URLSearchParams, key: string): string {
  const text = form.get(key);
  if (text) return text;
  throw new TwilioFault(
    20001,
    `Missing required parameter ${key} in the post body`,
  );
}
