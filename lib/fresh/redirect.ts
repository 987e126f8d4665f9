/** An address that names its own scheme, such as `https://…`. */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;

/**
 * The address to put in a Location header.
 *
 * A local path stays local: browsers drop tabs and read `\` as `/`, and `//host` leaves the site, so these are folded
 * into single slashes. The query is left as it is, and absolute addresses pass unchanged.
 */
export function redirectLocation(to: string): string {
  // deno-lint-ignore no-control-regex -- exactly the characters browsers drop before they parse an address
  const clean = to.replace(/^[\x00-\x20]+|[\t\r\n]/g, "");
  if (ABSOLUTE.test(clean)) return clean;
  const end = clean.search(/[?#]/);
  const path = end === -1 ? clean : clean.slice(0, end);
  const rest = end === -1 ? "" : clean.slice(end);
  return path.replace(/[\\/]+/g, "/") + rest;
}
