/**
 * Filters that several lists have.
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";

/**
 * `DateCreatedAfter` (on or after) and `DateCreatedBefore` (strictly before)
 * of a query, each a date or a date with time, as a predicate.
 *
 * @throws {TwilioFault} 20001 for something else.
 */
export function createdBetween(
  query: URLSearchParams,
): (date: Date) => boolean {
  const after = instant(query, "DateCreatedAfter") ?? -Infinity;
  const before = instant(query, "DateCreatedBefore") ?? Infinity;
  return (date) => {
    // Twilio keeps whole seconds, and clients send what they were shown.
    const time = Math.floor(date.getTime() / 1000) * 1000;
    return time >= after && time < before;
  };
}

/**
 * The `Status` of a query.
 *
 * @throws {TwilioFault} 20001 when it is none of `known`.
 */
export function statusFilter<T extends string>(
  query: URLSearchParams,
  known: readonly T[],
): T | null {
  const text = query.get("Status");
  if (!text) return null;
  const status = known.find((status) => status === text);
  if (!status) throw new TwilioFault(20001, "Invalid Status");
  return status;
}

function instant(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (!text) return null;
  const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new TwilioFault(20001, `Invalid ${name}`);
  return time;
}
