/**
 * Temporary links to media files: whoever has one can fetch the file without
 * other credentials, until it expires
 * (https://www.twilio.com/docs/video/api/recordings-resource#get-media-subresource).
 *
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { TwilioFault } from "../errors.ts";
import { json } from "../rest/responses.ts";
import { serveFile } from "./serve_file.ts";

/** Path of the files, below the emulator's mount. */
const PATH = "/media/";

const DEFAULT_TTL = 600;
const MAX_TTL = 3600;

/** Content types by ending. */
const TYPES: Readonly<Record<string, string>> = {
  mka: "audio/x-matroska",
  mkv: "video/x-matroska",
  webm: "video/webm",
};

/** Makes links, and answers them. */
export class MediaLinks {
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #key = crypto.getRandomValues(new Uint8Array(32));

  /** @param folder Where all files are. */
  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  /**
   * The answer of a `/Media` resource: a redirect, also in words.
   *
   * @param name Of a file in the folder; of our own making.
   * @param url Of the request, whose `Ttl` and `ContentDisposition` count.
   * @param base URL of `/v1`.
   * @throws {TwilioFault} 20001 for a bad `Ttl` or `ContentDisposition`.
   */
  redirect(name: string, url: URL, base: string): Response {
    const ttl = parseTtl(url.searchParams.get("Ttl"));
    const disposition = parseDisposition(
      url.searchParams.get("ContentDisposition"),
      name,
    );
    const target = base.replace(/\/v1$/, "") +
      this.path(name, ttl, disposition);
    const response = json({ redirect_to: target }, 302);
    response.headers.set("location", target);
    return response;
  }

  /**
   * A signed path of a file, below the emulator's mount.
   *
   * @param ttl Seconds it is good for.
   */
  path(name: string, ttl: number, disposition: string): string {
    const expires = String(Math.floor(this.#now().getTime() / 1000) + ttl);
    const signature = this.#sign(name, expires, disposition);
    const query = new URLSearchParams({ expires, disposition, signature });
    return `${PATH}${name}?${query}`;
  }

  /**
   * Answers a request for a file; `null` when the path is another one.
   *
   * @param path Below the emulator's mount.
   */
  answer(request: Request, path: string): Promise<Response> | null {
    return path.startsWith(PATH) ? this.#serve(request, path) : null;
  }

  async #serve(request: Request, path: string): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const name = path.slice(PATH.length);
    const expires = searchParams.get("expires") ?? "";
    const disposition = searchParams.get("disposition") ?? "";
    const given = searchParams.get("signature") ?? "";
    // Only names that were signed here ever reach the file system.
    const isOurs = isSame(given, this.#sign(name, expires, disposition));
    if (!isOurs || Number(expires) * 1000 < this.#now().getTime()) {
      return new Response("This link has expired\n", { status: 403 });
    }
    return await serveFile(request, `${this.#folder}/${name}`, {
      "content-type": TYPES[name.split(".").at(-1)!] ??
        "application/octet-stream",
      "content-disposition": disposition,
      "access-control-allow-origin": "*",
    });
  }

  #sign(name: string, expires: string, disposition: string): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([name, expires, disposition])).digest("hex");
  }
}

function parseTtl(text: string | null): number {
  if (!text) return DEFAULT_TTL;
  const ttl = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (ttl >= 1 && ttl <= MAX_TTL) return ttl;
  throw new TwilioFault(20001, "Invalid Ttl");
}

function parseDisposition(text: string | null, name: string): string {
  if (!text) return `attachment; filename="${name}"`;
  // It becomes a header.
  if (/^(attachment|inline)(;[\x20-\x7e]*)?$/.test(text)) return text;
  throw new TwilioFault(20001, "Invalid ContentDisposition");
}

/** Whether a signature is right, without a word on how far it is. */
export function isSame(given: string, wanted: string): boolean {
  return given.length === wanted.length &&
    timingSafeEqual(
      new TextEncoder().encode(given),
      new TextEncoder().encode(wanted),
    );
}
