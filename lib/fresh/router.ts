/** The methods a route has something for, and what. */
interface Entry<Target> {
  readonly pattern: string;
  readonly methods: Map<string, Target>;
}

/** A pattern with parameters, and the text every path it matches starts with. */
interface DynamicEntry<Target> extends Entry<Target> {
  readonly matcher: URLPattern;
  readonly prefix: string;
}

/** What {@link Router.match} found. */
export interface Match<Target> {
  /** The pattern of the route, or null when no pattern matches the path. */
  readonly pattern: string | null;
  /** What is registered for the method; undefined when nothing is. */
  readonly target: Target | undefined;
  /** The methods the route does answer. */
  readonly allowed: string[];
  /** The values of the pattern's parameters. */
  readonly params: Record<string, string>;
}

/** The characters that make a path a pattern; `%` and letters are literal. */
const SPECIAL = /[:*{}()?+\\]/;

/**
 * Finds the target for a method and a path.
 *
 * Static paths are looked up in a Map and win over patterns whatever the order and the method; they answer with and
 * without a trailing slash. Patterns are URLPattern paths, tried in order of registration; the first that matches the
 * path decides, even if it has nothing for the method.
 */
export class Router<Target> {
  readonly #static = new Map<string, Entry<Target>>();
  readonly #dynamic: DynamicEntry<Target>[] = [];

  /** Registers a target for a method. The first registration of a method on a pattern wins. */
  add(method: string, pattern: string, target: Target): void {
    const { methods } = this.#entry(pattern);
    if (!methods.has(method)) methods.set(method, target);
  }

  /** Finds what is registered for a method and the path of a URL. HEAD falls back to GET. */
  match(method: string, pathname: string): Match<Target> {
    const path = pathname.includes("//")
      ? pathname.replace(/\/{2,}/g, "/")
      : pathname;
    const entry = this.#static.get(withoutTrailingSlash(path));
    if (entry !== undefined) return found(entry, method, {});
    for (const candidate of this.#dynamic) {
      if (!path.startsWith(candidate.prefix)) continue;
      const groups = candidate.matcher.exec({ pathname: path })?.pathname
        .groups;
      if (groups !== undefined) {
        return found(candidate, method, decodeParams(groups));
      }
    }
    return { pattern: null, target: undefined, allowed: [], params: {} };
  }

  #entry(pattern: string): Entry<Target> {
    if (!SPECIAL.test(pattern)) {
      const key = withoutTrailingSlash(pattern);
      let entry = this.#static.get(key);
      if (entry === undefined) {
        entry = { pattern, methods: new Map() };
        this.#static.set(key, entry);
      }
      return entry;
    }
    let entry = this.#dynamic.find((known) => known.pattern === pattern);
    if (entry === undefined) {
      const matcher = new URLPattern({ pathname: pattern });
      const prefix = literalPrefix(matcher.pathname);
      entry = { pattern, methods: new Map(), matcher, prefix };
      this.#dynamic.push(entry);
    }
    return entry;
  }
}

function found<Target>(
  { pattern, methods }: Entry<Target>,
  method: string,
  params: Record<string, string>,
): Match<Target> {
  const target = methods.get(method) ??
    (method === "HEAD" ? methods.get("GET") : undefined);
  return { pattern, target, allowed: [...methods.keys()], params };
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Trying a URLPattern costs microseconds, comparing a prefix does not. The last slash may be part of an optional group. */
function literalPrefix(pattern: string): string {
  const end = pattern.search(SPECIAL);
  const literal = end === -1 ? pattern : pattern.slice(0, end);
  return withoutTrailingSlash(literal) === "/"
    ? ""
    : withoutTrailingSlash(literal);
}

/** Decodes like `decodeURI`, so an encoded slash stays encoded; what cannot be decoded stays raw. */
function decodeParams(
  groups: Record<string, string | undefined>,
): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(groups)) {
    params[name] = value.includes("%") ? decode(value) : value;
  }
  return params;
}

/** `decodeURI` that returns malformed input as it is. */
export function decode(value: string): string {
  try {
    return decodeURI(value);
  } catch {
    return value;
  }
}
