/** Stands for our own origin while a path is read; nothing is ever sent there. */
const HERE = "http://here.invalid";

/**
 * A path on this site that came in from outside (`next`, `return_to`), or the
 * fallback if it leads anywhere else. Browsers read `\` as `/` and drop tabs
 * and line breaks, so the answer is the path as a browser would read it.
 */
export function localPath(value: unknown, fallback: string): string {
  if (typeof value !== "string" || !value.startsWith("/")) return fallback;
  const url = URL.parse(value, HERE);
  if (url === null || url.origin !== HERE) return fallback;
  const path = url.pathname + url.search + url.hash;
  return path.startsWith("//") ? fallback : path;
}

/** The path with a query parameter set. */
export function withParam(path: string, name: string, value: string): string {
  const url = new URL(path, HERE);
  url.searchParams.set(name, value);
  return url.pathname + url.search + url.hash;
}
