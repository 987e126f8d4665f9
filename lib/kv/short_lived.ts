/** Rows that are of use for a while only. Whether one still counts is decided on read; until then it is collected garbage or not. */
const SHORT_LIVED: readonly (readonly string[])[] = [
  ["audit", "denials"],
  ["call_seen"],
  ["doctor_seen"],
  ["hook"],
  ["idem"],
  ["rate_limit"],
  ["session_waiting_seen"],
  ["setup", "probe"],
  ["sign_in"],
  ["sign_in_failures"],
  ["sign_in_failures_of"],
];

/**
 * Whether rows with this key are written with an expiry. A storage does not
 * tell when a row expires, so whoever copies one has to know.
 */
export function isShortLived(key: readonly unknown[]): boolean {
  return SHORT_LIVED.some((prefix) =>
    prefix.every((part, index) => key[index] === part)
  );
}
