import { get, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

/** One script as the browser gets it. */
export interface Script {
  path: string;
  /** Its size on the way, compressed. */
  bytes: number;
  /** What it imports at once. */
  imports: string[];
  /** What it can import later. */
  later: string[];
}

/** Reads pages and scripts of a running app. Every script is fetched once. */
export class PageScripts {
  readonly #origin: string;
  readonly #known = new Map<string, Promise<Script>>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /**
   * Everything a page loads by itself: the scripts it names, be it in its
   * markup, in its `modulepreload` header or in the data of its islands, and
   * what these import.
   */
  async atOnce(path: string, cookie: string): Promise<Script[]> {
    const { status, headers, text } = await this.#fetch(path, "identity", {
      cookie,
    });
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    const named = `${text} ${headers.link ?? ""}`.matchAll(
      /["<](\/[^"<>?\s]+\.js)(?:\?[^"<>\s]*)?[">]/g,
    );
    return await this.#follow(
      [...named].map(([, script]) => script!),
      ({ imports }) => imports,
    );
  }

  /** Those scripts, and everything they could ever import. */
  reachable(scripts: readonly Script[]): Promise<Script[]> {
    return this.#follow(
      scripts.map(({ path }) => path),
      ({ imports, later }) => [...imports, ...later],
    );
  }

  async #follow(
    paths: readonly string[],
    next: (script: Script) => string[],
  ): Promise<Script[]> {
    const found = new Map<string, Script>();
    let ahead = [...paths];
    while (ahead.length > 0) {
      const scripts = await Promise.all(
        [...new Set(ahead)].filter((path) => !found.has(path))
          .map((path) => this.#script(path)),
      );
      for (const script of scripts) found.set(script.path, script);
      ahead = scripts.flatMap(next);
    }
    return [...found.values()];
  }

  #script(path: string): Promise<Script> {
    const known = this.#known.get(path) ?? this.#read(path);
    this.#known.set(path, known);
    return known;
  }

  async #read(path: string): Promise<Script> {
    const { bytes, status } = await this.#fetch(path, "br");
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    const { text } = await this.#fetch(path, "identity");
    const resolve = (pattern: RegExp) =>
      [...text.matchAll(pattern)].map(([, specifier]) =>
        new URL(specifier!, this.#origin + path).pathname
      );
    return {
      path,
      bytes,
      imports: resolve(/(?:\bfrom|\bimport)\s*"(\.[^"]+\.js)"/g),
      // By its name, or by a static file's: import(asset("/file.js")).
      later: resolve(/\bimport\(\s*(?:[\w$]+\(\s*)?"(\.{0,2}\/[^"]+\.js)"/g),
    };
  }

  /** By node:http, because `fetch` decompresses and hides how much came. */
  async #fetch(
    path: string,
    encoding: "br" | "identity",
    headers: Record<string, string> = {},
  ) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(
        this.#origin + path,
        {
          agent: false,
          headers: { ...headers, "accept-encoding": encoding },
        },
        resolve,
      ).on("error", reject);
    });
    const body = await buffer(answer);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      bytes: body.byteLength,
      text: encoding === "identity" ? body.toString() : "",
    };
  }
}

/** The size of scripts together. */
export function bytesOf(scripts: readonly Script[]): number {
  return scripts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The largest of scripts or pages. */
export function largestOf<T extends { bytes: number }>(sized: readonly T[]): T {
  return sized.reduce((most, each) => each.bytes > most.bytes ? each : most);
}
