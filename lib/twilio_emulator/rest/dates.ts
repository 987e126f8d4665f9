/**
 * Dates of the REST API.
 *
 * @module
 */

/** `YYYY-MM-DDTHH:mm:ssZ`, without a fraction, as in every Video resource. */
export function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** As {@link isoSeconds}; `null` stays `null`: the Node client reads an absent date as "now". */
export function isoSecondsOrNull(date: Date | null): string | null {
  return date && isoSeconds(date);
}
